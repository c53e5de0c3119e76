"""How much of a delivery is late, for how long, and what that costs by its contract."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from portal.platform.decimals import HUNDRED, ZERO, difference, product, quotient, trimmed
from portal.platform.money import round_amount

_WEEK = 7


class Part(NamedTuple):
    """So much is due on that day."""

    due: date
    quantity: Decimal


class Terms(NamedTuple):
    """What a contract says: `rate` percent a `per` (day, week begun) after `grace` free days, `cap` percent at most."""

    rate: Decimal
    per: str
    grace: int
    cap: Decimal | None


class Damage(NamedTuple):
    """`periods` are counted after the free days; `percent` is of the value, within its limit."""

    days: int
    periods: int
    percent: Decimal
    amount: Decimal


def late_parts(schedule: Iterable[Part], before: Decimal, came: Decimal, day: date) -> list[Part]:
    """What of a delivery was due before the day that it came on. What is due first is delivered first, and what came
    `before` counts for it; what was never due is not late."""
    parts, served, left = [], before, came
    for part in sorted(schedule):
        covered = min(served, part.quantity)
        taken = min(difference(part.quantity, covered), left)
        served, left = difference(served, covered), difference(left, taken)
        if taken > ZERO and part.due < day:
            parts.append(Part(part.due, taken))
    return _together(parts)


def damage(terms: Terms, value: Decimal, days: int, currency: str) -> Damage | None:
    """What `value` costs that is so many days late, rounded half up; None within the free days or where it is nothing.

    A week that began counts as one. The limit is in percent of the same value, and never above all of it.
    """
    counted = days - terms.grace
    if counted <= 0:
        return None
    periods = counted if terms.per == "day" else -(-counted // _WEEK)
    percent = trimmed(min(product(terms.rate, Decimal(periods)), terms.cap or HUNDRED))
    amount = round_amount(quotient(product(value, percent), HUNDRED), currency)
    return Damage(days, periods, percent, amount) if amount > ZERO else None


def _together(parts: Sequence[Part]) -> list[Part]:
    found: dict[date, Decimal] = {}
    for part in parts:
        found[part.due] = found.get(part.due, ZERO) + part.quantity
    return [Part(due, quantity) for due, quantity in found.items()]
