"""How far an order is, by its ledger."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from portal.platform.decimals import ZERO, difference, total

Quantity = Callable[[Any], Decimal]

# Kinds of lines of which nothing comes: they are only billed.
UNDELIVERED = frozenset({"charge"})
# Kinds of lines that are performed and not despatched: what comes of them is what a service entry says.
SERVICES = frozenset({"limit", "service"})


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
    """What is to come of each line: what it was closed to if it was closed short, else what is agreed."""
    return [
        Wanted(line, quantity if line.closed_to is None else line.closed_to)
        for line, quantity in agreed_quantities(lines)
    ]


def agreed_quantities(lines: Sequence[Any]) -> list[Wanted]:
    """Once the supplier confirmed, what it confirmed of each line; before, what was ordered."""
    answered = any(line.confirmed > ZERO for line in lines)
    return [Wanted(line, line.confirmed if answered else line.quantity) for line in lines]


def remaining(line: Any) -> Decimal:
    """How much of a line stays wanted if it is closed short now: what left, came or was billed."""
    return max(_kept(line, line.despatched), _kept(line, line.received), total((_billed(line), line.returned)), ZERO)


def finished(lines: Sequence[Any]) -> bool:
    """Whether nothing of the order is still to leave, to come or to be billed."""
    return all(
        (line.kind in UNDELIVERED | SERVICES or _kept(line, line.despatched) >= quantity)
        and (line.kind in UNDELIVERED or _kept(line, line.received) >= quantity)
        and total((_billed(line), line.returned)) >= quantity
        for line, quantity in wanted(lines)
    )


def statuses(lines: Sequence[Any]) -> Statuses:
    """Goods that came and were rejected have begun the receipt; what is to be replaced is still to come."""
    everything = wanted(lines)
    delivered = [each for each in everything if each.line.kind not in UNDELIVERED]
    goods = [each for each in delivered if each.line.kind not in SERVICES]
    return Statuses(
        _far(goods, lambda line: line.despatched, lambda line: _kept(line, line.despatched)),
        _far(delivered, lambda line: line.received, lambda line: _kept(line, line.received)),
        _far(everything, _billed, lambda line: total((_billed(line), line.returned))),
    )


def _billed(line: Any) -> Decimal:
    """What was credited is to be billed again, or never was to be; what went back of it is settled."""
    return difference(line.invoiced, line.credited)


def went_back(line: Any, credited: Decimal) -> Decimal:
    """How much of what is credited now for goods that went back had come, and is thus never to be billed again.

    The rest of it was billed too much: it never came, or was rejected. Of a charge nothing comes: what was agreed of it
    and is given back is waived.
    """
    due = (line.confirmed or line.quantity) if line.kind in UNDELIVERED else line.accepted
    left = difference(difference(due, line.returned), difference(_billed(line), credited))
    return max(min(credited, left), ZERO)


def to_replace(line: Any) -> Decimal:
    """How much of what was rejected is still to be delivered again: not more than is open of the line at all."""
    quantity = (line.confirmed or line.quantity) if line.closed_to is None else line.closed_to
    open_quantity = difference(quantity, difference(line.received, line.returned_for_replacement))
    return max(min(line.returned_for_replacement, open_quantity), ZERO)


def _kept(line: Any, done: Decimal) -> Decimal:
    """As much of it as does not come again."""
    return difference(done, line.returned_for_replacement)


def _far(lines: Sequence[Wanted], begun: Quantity, done: Quantity) -> str:
    if not any(begun(each.line) > ZERO for each in lines):
        return "none"
    return "complete" if all(done(each.line) >= each.quantity for each in lines) else "partial"
