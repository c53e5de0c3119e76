"""What the misstatements of a monetary-unit sample say of the population.

A record shorter than the interval stands for one interval: its tainting (misstatement ÷ booked amount) times the
interval is what it projects. A record that was certain stands for itself. The upper limit is all that plus the basic
precision (interval × factor of no misstatement) and an allowance: projections below the interval, the greatest first,
each times the growth of the factor beyond one. Understatements are told apart and take nothing off the limit.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

from portal.operations.workspace.sampling.factors import EXPANSION, factor

ZERO: Final = Decimal(0)
CENT: Final = Decimal("0.01")


class Judged(NamedTuple):
    """An item of the sample: what is booked, and what an auditor found to be right."""

    booked: Decimal
    audited: Decimal
    certain: bool


class Projection(NamedTuple):
    """In the population's currency, overstatements positive; `known` is what the sample's own items are wrong by."""

    known: Decimal
    projected: Decimal
    basic_precision: Decimal
    allowance: Decimal
    understated: Decimal

    @property
    def upper_limit(self) -> Decimal:
        return self.projected + self.basic_precision + self.allowance


def interval_for(tolerable: Decimal, expected: Decimal, risk: int) -> Decimal:
    """(tolerable − expected × expansion) ÷ factor of no misstatement; raises ValueError where nothing is left."""
    room = tolerable - expected * EXPANSION[risk]
    if room <= 0:
        raise ValueError("the expected misstatement takes up all that is tolerable")
    return (room / factor(risk, 0)).quantize(CENT)


def project(items: Sequence[Judged], interval: Decimal, risk: int) -> Projection:
    """The projection of a sample in which every item is judged."""
    sure = sum((max(item.booked - item.audited, ZERO) for item in items if item.certain), ZERO)
    chances = sorted((_projected(item, interval) for item in items if not item.certain), reverse=True)
    over = [each for each in chances if each > 0]
    growth = [factor(risk, n) - factor(risk, n - 1) - 1 for n in range(1, len(over) + 1)]
    under = sum((each for each in chances if each < 0), ZERO)
    under += sum((min(item.booked - item.audited, ZERO) for item in items if item.certain), ZERO)
    return Projection(
        known=_money(sum((item.booked - item.audited for item in items), ZERO)),
        projected=_money(sure + sum(over, ZERO)),
        basic_precision=_money(interval * factor(risk, 0)),
        allowance=_money(sum((each * more for each, more in zip(over, growth, strict=True)), ZERO)),
        understated=_money(-under),
    )


def _projected(item: Judged, interval: Decimal) -> Decimal:
    return (item.booked - item.audited) / item.booked * interval


def _money(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
