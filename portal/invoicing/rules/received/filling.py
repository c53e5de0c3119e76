"""From a received e-invoice to the form that an invoice is entered with, by page and by JSON alike."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

from portal.invoicing.rules.billing import net_of, percent_of
from portal.invoicing.rules.einvoice import DISCOUNT, ROUNDED
from portal.invoicing.rules.received.pairing import Pair
from portal.platform.decimals import ONE, ZERO, plain, scale, total, trimmed
from portal.platform.einvoice.accounts import without_accounts
from portal.platform.einvoice.model import Adjustment, Invoice
from portal.platform.fields import Amount, Rounding
from portal.platform.money import AmountTooLarge

PARTS: Final = {False: "allowances", True: "charges"}
NAMES: Final = {False: "Allowance", True: "Charge"}
_BREAKS: Final = re.compile(r"[\t\r\n]+")
MOST_DECIMALS: Final = 4  # of a percentage
Raw = dict[str, Any]


class Filled(NamedTuple):
    """The form, and which line of the file each of its lines begins with, from 0."""

    raw: Raw
    places: list[int]


def filled(said: Invoice, pairs: Sequence[Pair], order_id: Any, currency: str) -> Filled:
    """Everything of the file that an invoice has a field for, as it would be typed; percentages where they come to the
    very amount, else amounts."""
    together: dict[Any, list[int]] = {}
    for place, pair in enumerate(pairs):
        if pair.of is not None:
            together.setdefault(pair.of.id, []).append(place)
    lines = [_line([pairs[place] for place in places], currency) for places in together.values()]
    reasons = [row.reason for row in said.taxes if row.category == "E" and row.reason]
    raw = {
        "number": said.number,
        "issue_date": said.issue_date.isoformat() if said.issue_date else None,
        "due_date": said.due_date.isoformat() if said.due_date else None,
        "order_id": str(order_id),
        "lines": lines,
        "exemption_reason": _masked(reasons[0]) if reasons else None,
        **_on_whole(said, [pair for pair in pairs if pair.of is not None], currency),
        **_advance(said),
    }
    return Filled(_given(raw), [places[0] for places in together.values()])


def _advance(said: Invoice) -> Raw:
    """What was paid before and what makes the rest round, where an invoice here can say so."""
    figures = {"prepaid": (said.prepaid, Amount), "rounding": (said.rounding, Rounding)}
    told = {name: (plain(trimmed(value)), kind) for name, (value, kind) in figures.items() if value}
    return {name: text for name, (text, kind) in told.items() if re.fullmatch(kind.pattern, text)}


def _line(pairs: Sequence[Pair], currency: str) -> Raw:
    """One order line; several lines of the file have the same terms."""
    first = pairs[0]
    assert first.of is not None, "only lines that are paired are filled in"
    assert first.measured is not None, "a line that is paired is measured"
    quantity = total(pair.measured.quantity for pair in pairs if pair.measured)
    parts = own_parts(first.line.adjustments, first.of.discount)
    base = _gross(first, quantity, currency)
    return {
        "order_line_id": str(first.of.id),
        "quantity": plain(quantity),
        "unit_price": plain(first.measured.unit_price),
        "tax_category": first.line.category,
        "tax_rate": plain(trimmed(first.line.rate or ZERO)),
        **{
            name: [{"reason": _reason(part)} | _figure(part, base, currency) for part in parts if part.charge == charge]
            for charge, name in PARTS.items()
        },
    }


def own_parts(adjustments: Iterable[Adjustment], discount: Decimal) -> list[Adjustment]:
    """Without the discount that the order agreed on, which every invoice of it has by itself, and without what a
    currency of few decimals rounded."""
    left = [part for part in adjustments if part.reason != ROUNDED or part.percent is not None or part.amount >= ONE]
    agreed = next((part for part in left if discount and not part.charge and _is_discount(part, discount)), None)
    if agreed is not None:
        left.remove(agreed)
    return left


def _is_discount(part: Adjustment, discount: Decimal) -> bool:
    """By its percentage; where that does not come to the amount, it is named as ours is."""
    return part.percent == discount or (part.percent is None and (part.reason, part.reason_code) == (DISCOUNT, "95"))


def _gross(pair: Pair, quantity: Decimal, currency: str) -> Decimal | None:
    """What the line costs without allowances and charges of its own; None if that is more than can be carried."""
    assert pair.measured is not None, "a line that is paired is measured"
    told = {name: getattr(pair.of, name) for name in ("base_quantity", "price_factor", "discount")}
    told |= {"quantity": quantity, "unit_price": pair.measured.unit_price, "allowance": ZERO, "charge": ZERO}
    line = SimpleNamespace(**told)
    try:
        return net_of(line, currency)
    except AmountTooLarge:
        return None


def _on_whole(said: Invoice, pairs: Sequence[Pair], currency: str) -> Raw:
    found: Raw = {name: [] for name in PARTS.values()}
    for part in said.adjustments:
        rate = part.rate or ZERO
        taxed = (part.category, rate)
        same = [each.line.net for each in pairs if (each.line.category, each.line.rate or ZERO) == taxed]
        told = {"description": _reason(part), "tax_category": part.category, "tax_rate": plain(trimmed(rate))}
        found[PARTS[part.charge]].append(told | _figure(part, total(same), currency))
    return found


def _figure(part: Adjustment, base: Decimal | None, currency: str) -> Raw:
    percent = part.percent
    if percent is None or base is None or part.base not in (None, base) or scale(percent) > MOST_DECIMALS:
        return {"amount": plain(part.amount)}
    if percent_of(percent, base, currency) == part.amount:
        return {"percent": plain(trimmed(percent))}
    return {"amount": plain(part.amount)}


def _reason(part: Adjustment) -> str:
    return _masked(_BREAKS.sub(" ", part.reason)) or part.reason_code or NAMES[part.charge]


def _masked(text: str) -> str:
    """An account in a text is not taken over whole: texts of an invoice are read by many, and stand in the log."""
    return without_accounts(text, len(text))


def _given(raw: Mapping[str, Any]) -> Raw:
    return {name: value for name, value in raw.items() if value not in (None, [])}
