"""What of an order is to be billed, and what an invoice comes to (EN 16931)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from portal.platform.decimals import ZERO, difference, scale, share
from portal.platform.i18n import Message, _
from portal.platform.money import decimals, line_net, round_amount
from portal.platform.totals import Part, Totals, totals

Stored = Mapping[str, Any]
UNRECEIVED = frozenset({"charge"})
# A limit is billed as far as it was used, and never before.
ACCEPTED_FIRST = frozenset({"limit"})


def proposed(line: Any, anything_received: bool) -> Decimal:
    """What the supplier may bill of an order line now: what was accepted, or before any delivery what was confirmed.

    A charge is never received: it is billed as confirmed. What is invoiced already is not proposed again.
    """
    by_receipt = line.kind in ACCEPTED_FIRST or (anything_received and line.kind not in UNRECEIVED)
    return _left(line.accepted if by_receipt else line.confirmed, line)


def proposed_of_advice(line: Any, advised: Decimal) -> Decimal:
    """What to bill of an order line from a despatch advice: what it says, but nothing rejected or billed already."""
    return min(advised, _left(difference(line.despatched, line.rejected), line))


def _left(of: Decimal, line: Any) -> Decimal:
    """Of so much of a line, or of what it was closed to: what is neither billed nor went back."""
    of = of if line.closed_to is None else min(of, line.closed_to)
    return max(difference(difference(of, line.returned), difference(line.invoiced, line.credited)), ZERO)


def net_of(line: Any, currency: str) -> Decimal:
    """BT-131 of an invoice line: price ÷ base quantity × quantity, less discount and allowances, plus charges."""
    return line_net(
        line.unit_price,
        line.quantity,
        currency,
        base_quantity=line.base_quantity,
        factor=line.price_factor,
        discount=line.discount,
        allowances=[line.allowance],
        charges=[line.charge],
    )


def totals_of(
    lines: Iterable[Any],
    allowances: Iterable[Stored],
    charges: Iterable[Stored],
    currency: str,
    *,
    prepaid: Decimal = ZERO,
    rounding: Decimal = ZERO,
) -> Totals:
    """The document's sums by tax rate; what is on the whole of it (BT-92, BT-99) is taxed at its own rate."""
    return totals(
        [Part(line.net, line.tax_category, line.tax_rate) for line in lines],
        currency,
        allowances=map(_part, allowances),
        charges=map(_part, charges),
        prepaid=prepaid,
        rounding=rounding,
    )


def _part(stored: Stored) -> Part:
    return Part(Decimal(stored["amount"]), stored["tax_category"], Decimal(stored["tax_rate"]))


def percent_of(percent: Decimal, base: Decimal, currency: str) -> Decimal:
    """An allowance or charge that is said as a percentage (BT-94, BT-138): of its base, rounded half up."""
    return round_amount(share(percent, base), currency)


def too_fine(amount: Decimal | None, currency: str) -> Message | None:
    """What is wrong with an amount that has more decimals than its currency."""
    if amount is None or scale(amount) <= decimals(currency):
        return None
    return _("Amounts in {currency} have at most {places} decimals.", currency=currency, places=decimals(currency))
