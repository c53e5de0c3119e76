"""Confidence factors of monetary-unit sampling.

They are the upper bounds of a Poisson mean: with n misstatements found, the factor is the mean at which n or fewer
would be seen with a probability of the risk alone. Rounded up to hundredths they are the confidence factors for the
evaluation of samples of the AICPA Audit Guide *Audit Sampling* (derivation: Stewart, *Technical Notes on the AICPA
Audit Guide Audit Sampling*). The expansion factors, by which an expected misstatement makes a sample bigger, are of the
same guide and are approximations of its authors.
"""

import math
from decimal import Decimal
from functools import cache
from typing import Final

RISKS: Final = (1, 5, 10, 15, 20, 25, 30, 37, 50)  # percent, of incorrect acceptance
EXPANSION: Final = {
    1: Decimal("1.9"),
    5: Decimal("1.6"),
    10: Decimal("1.5"),
    15: Decimal("1.4"),
    20: Decimal("1.3"),
    25: Decimal("1.25"),
    30: Decimal("1.2"),
    37: Decimal("1.15"),
    50: Decimal("1.0"),
}


@cache
def factor(risk: int, misstatements: int) -> Decimal:
    """The factor for this risk in percent and so many misstatements, in hundredths, rounded up."""
    low, high = 0.0, misstatements + 20.0 + 10 * math.sqrt(misstatements + 1)
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(misstatements, middle) > risk / 100 else (low, middle)
    return Decimal(math.ceil(round(high * 100, 4))) / 100


def _at_most(count: int, mean: float) -> float:
    """The probability of `count` or fewer events where `mean` are expected."""
    term = total = math.exp(-mean)
    for number in range(1, count + 1):
        term *= mean / number
        total += term
    return total
