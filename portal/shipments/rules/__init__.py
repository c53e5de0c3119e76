"""Pure rules of shipments: check digits of packages, and how far a delivery has arrived."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from portal.platform.decimals import ZERO, difference

_WEIGHTS = (3, 1)


def sscc_holds(digits: str) -> bool:
    """Whether the last digit of a Serial Shipping Container Code fits the others (GS1 General Specifications, 7.9)."""
    *counted, check = (int(digit) for digit in digits)
    weighed = sum(digit * _WEIGHTS[place % 2] for place, digit in enumerate(reversed(counted)))
    return (weighed + check) % 10 == 0


def arrival(lines: Iterable[Any]) -> str:
    """none, partial or complete: how much of what was despatched is not expected any more, as it came or never will."""
    lines = list(lines)
    if not any(line.received > ZERO or line.missing > ZERO for line in lines):
        return "none"
    return "partial" if any(outstanding(line) > ZERO for line in lines) else "complete"


def outstanding(line: Any) -> Decimal:
    """What of a despatch line is still expected: not what came, nor what the buyer said did not."""
    return max(difference(difference(line.quantity, line.missing), line.received), ZERO)


def rest_of(open_quantity: Decimal, quantity: Decimal, follows: bool | None) -> Decimal | None:
    """The outstanding quantity that a line declares: all that is left if the rest follows, 0 if it will never come.

    Not declared (None) stays undeclared: a reader of Peppol then takes it that no more will come.
    """
    if follows is None:
        return None
    return max(difference(open_quantity, quantity), ZERO) if follows else ZERO
