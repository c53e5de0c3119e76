"""Which line of an order each line of a received e-invoice bills, and how much of it, in the order's own measures.

A line is found by the number of the order's line (BT-132), else by the buyer's number of the item (BT-156), else by its
name (BT-153), where that means one line and no other. What cannot be told is not guessed: `why` says so.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from portal.platform.decimals import ONE, ZERO, product, quotient, scale, trimmed
from portal.platform.einvoice.model import Invoice, Line
from portal.platform.i18n import Message, _

PLACES: Final = 6  # decimals of a quantity
PRICE_PLACES: Final = 8
# Why a line of the file is not in the draft.
WHY: Final[Mapping[str, Message]] = {
    "unnamed": _("It names no line of the order: give the line’s number (BT-132) or the item’s number (BT-156)."),
    "unknown": _("The order has no such line."),
    "several": _("Several lines of the order could be meant: give the line’s number (BT-132)."),
    "back": _("It gives something back. Write a credit note for that."),
    "measure": _("Its unit or base quantity is another than the order’s, and cannot be told in that exactly."),
    "twice": _("Another line bills this line of the order already, at other terms."),
}
# How a document of the portal names a line of another order than its first one: the standard has one order (BT-13).
_ELSEWHERE: Final = re.compile(r"(?:^|; )(?P<order>[^;]{1,60}) / (?P<line>\d{1,5})$")


class Measured(NamedTuple):
    """What is billed of an order line, in its unit and for its base quantity."""

    quantity: Decimal
    unit_price: Decimal


class Pair(NamedTuple):
    """A line of the file with the order line it bills; without one, `why` is a key of WHY."""

    line: Line
    of: Any | None
    measured: Measured | None = None
    why: str = ""


def orders_named(said: Invoice) -> list[str]:
    """The numbers of all orders that the file may name, its own first."""
    found = (_ELSEWHERE.search(line.note) for line in said.lines)
    return list(dict.fromkeys([said.order, *(each["order"] for each in found if each)]))


def paired(said: Invoice, order: str, known: Sequence[Any]) -> list[Pair]:
    """Each line of the file; `order` is the number of the order whose lines it means, `known` are order lines."""
    numbered = {(each.order_number, str(each.line)): each for each in known}
    found = [_paired(line, order, known, numbered) for line in said.lines]
    return list(_once(found))


def _paired(line: Line, order: str, known: Sequence[Any], numbered: Mapping[tuple[str, str], Any]) -> Pair:
    meant = _meant(line, order, known, numbered)
    if isinstance(meant, str):
        return Pair(line, None, why=meant)
    if line.quantity <= ZERO:
        return Pair(line, None, why="back")
    measured = _measured(line, meant)
    return Pair(line, meant, measured) if measured else Pair(line, None, why="measure")


def _meant(line: Line, order: str, known: Sequence[Any], numbered: Mapping[tuple[str, str], Any]) -> Any | str:
    elsewhere = _ELSEWHERE.search(line.note)
    if elsewhere and (there := numbered.get((elsewhere["order"], elsewhere["line"]))):
        return there
    if line.order_line:
        return numbered.get((order, line.order_line)) or "unknown"
    if line.buyer_item:
        return _only(each for each in known if each.item_number == line.buyer_item)
    named = _only(each for each in known if _name(each.description) == _name(line.name))
    return "unnamed" if named == "unknown" else named


def _only(found: Iterable[Any]) -> Any | str:
    lines = list(found)
    return lines[0] if len(lines) == 1 else "several" if lines else "unknown"


def _name(text: str) -> str:
    return text.strip().partition("\n")[0].strip().casefold()


def _measured(line: Line, of: Any) -> Measured | None:
    """In the order's unit, priced for its base quantity; None if that cannot be said exactly."""
    priced_in, billed_in = of.price_unit or of.unit, line.unit
    if line.base_unit not in ("", billed_in):
        return None
    if billed_in == priced_in:
        quantity, price = quotient(line.quantity, of.price_factor), line.price
        exact = product(quantity, of.price_factor) == line.quantity
    elif billed_in == of.unit:
        quantity, price = line.quantity, quotient(line.price, of.price_factor)
        exact = product(price, of.price_factor) == line.price
    else:
        return None
    base = line.base_quantity or ONE
    based = product(price, quotient(of.base_quantity, base))
    exact = exact and product(based, base) == product(price, of.base_quantity)
    found = Measured(_short(quantity, PLACES), _short(based, PRICE_PLACES))
    return found if exact and _fits(found) else None


def _fits(found: Measured) -> bool:
    return scale(found.quantity) <= PLACES and scale(found.unit_price) <= PRICE_PLACES


def _short(value: Decimal, most: int) -> Decimal:
    """As it is written, unless it has more decimals than fit."""
    return value if scale(value) <= most else trimmed(value)


def _once(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """An invoice bills an order line once: more lines of the same terms are one, other ones stay out, and so
    does whoever has allowances or charges of its own."""
    first: dict[Any, Pair] = {}
    for pair in pairs:
        if pair.of is None:
            yield pair
            continue
        before = first.setdefault(pair.of.id, pair)
        alone = before.line.adjustments or pair.line.adjustments
        same = before is pair or (not alone and _terms(before) == _terms(pair))
        yield pair if same else Pair(pair.line, None, why="twice")


def _terms(pair: Pair) -> tuple[Any, ...]:
    return pair.measured.unit_price if pair.measured else None, pair.line.category, pair.line.rate
