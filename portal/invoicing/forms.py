"""What suppliers send to invoice and payables to decide, and what both get to see of an invoice and its match."""

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import msgspec

from portal.orders.forms import MOST_LINES, PartyOut
from portal.platform.fields import Amount, Day, Line, Quantity, TaxCategory, TaxRate, Text, UnitPrice
from portal.platform.i18n import _
from portal.platform.problems import FieldError, Problems, problem


class InvoiceNumber(Line):
    """The supplier's own number, kept exactly as written; blanks and case make no other number."""

    longest = 100
    example = "R-2026-0042"


class ChargeForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An amount added to the whole invoice (BT-99), such as freight, with its own tax."""

    description: Line
    amount: Amount
    tax_category: TaxCategory
    tax_rate: TaxRate


class InvoiceLineForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is billed of one order line. Absent tax is the order's; the order's discount applies by itself."""

    order_line_id: UUID
    quantity: Quantity
    unit_price: UnitPrice
    allowance: Amount | None = None
    tax_category: TaxCategory | None = None
    tax_rate: TaxRate | None = None


Lines = Annotated[list[InvoiceLineForm], msgspec.Meta(min_length=1, max_length=MOST_LINES)]
Charges = Annotated[list[ChargeForm], msgspec.Meta(max_length=20)]


class InvoiceForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A new invoice for an order or a despatch advice; without lines it bills what can be billed now."""

    number: InvoiceNumber
    issue_date: Day
    order_id: UUID | None = None
    despatch_advice_id: UUID | None = None
    due_date: Day | None = None
    charges: Charges | None = None
    lines: Lines | None = None
    override_reason: Text | None = None

    def __post_init__(self) -> None:
        if (self.order_id is None) == (self.despatch_advice_id is None):
            raise problem("order_id", _("Name either an order or a despatch advice."))
        check_days(self.issue_date, self.due_date)
        check_lines(self.lines)


class InvoiceEdit(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Changes to a draft; what is absent stays. `lines` and `charges` replace all of them."""

    number: InvoiceNumber | None = None
    issue_date: Day | None = None
    due_date: Day | None = None
    charges: Charges | None = None
    lines: Lines | None = None
    override_reason: Text | None = None

    def __post_init__(self) -> None:
        check_days(self.issue_date, self.due_date)
        check_lines(self.lines)


def check_days(issue_date: date | None, due_date: date | None) -> None:
    """Raises Problems for an invoice due before it is issued."""
    if issue_date is not None and due_date is not None and due_date < issue_date:
        raise problem("due_date", _("An invoice is not due before its own date."))


def check_lines(lines: list[InvoiceLineForm] | None) -> None:
    """Raises Problems for an order line that is billed twice in one invoice."""
    named = Counter(line.order_line_id for line in lines or ())
    twice = [number for number, line in enumerate(lines or ()) if named[line.order_line_id] > 1]
    if twice:
        message = _("This order line is billed twice. Bill it once, with the whole quantity.")
        raise Problems(FieldError(f"lines.{number}.order_line_id", message) for number in twice)


class Settlement(msgspec.Struct, forbid_unknown_fields=True):
    """When it was paid, and under which reference the payment is found."""

    date: Day
    reference: Line


class OrderRef(msgspec.Struct):
    id: UUID
    number: str


class TaxOut(msgspec.Struct):
    """One row of the tax breakdown (BG-23)."""

    tax_category: str
    tax_rate: Decimal
    base: Decimal | None
    tax: Decimal | None


class InvoiceTotalsOut(msgspec.Struct):
    net: Decimal | None
    tax: Decimal | None
    gross: Decimal | None


class PaymentOut(msgspec.Struct):
    """When it will be paid; or, while that is open, what it waits for and whose turn it is."""

    date: date | None
    blocker: str | None
    owner: str | None


class InvoiceRow(msgspec.Struct):
    """An invoice in a list. `status_code` is what the supplier is told: AB, IP, UQ, RE, AP or PD."""

    id: UUID
    number: str
    version: int
    state: str
    match_state: str
    status_code: str | None
    order: OrderRef
    buyer: PartyOut
    supplier: PartyOut
    currency: str
    totals: InvoiceTotalsOut
    issue_date: date
    due_date: date
    created_at: datetime
    submitted_at: datetime | None


class ChargeOut(msgspec.Struct):
    description: str
    amount: Decimal | None
    tax_category: str
    tax_rate: Decimal


class InvoiceLineOut(msgspec.Struct):
    id: UUID
    line: int
    order_id: UUID
    order_line_id: UUID
    description: str
    item_number: str
    quantity: Decimal
    unit: str
    unit_price: Decimal | None
    base_quantity: Decimal
    price_unit: str
    discount: Decimal | None
    allowance: Decimal | None
    net: Decimal | None
    tax_category: str
    tax_rate: Decimal


class InvoiceOut(InvoiceRow):
    """An invoice with all that its reader may see; prices are null for who may not."""

    despatch_advice_id: UUID | None
    orders: list[OrderRef]
    payment: PaymentOut
    payment_terms: str
    tax_method: str
    taxes: list[TaxOut]
    charges: list[ChargeOut]
    override_reason: str
    reason: str
    decided_at: datetime | None
    settled_on: date | None
    settlement_reference: str
    lines: list[InvoiceLineOut]


class MatchLineOut(msgspec.Struct):
    """One billed line beside what was ordered, received, accepted and billed before; `differs` names the findings.

    `match_basis` says which of these the billed quantities are held against, `entitled` how much that is.
    """

    line: int
    order_id: UUID
    order_number: str
    order_line_id: UUID
    order_line: int
    kind: str
    description: str
    unit: str
    ordered: Decimal
    confirmed: Decimal
    received: Decimal
    accepted: Decimal
    rejected: Decimal
    returned_for_replacement: Decimal
    match_basis: str
    invoiced_before: Decimal
    quantity: Decimal
    ordered_price: Decimal | None
    unit_price: Decimal | None
    base_quantity: Decimal
    price_factor: Decimal
    discount: Decimal | None
    net: Decimal | None
    ordered_tax_category: str
    ordered_tax_rate: Decimal
    tax_category: str
    tax_rate: Decimal
    entitled: Decimal = Decimal(0)
    differs: list[str] = []


class ExceptionOut(msgspec.Struct):
    """A finding of the match. `tolerance` and `resolution_reason` are null for the supplier."""

    id: UUID
    kind: str
    line: int | None
    expected: str | None
    actual: str | None
    tolerance: dict[str, Any] | None
    owner_role: str
    resolution: str
    resolution_reason: str | None
    created_at: datetime
    resolved_at: datetime | None


class MatchingOut(msgspec.Struct):
    """The answer of `GET …/matching`: unmatched, matched or exceptions, line by line."""

    state: str
    lines: list[MatchLineOut]
    exceptions: list[ExceptionOut]
