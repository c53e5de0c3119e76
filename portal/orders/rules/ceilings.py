"""How much more of a line may leave, come, be accepted or be billed: one check for the ledger and for whoever asks it
beforehand."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from portal.orders.rules.answers import Agreed
from portal.platform.decimals import ZERO, difference, total
from portal.platform.i18n import Message, _
from portal.platform.units import short


class Step(NamedTuple):
    """One column of the ledger: its ceiling, what of it may happen `again`, and what is said of too much."""

    ceiling: str
    again: Callable[[Any], Decimal]
    text: Message


def _replaced(line: Any) -> Decimal:
    return line.returned_for_replacement


def _credited(line: Any) -> Decimal:
    """What was credited may be billed once more, but for what of it went back."""
    return difference(line.credited, line.returned)


def _never(_line: Any) -> Decimal:
    return ZERO


STEPS = {
    "despatched": Step(
        "despatch_ceiling",
        _replaced,
        _("Line {line}: {done} of {ordered} {unit} are despatched already; {more} more is too much."),
    ),
    "received": Step(
        "receive_ceiling",
        _replaced,
        _("Line {line}: {done} of {ordered} {unit} were received already; {more} more is too much."),
    ),
    "accepted": Step(
        "receive_ceiling",
        _never,
        _("Line {line}: {done} of {ordered} {unit} are accepted already; {more} more is too much."),
    ),
    "invoiced": Step(
        "invoice_ceiling",
        _credited,
        _("Line {line}: {done} of {ordered} {unit} are invoiced already; {more} more is too much."),
    ),
}
_CLOSED = _("Line {line} is closed short: {ordered} {unit} of it are wanted and no more. {more} more is too much.")


def over(line: Any, column: str, more: Decimal, *, done: Decimal | None = None) -> Message | None:
    """Why so much `more` of the line is too much, or None; `done` is what the column holds unless it is said.

    A line that was closed short takes what it was closed to, whatever the tolerances are.
    """
    step, closed_to = STEPS[column], line.closed_to
    before = getattr(line, column) if done is None else done
    most = [limit for limit in (getattr(line, step.ceiling), closed_to) if limit is not None]
    if not most or total((difference(before, step.again(line)), more)) <= min(most):
        return None
    told = {"line": line.line, "done": before, "ordered": line.quantity, "unit": short(line.unit), "more": more}
    if closed_to is not None:
        return Message(_CLOSED.text, told | {"ordered": closed_to})
    return Message(step.text.text, told)


def unapproved(line: Any, quantity: Decimal, price: Decimal) -> bool:
    """Whether so much of the line, or that price, is more than was approved of it; None is without an end."""
    most, dearest = line.approved_quantity, line.approved_price
    return (most is not None and quantity > most) or (dearest is not None and price > dearest)


def offered_unapproved(lines: Iterable[Any], offers: Iterable[Agreed]) -> list[Any]:
    """The lines of which more, or dearer, is offered than was approved."""
    pairs = zip(lines, offers, strict=True)
    return [
        line
        for line, offer in pairs
        if unapproved(line, offer.confirmed, line.unit_price if offer.unit_price is None else offer.unit_price)
    ]


def carried(order: Any, gross: Decimal) -> bool:
    """Whether the order's approval carries this sum."""
    return order.approved_ceiling is None or gross <= order.approved_ceiling
