"""From a received credit note to the form that one is written with: which lines of its invoice it gives back, and how.

A file says neither whether goods went back nor whether a price was wrong. What is billed at the invoice's own price
went back; a lower price is what is given back of each; all that is left of every line is the whole invoice. Whoever
brings the file may say otherwise, and the draft can be changed.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from portal.invoicing.rules.credits import Left
from portal.invoicing.rules.received.pairing import WHY, Pair
from portal.platform.decimals import ZERO, difference, plain, total
from portal.platform.einvoice.accounts import without_accounts
from portal.platform.einvoice.model import Invoice
from portal.platform.i18n import Message, _

UNTOLD: Final = "Credit note"  # as the reason of one that gives none
MIXED: Final = _("Some lines give back goods and others correct a price. Bring a credit note for each.")
WHY_CREDIT: Final[Mapping[str, Message]] = {
    **WHY,
    "unnamed": _("It names no line of the invoice: give the order line’s number (BT-132) or the item’s (BT-156)."),
    "unknown": _("The invoice has no such line."),
    "several": _("Several lines of the invoice could be meant: give the order line’s number (BT-132)."),
    "back": _("It bills something. Write an invoice for that."),
    "twice": _("Another line credits this line of the invoice already, at other terms."),
}


class Credited(NamedTuple):
    """The form, and which line of the file each of its lines begins with, from 0."""

    raw: dict[str, Any]
    places: list[int]


def kind_of(pairs: Sequence[Pair], left: Mapping[Any, Left]) -> str:
    """goods, price or whole; "" where a price is above the invoice's, or the lines are of several kinds."""
    known = [pair for pair in pairs if pair.of is not None and pair.measured is not None]
    prices = [(_price(pair), pair.of.unit_price) for pair in known if pair.of]
    if any(given > billed for given, billed in prices):
        return "goods" if all(given >= billed for given, billed in prices) else ""
    if all(given < billed for given, billed in prices):
        return "price"
    if any(given < billed for given, billed in prices):
        return ""
    return "whole" if len(known) == len(pairs) and _is_all(known, left) else "goods"


def _is_all(known: Sequence[Pair], left: Mapping[Any, Left]) -> bool:
    asked = {of: total(_quantity(pair) for pair in pairs) for of, pairs in _together(known).items()}
    return asked == {of: each.quantity for of, each in left.items() if each.quantity > ZERO}


def credited(said: Invoice, pairs: Sequence[Pair], invoice_id: Any, kind: str) -> Credited:
    """Everything of the file that a credit note has a field for, as it would be typed."""
    together = _together(pairs)
    raw: dict[str, Any] = {
        "invoice_id": str(invoice_id),
        "number": said.number,
        "issue_date": said.issue_date.isoformat() if said.issue_date else "",
        "kind": kind,
        "reason": _reason(said) or UNTOLD,
    }
    if kind != "whole":
        raw["lines"] = [_line(several, kind) for several in together.values()]
    order = {id(pair): place for place, pair in enumerate(pairs)}
    return Credited(raw, [order[id(several[0])] for several in together.values()])


def _reason(said: Invoice) -> str:
    """An account in it is not taken over whole: many read a reason, and it stands in the log."""
    text = "\n".join(note.text for note in said.notes)
    return without_accounts(text, len(text))


def _line(pairs: Sequence[Pair], kind: str) -> dict[str, str]:
    of = pairs[0].of
    assert of is not None, "only lines that are paired are credited"
    told = {"invoice_line_id": str(of.id), "quantity": plain(total(_quantity(pair) for pair in pairs))}
    if kind == "price":
        told["unit_price"] = plain(difference(of.unit_price, _price(pairs[0])))
    return told


def _together(pairs: Sequence[Pair]) -> dict[Any, list[Pair]]:
    """The lines of the file by the line of the invoice, in their order."""
    found: dict[Any, list[Pair]] = {}
    for pair in pairs:
        if pair.of is not None:
            found.setdefault(pair.of.id, []).append(pair)
    return found


def _quantity(pair: Pair) -> Decimal:
    return pair.measured.quantity if pair.measured else ZERO


def _price(pair: Pair) -> Decimal:
    return pair.measured.unit_price if pair.measured else ZERO
