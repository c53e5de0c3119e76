"""Which price wins for so much of an item on a day, and why each of the others does not.

Contracts beat price lists. Within a contract the highest break that the quantity reaches wins, among contracts the
cheapest; the newest price list in force ends all breaks of older ones. Days of a contract are days of orders; those of
one of its prices are days of orders or of deliveries, as the contract says.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec

from portal.platform.decimals import ONE, ZERO, half_up, product, quotient, scale
from portal.platform.i18n import Message, _
from portal.platform.units import Incompatible, convert, short

_PRICE_DECIMALS = 8


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What a contract or a price list asks for an item: `unit_price` for `base_quantity` of `unit`, within bounds.

    `contract_id` and `contract`, its number, are of contracts alone; so are the price's own days, `begins` and `ends`,
    which `by_delivery` are days on which delivery is requested.
    """

    source: Literal["contract", "list"]
    id: UUID
    contract_id: UUID | None
    contract: str
    currency: str
    unit_price: Decimal
    base_quantity: Decimal
    unit: str
    minimum_quantity: Decimal
    maximum_quantity: Decimal | None
    valid_from: date | None
    valid_to: date | None
    begins: date | None = None
    ends: date | None = None
    by_delivery: bool = False


class Asked(NamedTuple):
    """So much is to be ordered, on that day and in that currency; `wanted` is when it is to come, if that is said."""

    quantity: Decimal
    unit: str
    currency: str
    day: date
    wanted: date | None = None


class Judged(NamedTuple):
    """An offer, and why it does not win; None for the one that does."""

    offer: Offer
    reason: Message | None


def winner(offers: Sequence[Offer], asked: Asked) -> Offer | None:
    """The offer that holds."""
    return next((each.offer for each in judged(offers, asked) if each.reason is None), None)


def judged(offers: Sequence[Offer], asked: Asked) -> list[Judged]:
    """Every offer with the reason why it does not win, the winner first."""
    reasons = {each.id: _against(each, offers, asked) for each in offers}
    fitting = [each for each in offers if reasons[each.id] is None]
    won = _best(fitting, asked)
    for each in fitting:
        if won is not None and each.id != won.id:
            reasons[each.id] = _beaten(each, won)
    told = [Judged(each, reasons[each.id]) for each in offers]
    return sorted(told, key=lambda each: (each.reason is not None, each.offer.source, each.offer.minimum_quantity))


def in_basis(offer: Offer, base_quantity: Decimal, price_unit: str) -> Decimal:
    """The offer's price for so much of another unit, to 8 decimals; raises `Incompatible`."""
    if (offer.base_quantity, offer.unit) == (base_quantity, price_unit):
        return offer.unit_price
    units = convert(base_quantity, price_unit, offer.unit)
    exact = quotient(product(offer.unit_price, units), offer.base_quantity)
    return exact if scale(exact) <= _PRICE_DECIMALS else half_up(exact, _PRICE_DECIMALS)


def _against(offer: Offer, offers: Iterable[Offer], asked: Asked) -> Message | None:
    """Why the offer cannot hold at all."""
    if offer.currency != asked.currency:
        return _("It is in {currency}, the order in {own}.", currency=offer.currency, own=asked.currency)
    if offer.valid_from is not None and asked.day < offer.valid_from:
        return _("It holds from {day} on.", day=offer.valid_from)
    if offer.valid_to is not None and asked.day > offer.valid_to:
        return _("It held until {day}.", day=offer.valid_to)
    if offer.source == "list" and any(_newer(other, offer, asked) for other in offers):
        return _("A newer price list holds.")
    return _out_of_days(offer, asked) or _out_of_bounds(offer, asked)


def _out_of_days(offer: Offer, asked: Asked) -> Message | None:
    """By the price's own days: what is wanted on no day is wanted at once."""
    day = (asked.wanted or asked.day) if offer.by_delivery else asked.day
    if offer.begins is not None and day < offer.begins:
        if offer.by_delivery:
            return _("It holds for deliveries from {day} on.", day=offer.begins)
        return _("It holds from {day} on.", day=offer.begins)
    if offer.ends is not None and day > offer.ends:
        if offer.by_delivery:
            return _("It held for deliveries until {day}.", day=offer.ends)
        return _("It held until {day}.", day=offer.ends)
    return None


def _out_of_bounds(offer: Offer, asked: Asked) -> Message | None:
    try:
        quantity = convert(asked.quantity, asked.unit, offer.unit)
    except Incompatible:
        return _("It is per {unit}, and {other} is ordered.", unit=short(offer.unit), other=short(asked.unit))
    if quantity < offer.minimum_quantity:
        return _("It begins at {quantity} {unit}.", quantity=offer.minimum_quantity, unit=short(offer.unit))
    if offer.maximum_quantity is not None and quantity > offer.maximum_quantity:
        return _("It ends at {quantity} {unit}.", quantity=offer.maximum_quantity, unit=short(offer.unit))
    return None


def _newer(other: Offer, offer: Offer, asked: Asked) -> bool:
    """Whether the other is a price list of the same currency that began later and is in force."""
    return (
        other.source == "list"
        and other.currency == offer.currency
        and other.valid_from is not None
        and (offer.valid_from is None or other.valid_from > offer.valid_from)
        and other.valid_from <= asked.day
        and (other.valid_to is None or asked.day <= other.valid_to)
    )


def _best(fitting: Sequence[Offer], asked: Asked) -> Offer | None:
    """Of each contract its highest break, of those the cheapest; without a contract the highest break of the list."""
    highest: dict[UUID | None, Offer] = {}
    for each in fitting:
        present = highest.get(each.contract_id)
        if present is None or each.minimum_quantity > present.minimum_quantity:
            highest[each.contract_id] = each
    agreed = [each for each in highest.values() if each.source == "contract"]
    if agreed:
        return min(agreed, key=lambda each: (in_basis(each, ONE, asked.unit), each.valid_to or date.max, each.contract))
    return highest.get(None)


def _beaten(offer: Offer, won: Offer) -> Message:
    if offer.source != won.source:
        return _("The price of contract {number} comes before price lists.", number=won.contract)
    if offer.contract_id == won.contract_id:
        since = won.minimum_quantity
        return _("The price from {quantity} {unit} on holds.", quantity=max(since, ZERO), unit=short(won.unit))
    return _("Contract {number} has the better price or ends sooner.", number=won.contract)
