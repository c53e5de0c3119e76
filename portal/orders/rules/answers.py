"""What a supplier's answer means, line by line."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from portal.platform.decimals import ZERO, total
from portal.platform.tolerance import Tolerance, agrees, allows_day


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


def differs(line: Any, offer: Agreed) -> bool:
    """Whether the offer is anything else than what was ordered: one delivery of all of it on the day it is wanted."""
    return (
        offer.deliveries != ((line.quantity, line.requested_date),)
        or offer.unit_price not in (None, line.unit_price)
        or bool(offer.substitute_item)
    )


def by_line(answers: Iterable[Any]) -> Mapping[int, list[Any]]:
    grouped: dict[int, list[Any]] = {}
    for answer in answers:
        grouped.setdefault(answer.line, []).append(answer)
    return grouped
