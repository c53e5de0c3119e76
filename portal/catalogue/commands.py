"""Keeping items and prices."""

from typing import Any
from uuid import UUID

from portal.catalogue.events import ItemAdded, PriceSet
from portal.catalogue.tables import Item, SupplierPrice
from portal.platform.actor import Actor
from portal.platform.ids import new_id
from portal.platform.work import changing


async def add_item(actor: Actor, *, number: str, name: str, unit: str, **columns: Any) -> Item:
    """A new item in the organisation's own numbering."""
    async with changing(actor) as change:
        change.require("items:edit")
        item = change.add(
            Item(
                id=new_id(),
                organisation_id=actor.organisation_id,
                number=number,
                name=name,
                unit=unit,
                search=f"{number} {name}".lower(),
                tolerances={},
                created_at=change.now,
                **columns,
            )
        )
        change.record(ItemAdded(item.id), item)
    return item


async def set_price(actor: Actor, *, item: Item, supplier_id: UUID, **columns: Any) -> SupplierPrice:
    """What a supplier asks for an item; only that supplier and the buyer ever see it."""
    async with changing(actor) as change:
        change.require("items:edit")
        price = change.add(
            SupplierPrice(
                id=new_id(),
                buyer_id=actor.organisation_id,
                supplier_id=supplier_id,
                shown_to=supplier_id,
                item_id=item.id,
                unit=item.unit,
                created_at=change.now,
                **columns,
            )
        )
        change.record(PriceSet(item.id, supplier_id), price)
    return price
