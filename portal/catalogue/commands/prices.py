"""Keeping what suppliers ask. No price ever disappears: one that ends is given its last day."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from portal.catalogue.events import PriceEdited, PriceSet
from portal.catalogue.forms import Asked, PriceForm, PriceListForm
from portal.catalogue.tables import Item, SupplierPrice
from portal.organisations.queries import terms
from portal.platform.actor import Actor
from portal.platform.decimals import ONE
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, FieldError, Invalid, NotFound
from portal.platform.work import Change, changing

TAKEN = _("There is a price from this day and quantity on already. Mend that one, or let it end before.")


async def set_prices(actor: Actor, item_id: UUID, form: PriceListForm) -> list[SupplierPrice]:
    """What a supplier asks for an item, break by break; only that supplier and the buyer ever see it."""
    async with changing(actor) as change:
        change.require("items:edit")
        item = await change.row(Item, item_id)
        agreed = await terms(change, actor.organisation_id, form.supplier_id)
        if agreed is None:
            raise Invalid.field("supplier_id", _("This is not one of your suppliers. Choose one from your list."))
        shared: dict[str, Any] = _shared(form, item) | {"supplier_id": form.supplier_id, "shown_to": form.supplier_id}
        prices = [
            SupplierPrice(
                id=new_id(),
                buyer_id=actor.organisation_id,
                item_id=item.id,
                unit_price=each.unit_price,
                minimum_quantity=each.minimum_quantity,
                maximum_quantity=each.maximum_quantity,
                created_at=change.now,
                **shared,
            )
            for each in form.breaks
        ]
        await _require_free(change, prices, [f"breaks.{place}.minimum_quantity" for place in range(len(prices))])
        for price in prices:
            change.record(PriceSet(item.id, form.supplier_id), change.add(price))
    return prices


async def edit_price(actor: Actor, item_id: UUID, price_id: UUID, form: PriceForm) -> SupplierPrice:
    """Mend a price, or let it end. Orders that took it over keep what they say."""
    async with changing(actor, SupplierPrice, price_id) as (change, price):
        change.require("items:edit", price)
        if price.item_id != item_id or price.buyer_id != actor.organisation_id:
            raise NotFound()
        mended = _shared(form, await change.row(Item, item_id)) | {
            "unit_price": form.unit_price,
            "minimum_quantity": form.minimum_quantity,
            "maximum_quantity": form.maximum_quantity,
        }
        for name, value in mended.items():
            setattr(price, name, value)
        await _require_free(change, [price], ["minimum_quantity"])
        change.write(price)
        change.record(PriceEdited(item_id, price.supplier_id), price)
    return price


def _shared(form: Asked, item: Item) -> dict[str, Any]:
    """The columns that all breaks of a list have in common; a price without a unit counts in its item's."""
    return {
        "currency": form.currency,
        "base_quantity": form.base_quantity or ONE,
        "unit": form.unit or item.unit,
        "supplier_item_number": form.supplier_item_number or "",
        "lead_time_days": form.lead_time_days,
        "valid_from": form.valid_from,
        "valid_to": form.valid_to,
    }


async def _require_free(change: Change, prices: Sequence[SupplierPrice], fields: Sequence[str]) -> None:
    """Of a supplier's prices of an item and currency one begins on a day and at a quantity: it is clear which holds."""
    first = prices[0]
    rows = await change.fetch(
        _BEGINNING, first.buyer_id, first.supplier_id, first.item_id, first.valid_from, first.currency
    )
    taken = {row["least"] for row in rows if row["id"] not in {price.id for price in prices}}
    errors = [
        FieldError(field, TAKEN)
        for price, field in zip(prices, fields, strict=True)
        if (price.minimum_quantity or 0) in taken
    ]
    if errors:
        raise Conflict(TAKEN, errors=errors)


_BEGINNING = """
select id, coalesce(minimum_quantity, 0) as least from supplier_price
where buyer_id = $1 and supplier_id = $2 and item_id = $3 and valid_from is not distinct from $4::date
  and currency = $5
"""
