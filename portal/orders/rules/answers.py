"""What a supplier's answer means, line by line."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from portal.platform.decimals import ZERO, total
from portal.platform.tolerance import Tolerance, agrees, allows_day

Deliveries = tuple[tuple[Decimal, date | None], ...]


class Agreed(NamedTuple):
    """What one order line comes to if the buyer agrees: the total confirmed, a new price, and the deliveries."""

    line: int
    confirmed: Decimal
    unit_price: Decimal | None
    substitute_item: str
    deliveries: Deliveries

    @property
    def promised_date(self) -> date | None:
        """When the last of it comes."""
        return max((day for _quantity, day in self.deliveries if day), default=None)


def taken_off(line: Any) -> bool:
    """Whether nothing of the line was agreed on, or is wanted any more: then nothing of it may come.

    Who does not see the ceiling sees a line that costs nothing and is not free of charge.
    """
    if hasattr(line, "receive_ceiling"):
        return line.receive_ceiling == ZERO
    return line.net == ZERO and not line.free_of_charge


def as_it_stands(line: Any, schedule: Sequence[Any] = ()) -> Deliveries:
    """The deliveries that the order names: those agreed on last, each on its promised day; else all when wanted."""
    if taken_off(line):
        return ()
    parts = tuple((row.quantity, row.promised_date or line.requested_date) for row in schedule if row.quantity > ZERO)
    agreed_on = any(row.promised_date is not None for row in schedule)
    return parts if agreed_on and parts else ((line.quantity, line.requested_date),)


def agreed(line: Any, answers: Sequence[Any], schedule: Sequence[Any] = ()) -> Agreed:
    """The sum of the answers to one line; one without an answer is accepted as the order has it (`schedule`)."""
    standing = as_it_stands(line, schedule)
    if all(answer.code == "5" for answer in answers):
        return Agreed(line.line, total(quantity for quantity, _day in standing), None, "", standing)
    usual = max((day for _quantity, day in standing if day), default=line.requested_date)
    deliveries = tuple(
        (quantity, answer.promised_date or usual)
        for answer in answers
        if answer.code != "7" and (quantity := line.quantity if answer.quantity is None else answer.quantity) > ZERO
    )
    price = next((said for answer in answers if answer.code == "3" and (said := answer.unit_price) is not None), None)
    substitute = next((answer.substitute_item for answer in answers if answer.substitute_item), "")
    confirmed = total(quantity for quantity, _day in deliveries)
    return Agreed(line.line, confirmed, price, substitute, deliveries)


def inside(line: Any, offer: Agreed, tolerance: Callable[..., Tolerance]) -> bool:
    """Whether the buyer takes a counter-offer without looking: quantity, price and date each within its tolerance."""
    if offer.substitute_item:
        return False
    if not agrees(tolerance("confirm_quantity", line.tolerances), line.quantity, offer.confirmed):
        return False
    price = tolerance("confirm_price", line.tolerances)
    if offer.unit_price is not None and not agrees(price, line.unit_price, offer.unit_price):
        return False
    late = tolerance("confirm_date", line.tolerances)
    wanted = line.requested_date
    return wanted is None or all(day is None or allows_day(late, wanted, day) for _quantity, day in offer.deliveries)


def differs(line: Any, offer: Agreed, schedule: Sequence[Any] = ()) -> bool:
    """Whether the offer is anything else than what the order says, in quantities, days, price or item."""
    return (
        offer.deliveries != as_it_stands(line, schedule)
        or offer.unit_price not in (None, line.unit_price)
        or bool(offer.substitute_item)
    )


def by_line(answers: Iterable[Any]) -> Mapping[int, list[Any]]:
    grouped: dict[int, list[Any]] = {}
    for answer in answers:
        grouped.setdefault(answer.line, []).append(answer)
    return grouped
