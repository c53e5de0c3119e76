"""What no answer can say: every problem at its field, all at once, for pages and programs alike."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from portal.orders.rules.answers import agreed, by_line
from portal.orders.rules.sums import net_agreed
from portal.platform.fields import Quantity
from portal.platform.i18n import Message, _
from portal.platform.money import AmountTooLarge
from portal.platform.problems import FieldError
from portal.platform.units import name

CHANGED, REJECTED = "3", "7"
_FIGURES = ("quantity", "unit_price", "promised_date", "substitute_item")
_TOO_MUCH = Decimal(10) ** 12
_ONE_FOR_ALL = {
    "unit_price": _("A line has one price: all its deliveries are at the same."),
    "substitute_item": _("A line is of one item: all its deliveries are of the same."),
}
Problem = tuple[str, Message]


def impossible(
    answers: Sequence[Any], lines: Sequence[Any], currency: str, today: date | None = None
) -> list[FieldError]:
    """The problems of an answer to these lines, at `lines.N.…` as the answers were sent; none if it can be decided on.

    Several answers to one line are a split: each is a delivery of its own quantity, and price and item are the line's.
    Nobody promises a day before `today`, which is that of whoever answers.
    """
    known, grouped = {line.line: line for line in lines}, by_line(answers)
    errors = [
        FieldError(f"lines.{place}.{field}", message)
        for place, answer in enumerate(answers)
        for field, message in _problems(answer, known.get(answer.line), grouped[answer.line], currency)
    ]
    errors += [
        FieldError(f"lines.{place}.promised_date", _("This day has passed. Promise one that is still to come."))
        for place, answer in enumerate(answers)
        if today is not None and answer.promised_date is not None and answer.promised_date < today
    ]
    if all(any(answer.code == REJECTED for answer in grouped.get(line.line, ())) for line in lines):
        errors.append(
            FieldError("lines", _("Every line is rejected. Reject the order as a whole instead, and say why."))
        )
    return errors


def gone(line: Any) -> Decimal:
    """How much of a line nobody can take back by agreeing on less: it left, came or was billed."""
    return max(line.despatched, line.received, line.invoiced)


def _problems(answer: Any, line: Any, parts: Sequence[Any], currency: str) -> Iterator[Problem]:
    if line is None:
        yield "line", _("This order has no line {line}.", line=answer.line)
        return
    if line.short_closed:
        yield "line", _("Line {line} was closed short: leave it out of the answer.", line=line.line)
        return
    found = list(_of_part(answer, parts) if len(parts) > 1 else _of_whole(answer))
    yield from found
    if answer is parts[0] and not found:
        yield from _of_sum(line, parts, currency)


def _of_whole(answer: Any) -> Iterator[Problem]:
    if answer.code == CHANGED:
        return
    for field in _FIGURES:
        if getattr(answer, field) is not None:
            yield field, _("A line that is accepted or rejected has no figures of its own. Change it (3) instead.")


def _of_part(answer: Any, parts: Sequence[Any]) -> Iterator[Problem]:
    if answer.code != CHANGED:
        yield "code", _("A line that is split is changed (3) in each of its parts. Leave out what will not come.")
    elif answer.quantity is None:
        yield "quantity", _("Say how much comes with each delivery of a line that is split.")
    for field, message in _ONE_FOR_ALL.items():
        first = next((said for part in parts if (said := getattr(part, field)) is not None), None)
        if getattr(answer, field) not in (None, first):
            yield field, message


def _of_sum(line: Any, parts: Sequence[Any], currency: str) -> Iterator[Problem]:
    """What the parts of a line come to together, said at the first of them."""
    offer, least = agreed(line, parts), gone(line)
    if offer.confirmed >= _TOO_MUCH:
        yield "quantity", Quantity.expected()
    elif offer.confirmed < least and offer.confirmed != line.quantity:
        message = _(
            "{done} {unit} of this line left already, came or were invoiced: it cannot be less.",
            done=least,
            unit=name(line.unit),
        )
        yield "code" if parts[0].code == REJECTED else "quantity", message
    elif line.unit_price is not None:
        try:
            net_agreed(line, offer, currency)
        except AmountTooLarge as error:
            yield "quantity" if offer.unit_price is None else "unit_price", error.message
