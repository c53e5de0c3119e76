"""How far an actual figure may stand from the agreed one: exact decimals, an absolute and a percent part.

0 means none, so 100.002 of 100 is refused at 0 %. A level that says nothing (None) passes the question on: order →
item → supplier → company, and a company that says nothing means none. A level that says anything decides alone; its
blank part then adds nothing, and is never filled from the level below. Unlimited is said explicitly, never meant by a
blank. With both parts set, `any` (the usual) admits what either part admits, `all` only what both admit.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from msgspec import Struct

from portal.platform.decimals import ZERO, difference, share, total


class Tolerance(Struct, frozen=True):
    """One level's word: `absolute` in the unit of what is compared (pieces, money, days), `percent` of the agreed."""

    absolute: Decimal | None = None
    percent: Decimal | None = None
    unlimited: bool = False
    combine: Literal["any", "all"] = "any"

    def __post_init__(self) -> None:
        for part in (self.absolute, self.percent):
            if part is not None and not (part.is_finite() and part >= ZERO):
                raise ValueError("a tolerance is never negative")

    @property
    def silent(self) -> bool:
        return self.absolute is None and self.percent is None and not self.unlimited


NONE: Final = Tolerance(absolute=ZERO)


def resolve(chain: Iterable[Tolerance | None]) -> Tolerance:
    """The first level that says anything, from the nearest (order) to the furthest (company); by default none."""
    return next((level for level in chain if level is not None and not level.silent), NONE)


def slack(tolerance: Tolerance, reference: Decimal) -> Decimal | None:
    """The deviation admitted from `reference`, never negative; None where it is unlimited."""
    if tolerance.unlimited:
        return None
    percent = None if tolerance.percent is None else share(tolerance.percent, reference.copy_abs())
    parts = [part for part in (tolerance.absolute, percent) if part is not None]
    choose = min if tolerance.combine == "all" else max
    return choose(parts, default=ZERO)


def ceiling(reference: Decimal, tolerance: Tolerance) -> Decimal | None:
    """The most that may be reached, for a ledger to check under its lock; None where there is no ceiling."""
    room = slack(tolerance, reference)
    return None if room is None else total((reference, room))


def allows(tolerance: Tolerance, reference: Decimal, actual: Decimal) -> bool:
    """Whether `actual` does not pass the reference by more than the tolerance; less is always allowed."""
    limit = ceiling(reference, tolerance)
    return limit is None or actual <= limit


def agrees(tolerance: Tolerance, reference: Decimal, actual: Decimal) -> bool:
    """Whether `actual` is within the tolerance on either side, as prices and totals are matched."""
    room = slack(tolerance, reference)
    return room is None or difference(actual, reference).copy_abs() <= room


def allows_day(tolerance: Tolerance, requested: date, promised: date) -> bool:
    """Whether a promise is late by no more days than `absolute` says; a percentage of a date means nothing."""
    if tolerance.unlimited:
        return True
    return (promised - requested).days <= (tolerance.absolute or ZERO)
