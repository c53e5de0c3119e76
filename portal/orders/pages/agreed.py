"""Prices of contracts in the entry form: the break follows the quantity, and any other price that was typed stays."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from portal.contracts.queries import Asked, InForce, Offer, in_force, winner
from portal.platform.decimals import ONE, plain
from portal.platform.work import View

_PRICE = ("unit_price", "base_quantity", "price_unit")


async def agreed_prices(
    view: View, numbers: Mapping[Any, str], supplier_id: UUID | None, contract_id: UUID | None = None
) -> InForce | None:
    """What contracts in force, or the one that the order names, ask for the items of a form's lines."""
    wanted = sorted({number for number in numbers.values() if number})
    return await in_force(view, wanted, supplier_id, contract_id) if wanted and supplier_id else None


def price_fields(
    agreed: InForce | None, number: str, currency: str, unit: str, quantity: str = "", wanted: str = ""
) -> dict[str, str]:
    """The price that a line takes over from a contract, by field; the first break's until a quantity is known, and
    today's until it is known when it is `wanted`."""
    offers = agreed.offers.get(number, []) if agreed else []
    if not offers:
        return {}
    much = _figure(quantity) or min(offer.minimum_quantity for offer in offers)
    won = _won(agreed, offers, Asked(much, unit, currency or offers[0].currency, date.max, _day(wanted)))
    return _fields(won, unit) if won else {}


def follow_quantities(
    values: dict[str, str], numbers: Mapping[int, str], agreed: InForce | None, currency: str
) -> dict[str, str]:
    """The lines at the break that their quantity falls into, where they have another price of the contract."""
    for row, number in numbers.items() if agreed else ():
        at, offers = f"lines.{row}.", agreed.offers.get(number, []) if agreed else []
        unit, quantity = values.get(f"{at}unit", ""), _figure(values.get(f"{at}quantity", ""))
        wanted = _day(values.get(f"{at}requested_date", ""))
        won = _won(agreed, offers, Asked(quantity, unit, currency, date.max, wanted)) if quantity else None
        typed = {name: values.get(at + name, "").strip() for name in _PRICE}
        if won is not None and any(_same(typed, _fields(offer, unit)) for offer in offers):
            values |= {at + name: value for name, value in _fields(won, unit).items()}
    return values


def _won(agreed: InForce | None, offers: list[Offer], asked: Asked) -> Offer | None:
    """By the day that it is where the goods are bought."""
    return winner(offers, asked._replace(day=agreed.day)) if agreed and offers else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _fields(offer: Offer, unit: str) -> dict[str, str]:
    return {
        "unit_price": plain(offer.unit_price),
        "base_quantity": "" if offer.base_quantity == ONE else plain(offer.base_quantity),
        "price_unit": "" if offer.unit == unit else offer.unit,
    }


def _same(typed: Mapping[str, str], fields: Mapping[str, str]) -> bool:
    figures = _figure(typed["unit_price"]), _figure(typed["base_quantity"]) or ONE
    asked = _figure(fields["unit_price"]), _figure(fields["base_quantity"]) or ONE
    return figures == asked and typed["price_unit"] == fields["price_unit"]


def _figure(text: str) -> Decimal | None:
    try:
        figure = Decimal(text.strip())
    except InvalidOperation:
        return None
    return figure if figure.is_finite() and abs(figure.adjusted()) < 20 else None
