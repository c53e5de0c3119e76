"""What a credit note gives back: never more than was billed less what was credited before, of lines, taxes and all.

Goods go back at what they were billed at, allowances and charges of their line in proportion; the last of a line takes
what is left of it to the cent. A right price gives back the difference and takes nothing from the billed quantity. The
whole takes what is left of everything. However an invoice is credited, in whatever order, once all of it is credited
the sums of its credit notes are the invoice's own, tax included: the last part of a tax rate takes what is left of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from msgspec import Struct

from portal.platform.decimals import ZERO, difference, plain, product, quotient, total
from portal.platform.i18n import Message, _
from portal.platform.money import line_net, round_amount
from portal.platform.totals import Part, TaxTotal, Totals, totals

Tax = tuple[str, Decimal]


class Left(Struct, frozen=True):
    """An invoice line and what is not credited of it: how much of its quantity, and of its net amount."""

    line: Any
    quantity: Decimal
    net: Decimal


class Asked(NamedTuple):
    """What somebody wants to credit of a line; `unit_price` is the right one, of a correction."""

    left: Left
    quantity: Decimal
    unit_price: Decimal | None = None


class Credited(NamedTuple):
    """A line of a credit note; `booked` is how much leaves the billed quantity."""

    left: Left
    quantity: Decimal
    unit_price: Decimal
    allowance: Decimal
    charge: Decimal
    net: Decimal
    booked: Decimal


class TooMuch(Exception):
    """More than is left. `place` is the line's place among those asked for; None is the invoice as a whole."""

    def __init__(self, place: int | None, field: str, message: Message) -> None:
        super().__init__(str(message))
        self.place, self.field, self.message = place, field, message


def left_of(line: Any, before: Iterable[Any]) -> Left:
    """What is left of an invoice line after the lines of earlier credit notes."""
    before = tuple(before)
    return Left(
        line,
        difference(line.quantity, total(each.booked for each in before)),
        difference(line.net, total(each.net for each in before)),
    )


def credit(kind: str, asked: Sequence[Asked], currency: str) -> list[Credited]:
    """The lines of a credit note of this kind; raises `TooMuch`."""
    rule = _corrected if kind == "price" else _returned
    return [rule(place, each, currency) for place, each in enumerate(asked)]


def whole(left: Iterable[Left]) -> list[Asked]:
    """All that is not credited."""
    return [Asked(each, each.quantity) for each in left if each.quantity > ZERO]


def _returned(place: int, asked: Asked, currency: str) -> Credited:
    left, line = asked.left, asked.left.line
    if asked.quantity > left.quantity:
        message = _("{left} can still be credited of line {line}.", left=plain(left.quantity), line=line.line)
        raise TooMuch(place, "quantity", message)
    if asked.quantity == left.quantity:
        net = left.net
    else:
        net = round_amount(quotient(product(left.net, asked.quantity), left.quantity), currency)
    reckoned = _net(line, line.unit_price, asked.quantity, currency)
    allowance, charge = max(difference(reckoned, net), ZERO), max(difference(net, reckoned), ZERO)
    return Credited(left, asked.quantity, line.unit_price, allowance, charge, net, asked.quantity)


def _corrected(place: int, asked: Asked, currency: str) -> Credited:
    left, line = asked.left, asked.left.line
    right = asked.unit_price or ZERO
    if right >= line.unit_price:
        message = _("Billed was {price}: a credit note only corrects it downwards.", price=plain(line.unit_price))
        raise TooMuch(place, "unit_price", message)
    if asked.quantity > left.quantity:
        message = _("{left} can still be credited of line {line}.", left=plain(left.quantity), line=line.line)
        raise TooMuch(place, "quantity", message)
    less = difference(line.unit_price, right)
    net = _net(line, less, asked.quantity, currency)
    if net > left.net:
        message = _("{left} {currency} can still be credited of line {line}.", **_told(left, currency))
        raise TooMuch(place, "unit_price", message)
    return Credited(left, asked.quantity, less, ZERO, ZERO, net, ZERO)


def _told(left: Left, currency: str) -> dict[str, Any]:
    return {"left": plain(left.net), "currency": currency, "line": left.line.line}


def _net(line: Any, price: Decimal, quantity: Decimal, currency: str) -> Decimal:
    return line_net(
        price,
        quantity,
        currency,
        base_quantity=line.base_quantity,
        factor=line.price_factor,
        discount=line.discount,
    )


def remaining(invoice: Totals, before: Iterable[Sequence[TaxTotal]]) -> dict[Tax, TaxTotal]:
    """What is not credited of each tax rate of an invoice."""
    left = {(row.category, row.rate): row for row in invoice.breakdown}
    for row in (row for taxes in before for row in taxes):
        present = left[row.category, row.rate]
        base, tax = difference(present.base, row.base), difference(present.tax, row.tax)
        left[row.category, row.rate] = TaxTotal(row.category, row.rate, base, tax)
    return left


class Sums(NamedTuple):
    """The sums of a credit note, as the invoice's."""

    lines: Decimal
    allowances: Decimal
    charges: Decimal
    net: Decimal
    breakdown: tuple[TaxTotal, ...]
    tax: Decimal
    gross: Decimal


def sums(
    parts: Iterable[Part],
    allowances: Iterable[Part],
    charges: Iterable[Part],
    currency: str,
    left: Mapping[Tax, TaxTotal],
) -> Sums:
    """BT-106 to BT-112 of a credit note, its taxes within what is left of each rate; raises `TooMuch`."""
    found = totals(parts, currency, allowances=allowances, charges=charges)
    breakdown = tuple(_within(row, left[row.category, row.rate]) for row in found.breakdown)
    tax = round_amount(total(row.tax for row in breakdown), currency)
    return Sums(found.lines, found.allowances, found.charges, found.net, breakdown, tax, total((found.net, tax)))


def _within(row: TaxTotal, left: TaxTotal) -> TaxTotal:
    """Tax is what the rate makes of the base, but the last part of a rate takes what is left of its tax."""
    if row.base > left.base:
        message = _(
            "Of what was billed at {rate} % tax, {left} can still be credited after all allowances. "
            "Credit the whole invoice instead.",
            rate=plain(row.rate),
            left=plain(left.base),
        )
        raise TooMuch(None, "lines", message)
    tax = left.tax if row.base == left.base else min(row.tax, left.tax)
    return TaxTotal(row.category, row.rate, row.base, tax)


__all__ = ["Asked", "Credited", "Left", "Sums", "TooMuch", "credit", "left_of", "remaining", "sums", "whole"]
