"""How far an order is, by its ledger."""

from collections.abc import Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

from portal.platform.decimals import ZERO

# Kinds of lines of which nothing is despatched or received: they are only billed.
UNDELIVERED = frozenset({"charge"})


class Wanted(NamedTuple):
    """A line, and how much of it is to come."""

    line: Any
    quantity: Decimal


class Statuses(NamedTuple):
    """none, partial or complete: how much of the order was despatched, received and invoiced."""

    despatch: str
    receipt: str
    invoice: str


def wanted(lines: Sequence[Any]) -> list[Wanted]:
    """What is to come of each line: once the supplier confirmed, what it confirmed; before, what was ordered.

    Nothing is awaited of a line that was closed short.
    """
    answered = any(line.confirmed > ZERO for line in lines)
    quantities = (line.confirmed if answered else line.quantity for line in lines)
    return [Wanted(line, ZERO if line.short_closed else each) for line, each in zip(lines, quantities, strict=True)]


def statuses(lines: Sequence[Any]) -> Statuses:
    """Goods that came and were rejected have begun the receipt; it is complete with what was accepted."""
    everything = wanted(lines)
    goods = [each for each in everything if each.line.kind not in UNDELIVERED]
    return Statuses(
        _far(goods, "despatched", "despatched"),
        _far(goods, "received", "accepted"),
        _far(everything, "invoiced", "invoiced"),
    )


def _far(lines: Sequence[Wanted], begun: str, done: str) -> str:
    begins, ends = attrgetter(begun), attrgetter(done)
    if not any(begins(each.line) > ZERO for each in lines):
        return "none"
    return "complete" if all(ends(each.line) >= each.quantity for each in lines) else "partial"
