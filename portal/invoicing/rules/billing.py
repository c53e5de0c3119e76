"""What of an order is to be billed, when it is due, and what an invoice comes to (EN 16931)."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from portal.platform.decimals import ZERO, difference
from portal.platform.money import line_net
from portal.platform.totals import Part, Totals, totals

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
    return max(difference(of, difference(line.invoiced, line.credited)), ZERO)


def due_on(issued: date, payment_days: int) -> date:
    """The last day to pay, counted from the invoice's date."""
    return issued + timedelta(days=payment_days)


def paid_on(issued: date, due: date, payment_days: int) -> date:
    """The last day to pay while nobody took an earlier one: the supplier's due date, but never before the terms'."""
    return max(due, due_on(issued, payment_days))


def net_of(line: Any, currency: str) -> Decimal:
    """BT-131 of an invoice line: price ÷ base quantity × quantity, less the agreed discount, less its own allowance."""
    return line_net(
        line.unit_price,
        line.quantity,
        currency,
        base_quantity=line.base_quantity,
        factor=line.price_factor,
        discount=line.discount,
        allowances=[line.allowance],
    )


def totals_of(lines: Iterable[Any], charges: Iterable[Mapping[str, Any]], currency: str) -> Totals:
    """The invoice's sums by tax rate; charges on the whole document (BT-99) are taxed at their own rate."""
    return totals(
        [Part(line.net, line.tax_category, line.tax_rate) for line in lines],
        currency,
        charges=[
            Part(Decimal(charge["amount"]), charge["tax_category"], Decimal(charge["tax_rate"])) for charge in charges
        ],
    )
