"""Pure rules of orders: what a line costs, what an answer means, and when a ledger is complete."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from portal.platform.decimals import ZERO, difference, total
from portal.platform.money import line_net
from portal.platform.tolerance import Tolerance, agrees, allows_day
from portal.platform.totals import Part, Totals, totals


def net_of(line: Any, currency: str) -> Decimal:
    """BT-131 of an order line: price ÷ base quantity × quantity (in price units), less the discount."""
    return line_net(
        line.unit_price,
        line.quantity,
        currency,
        base_quantity=line.base_quantity,
        factor=line.price_factor,
        discount=line.discount,
    )


def totals_of(lines: Iterable[Any], currency: str) -> Totals:
    return totals([Part(line.net, line.tax_category, line.tax_rate) for line in lines], currency)


def progress(lines: Sequence[Any], done: Callable[[Any], Decimal]) -> str:
    """none, partial or complete: how far one column of the ledger is, over the lines still open or done.

    Once the supplier confirmed, what it confirmed is what will come; before, what was ordered.
    """
    confirmed = any(line.confirmed > ZERO for line in lines)
    counted = [line for line in lines if not line.short_closed or done(line) > ZERO]
    if not any(done(line) > ZERO for line in counted):
        return "none"
    wanted = ((line, line.confirmed if confirmed else line.quantity) for line in counted)
    return "complete" if all(line.short_closed or done(line) >= quantity for line, quantity in wanted) else "partial"


def to_replace(line: Any) -> Decimal:
    """How much of what was rejected is still to be delivered again: not more than is open of the line at all."""
    agreed_quantity = ZERO if line.short_closed else line.confirmed or line.quantity
    open_quantity = difference(agreed_quantity, difference(line.received, line.returned_for_replacement))
    return max(min(line.returned_for_replacement, open_quantity), ZERO)


class Agreed(NamedTuple):
    """What one order line comes to if the buyer agrees: the total confirmed, a new price, and the deliveries."""

    line: int
    confirmed: Decimal
    unit_price: Decimal | None
    substitute_item: str
    deliveries: tuple[tuple[Decimal, date | None], ...]

    @property
    def promised_date(self) -> date | None:
        """When the last of it comes."""
        return max((day for _quantity, day in self.deliveries if day), default=None)


def agreed(line: Any, answers: Sequence[Any]) -> Agreed:
    """The sum of the answers to one line; a line without an answer is accepted as ordered."""
    if not answers:
        return Agreed(line.line, line.quantity, None, "", ((line.quantity, line.requested_date),))
    deliveries = tuple(
        (quantity, answer.promised_date or line.requested_date)
        for answer in answers
        if answer.code != "7" and (quantity := line.quantity if answer.quantity is None else answer.quantity) > ZERO
    )
    price = next(
        (answer.unit_price for answer in answers if answer.code == "3" and answer.unit_price is not None), None
    )
    substitute = next((answer.substitute_item for answer in answers if answer.substitute_item), "")
    confirmed = total(quantity for quantity, _day in deliveries)
    return Agreed(line.line, confirmed, price, substitute, deliveries)


def inside(line: Any, offer: Agreed, tolerance: Callable[[str], Tolerance]) -> bool:
    """Whether the buyer takes a counter-offer without looking: quantity, price and date each within its tolerance."""
    if offer.substitute_item:
        return False
    if not agrees(tolerance("confirm_quantity"), line.quantity, offer.confirmed):
        return False
    if offer.unit_price is not None and not agrees(tolerance("confirm_price"), line.unit_price, offer.unit_price):
        return False
    late = tolerance("confirm_date")
    wanted = line.requested_date
    return wanted is None or all(day is None or allows_day(late, wanted, day) for _quantity, day in offer.deliveries)


def differs(line: Any, offer: Agreed) -> bool:
    """Whether the offer is anything else than what was ordered."""
    return (
        offer.confirmed != line.quantity
        or (offer.unit_price is not None and offer.unit_price != line.unit_price)
        or bool(offer.substitute_item)
        or any(day is not None and day != line.requested_date for _quantity, day in offer.deliveries)
    )


def by_line(answers: Iterable[Any]) -> Mapping[int, list[Any]]:
    grouped: dict[int, list[Any]] = {}
    for answer in answers:
        grouped.setdefault(answer.line, []).append(answer)
    return grouped
