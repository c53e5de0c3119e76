"""What a buyer may change of an issued order, line by line; what a supplier may is what an answer may say."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from portal.orders.rules.answers import taken_off
from portal.orders.rules.checks import CHANGED, gone
from portal.orders.rules.sums import net_of
from portal.platform.decimals import ZERO
from portal.platform.i18n import Message, _
from portal.platform.money import AmountTooLarge
from portal.platform.problems import FieldError
from portal.platform.units import name

ADDED, TAKEN_OFF = "1", "7"
_FIGURES = ("quantity", "unit_price", "requested_date")
_SUPPLIERS = ("promised_date", "substitute_item")
Problem = tuple[str, Message]


def impossible_change(wishes: Sequence[Any], lines: Sequence[Any], currency: str) -> list[FieldError]:
    """The problems of what a buyer wishes to change, at `lines.N.…` as it was sent; none if it can be done."""
    known, named = {line.line: line for line in lines}, Counter(wish.line for wish in wishes if wish.line)
    errors = [
        FieldError(f"lines.{place}.{field}", message)
        for place, wish in enumerate(wishes)
        for field, message in (_of_added(wish) if wish.code == ADDED else _of_line(wish, known, named, currency))
    ]
    gone_lines = {wish.line for wish in wishes if wish.code == TAKEN_OFF}
    stay = [line for line in lines if line.line not in gone_lines and not taken_off(line)]
    if not stay and not any(wish.code == ADDED for wish in wishes):
        errors.append(FieldError("lines", _("Nothing of the order would stay. Cancel it instead, and say why.")))
    return errors


def alter(line: Any, wish: Any, currency: str) -> None:
    """The line as it is wished. One that is taken off keeps its quantity to be seen, and costs nothing."""
    if wish.code == TAKEN_OFF:
        line.net = ZERO
        return
    if wish.quantity is not None and wish.quantity != line.quantity:
        line.ordered_quantity = line.ordered_quantity or line.quantity
        line.quantity = wish.quantity
    if wish.unit_price is not None:
        line.unit_price = wish.unit_price
    if wish.requested_date is not None:
        line.requested_date = wish.requested_date
    line.net = net_of(line, currency)


def _of_added(wish: Any) -> Iterator[Problem]:
    if wish.added is None:
        yield "added", _("Say what is to be added.")
    for field in ("line", *_FIGURES, *_SUPPLIERS):
        if getattr(wish, field) is not None:
            yield field, _("A line that is added says all of itself in “added”.")


def _of_line(wish: Any, known: dict[int, Any], named: Counter[int], currency: str) -> Iterator[Problem]:
    line = known.get(wish.line)
    if wish.line is None:
        yield "line", _("Say which line.")
    elif line is None:
        yield "line", _("This order has no line {line}.", line=wish.line)
    elif line.short_closed or taken_off(line):
        yield "line", _("Line {line} was closed short or taken off: leave it out.", line=wish.line)
    elif named[wish.line] > 1:
        yield "line", _("Line {line} is named more than once.", line=wish.line)
    elif wish.added is not None:
        yield "added", _("Only a line that is added (1) is described here.")
    else:
        yield from _of_suppliers(wish)
        yield from _of_changed(wish, line, currency) if wish.code == CHANGED else _of_taken_off(wish, line)


def _of_suppliers(wish: Any) -> Iterator[Problem]:
    for field in _SUPPLIERS:
        if getattr(wish, field) is not None:
            yield field, _("The supplier says this, in its answer.")


def _of_taken_off(wish: Any, line: Any) -> Iterator[Problem]:
    for field in _FIGURES:
        if getattr(wish, field) is not None:
            yield field, _("A line that is taken off has no figures of its own.")
    if gone(line) > ZERO:
        yield "code", _least(line)


def _of_changed(wish: Any, line: Any, currency: str) -> Iterator[Problem]:
    if wish.quantity is not None and wish.quantity < gone(line):
        yield "quantity", _least(line)
    if wish.unit_price == ZERO and not line.free_of_charge:
        yield "unit_price", _("This line is not free of charge. Take it off, and add it as one that is.")
    elif (wish.unit_price or ZERO) > ZERO and line.free_of_charge:
        yield "unit_price", _("This line is free of charge. Take it off, and add it with its price.")
    elif _net(wish, line, currency) is None:
        yield (
            "quantity" if wish.unit_price is None else "unit_price",
            _("This is more than any document can say."),
        )


def _net(wish: Any, line: Any, currency: str) -> Decimal | None:
    price = line.unit_price if wish.unit_price is None else wish.unit_price
    try:
        return net_of(_Priced(line, wish.quantity or line.quantity, price), currency)
    except AmountTooLarge:
        return None


class _Priced:
    """A line at another quantity and price, for its net."""

    def __init__(self, line: Any, quantity: Decimal, unit_price: Decimal) -> None:
        self.quantity, self.unit_price = quantity, unit_price
        self.base_quantity, self.price_factor, self.discount = line.base_quantity, line.price_factor, line.discount


def _least(line: Any) -> Message:
    return _(
        "{done} {unit} of this line left already, came or were invoiced: it cannot be less.",
        done=gone(line),
        unit=name(line.unit),
    )
