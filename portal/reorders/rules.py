"""What an order is to be when it is ordered again: today's prices and days for the same goods, and what differs."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from portal.platform.decimals import ONE, ZERO, plain
from portal.platform.totals import rate_problem
from portal.platform.units import Incompatible, convert

# Why something differs. What has no price of today keeps the one it had.
CHANGED, NO_PRICE, NOT_OFFERED = "changed", "no_price", "not_offered"
USUAL_LEAD = 14


class RecipeLine(msgspec.Struct):
    """A line to order again; it is wanted `lead_days` after the day on which it is ordered."""

    kind: str
    item_id: UUID | None
    item_number: str
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    base_quantity: Decimal
    price_unit: str
    discount: Decimal
    tax_category: str
    tax_rate: Decimal
    lead_days: int
    ship_to: dict[str, str] | None
    free_of_charge: bool
    match_basis: str | None
    contact: str = ""


class Recipe(msgspec.Struct):
    """All that an order says, but who ordered it when."""

    supplier_id: UUID
    currency: str
    kind: str
    note: str
    internal_note: str
    site_id: UUID | None
    ship_to: dict[str, str]
    cost_centre: str
    purchasing_group: str
    incoterm: str
    lines: list[RecipeLine]
    payment_terms: str = ""
    tolerances: dict[str, Any] = {}


class Difference(msgspec.Struct):
    """What is not as it was then, in a line or (0) in the order's head. `why`: changed, no_price (the former one
    stands) or not_offered (the item is ordered no more). `before` and `now` are null for who may not see prices."""

    line: int
    field: str
    why: str
    before: str | None = None
    now: str | None = None


Line = tuple[UUID | None, Decimal, str, int]
"""What a line's price of today goes by: so much of an item, wanted after so many days."""


def line_of(line: RecipeLine) -> Line:
    return (line.item_id, line.quantity, line.unit, line.lead_days)


def again(recipe: Recipe, offers: Mapping[Line, Any], today: date) -> tuple[dict[str, Any], list[Difference]]:
    """The body of a new order, and what differs in it from the recipe; `offers` are today's of its lines."""
    lines, told = [], []
    for number, line in enumerate(recipe.lines, start=1):
        offer = offers.get(line_of(line)) if line.item_id else None
        now, differs = _line(line, offer, recipe.currency)
        lines.append({**now, "requested_date": (today + timedelta(days=line.lead_days)).isoformat()})
        told += [Difference(number, field, why, before, value) for field, why, before, value in differs]
    header = ("currency", "kind", "note", "internal_note", "cost_centre", "purchasing_group", "incoterm", "tolerances")
    body = {name: value for name in header if (value := getattr(recipe, name))}
    place: dict[str, Any] = {"site_id": str(recipe.site_id)} if recipe.site_id else {}
    if recipe.ship_to:
        place["ship_to"] = recipe.ship_to
    return body | place | {"supplier_id": str(recipe.supplier_id), "lines": lines}, told


def _line(line: RecipeLine, offer: Any, currency: str) -> tuple[dict[str, Any], list[tuple[str, str, str, str]]]:
    then = {
        "unit_price": plain(line.unit_price),
        "base_quantity": plain(line.base_quantity),
        "price_unit": line.price_unit,
        "tax_category": line.tax_category,
        "tax_rate": plain(line.tax_rate),
    }
    now, differs = dict(then), []
    if line.item_id is not None and offer is None:
        differs.append(("item", NOT_OFFERED, line.item_number, ""))
    if offer is not None:
        now |= _taxed(offer)
        priced = _priced(line, offer, currency)
        if priced is None:
            differs.append(("unit_price", NO_PRICE, then["unit_price"], then["unit_price"]))
        now |= priced or {}
    differs += [(name, CHANGED, then[name], now[name]) for name in then if _differ(then[name], now[name])]
    return {**dict(_same(line)), **now}, differs


def _taxed(offer: Any) -> dict[str, str]:
    if rate_problem(offer.tax_category, offer.tax_rate) is not None:
        return {}
    return {"tax_category": offer.tax_category, "tax_rate": plain(offer.tax_rate)}


def _priced(line: RecipeLine, offer: Any, currency: str) -> dict[str, str] | None:
    """Today's price with its basis; None if there is none in this currency and for this unit. Free stays free."""
    if line.free_of_charge:
        return {}
    if offer.unit_price is None or not offer.unit_price > ZERO or offer.currency != currency:
        return None
    try:
        convert(ONE, line.unit, offer.price_unit)
    except Incompatible:
        return None
    basis = {"base_quantity": plain(offer.base_quantity), "price_unit": offer.price_unit}
    return {"unit_price": plain(offer.unit_price), **basis}


def _differ(then: str, now: str) -> bool:
    try:
        return Decimal(then) != Decimal(now)
    except ArithmeticError:
        return then != now


def _same(line: RecipeLine) -> Iterator[tuple[str, Any]]:
    """What stays as it was."""
    yield from (("kind", line.kind), ("description", line.description), ("unit", line.unit))
    yield from (("quantity", plain(line.quantity)), ("free_of_charge", line.free_of_charge))
    if line.item_id is not None:
        yield "item_id", str(line.item_id)
    if line.discount > ZERO:
        yield "discount", plain(line.discount)
    if line.ship_to:
        yield "ship_to", line.ship_to
    if line.match_basis:
        yield "match_basis", line.match_basis
    if line.contact:
        yield "contact", line.contact
