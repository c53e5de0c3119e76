"""Lines as somebody entered them: the rows to write, and everything that is wrong with them, at once."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.orders.commands.prices import NO_PRICE, Items, items_of, price_of
from portal.orders.forms import OrderLineForm
from portal.orders.rules import SERVICES, net_of
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine
from portal.platform.decimals import HUNDRED, ONE, ZERO
from portal.platform.i18n import Message, _
from portal.platform.ids import new_id
from portal.platform.money import AmountTooLarge
from portal.platform.refusals import FieldError
from portal.platform.totals import rate_problem
from portal.platform.units import Incompatible, convert, short
from portal.platform.work import Change


class Place(NamedTuple):
    """Which number a line gets, and where it stands in what was sent, for its errors."""

    number: int
    at: str
    form: OrderLineForm


async def rows_entered(
    change: Change, order: PurchaseOrder, forms: Sequence[OrderLineForm], errors: list[FieldError]
) -> list[dict[str, Any]]:
    """The lines to write, less those whose problems were added to `errors`; the order notes their categories."""
    order.categories = []
    places = [Place(number, f"lines.{number - 1}", form) for number, form in enumerate(forms, start=1)]
    return await rows_added(change, order, places, errors)


async def rows_added(
    change: Change, order: PurchaseOrder, places: Sequence[Place], errors: list[FieldError]
) -> list[dict[str, Any]]:
    """The same of lines that come to those that an order has."""
    items = await items_of(change, order, [place.form for place in places])
    order.categories = sorted(items.categories | set(order.categories))
    lines = [_line(order, place, items, errors) for place in places]
    return [line for line in lines if line is not None]


async def item_tolerances(change: Change, items: Sequence[UUID | None]) -> dict[UUID | None, dict[str, Any]]:
    """What items say themselves of how far their lines may deviate."""
    wanted = [item for item in items if item is not None]
    found = await change.fetch("select id, tolerances from item where id = any($1)", wanted) if wanted else []
    return {item["id"]: item["tolerances"] for item in found}


def _line(order: PurchaseOrder, place: Place, items: Items, errors: list[FieldError]) -> dict[str, Any] | None:
    """The row of one line, or None after its problems were added to `errors`."""
    before, (number, at, form) = len(errors), place
    if form.item_id is not None and form.item_id not in items.numbers:
        errors.append(FieldError(f"{at}.item_id", _("This is not one of your items.")))
    if wrong := rate_problem(form.tax_category, form.tax_rate):
        errors.append(FieldError(f"{at}.tax_rate", wrong))
    errors += [FieldError(f"{at}.{name}", message) for name, message in _of_service(form)]
    row = _row(order, number, form, items)
    try:
        priced = price_of(order, form, items)
        if priced is None:
            errors += [FieldError(f"{at}.unit_price", NO_PRICE)] if len(errors) == before else []
            return None
        row |= priced._asdict()
        row["price_factor"] = convert(ONE, form.unit, row["price_unit"])
        row["net"] = net_of(PurchaseOrderLine.of(row), order.currency)
        if (row["net"] == ZERO) != form.free_of_charge:
            wrong = (f"{at}.free_of_charge", _NOT_FREE) if form.free_of_charge else (f"{at}.{_made_free(form)}", _FREE)
            errors.append(FieldError(*wrong))
    except Incompatible:
        errors.append(
            FieldError(
                f"{at}.price_unit",
                _(
                    "A quantity in {unit} has no price per {other}.",
                    unit=short(form.unit),
                    other=short(row["price_unit"]),
                ),
            )
        )
    except AmountTooLarge as error:
        errors.append(FieldError(f"{at}.unit_price", error.message))
    return row if len(errors) == before else None


def _of_service(form: OrderLineForm) -> Iterator[tuple[str, Message]]:
    """Period and contact are of what is performed, and a period ends after it begins."""
    if form.kind not in SERVICES:
        for name in ("performed_from", "performed_until", "contact"):
            if getattr(form, name) is not None:
                yield name, _("Only services have a period and a contact.")
    elif form.performed_from and form.performed_until and form.performed_until < form.performed_from:
        yield "performed_until", _("A period ends on the day it begins or later.")


_NOT_FREE = _("This line costs something: take the mark “free of charge” away, or set its price to 0.")
_FREE = _("This line comes to 0: that needs the mark “free of charge”.")


def _made_free(form: OrderLineForm) -> str:
    """The field by which a line comes to nothing."""
    if form.discount == HUNDRED:
        return "discount"
    return "base_quantity" if form.unit_price and form.base_quantity is not None else "unit_price"


def _row(order: PurchaseOrder, number: int, form: OrderLineForm, items: Items) -> dict[str, Any]:
    """The row without its price."""
    place = msgspec.to_builtins(form.ship_to) if form.ship_to else None
    return {
        "id": new_id(),
        "order_id": order.id,
        "buyer_id": order.buyer_id,
        "supplier_id": order.supplier_id,
        "line": number,
        "kind": form.kind,
        "item_id": form.item_id,
        "item_number": items.numbers.get(form.item_id, "") if form.item_id else "",
        "description": form.description,
        "quantity": form.quantity,
        "unit": form.unit,
        "price_unit": form.price_unit or form.unit,
        "price_factor": ONE,
        "discount": form.discount or ZERO,
        "net": ZERO,
        "tax_category": form.tax_category,
        "tax_rate": form.tax_rate,
        "requested_date": form.requested_date,
        "ship_to": place,
        "free_of_charge": form.free_of_charge,
        "match_basis": form.match_basis,
        "performed_from": form.performed_from,
        "performed_until": form.performed_until,
        "contact": form.contact or "",
    }


def schedule_row(line: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": new_id(),
        "line_id": line["id"],
        "sequence": 1,
        **{name: line[name] for name in ("order_id", "buyer_id", "supplier_id", "quantity", "requested_date")},
    }
