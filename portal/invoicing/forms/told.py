"""What both sides get to see of an invoice and its match."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from portal.invoicing.forms.sums import InvoiceSumsOut
from portal.organisations.forms import PartyOut


class MatchSettingsOut(msgspec.Struct):
    version: int
    match_basis: str


class OrderRef(msgspec.Struct):
    id: UUID
    number: str


class TaxOut(msgspec.Struct):
    """One row of the tax breakdown (BG-23)."""

    tax_category: str
    tax_rate: Decimal
    base: Decimal | None
    tax: Decimal | None


class PaymentOut(msgspec.Struct):
    """When it will be paid; or, while that is open, what it waits for and whose turn it is."""

    date: date | None
    blocker: str | None
    owner: str | None


class InvoiceRow(msgspec.Struct):
    """An invoice in a list. `status_code` is what the supplier is told: AB, IP, UQ, RE, AP or PD.

    `due_date` is what the invoice says, `payable_on` when it is paid by the payment terms.
    """

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
    totals: InvoiceSumsOut
    issue_date: date
    due_date: date
    payable_on: date
    created_at: datetime
    submitted_at: datetime | None


class PartOut(msgspec.Struct):
    """An allowance or charge on a line; `base` is what a percentage is of."""

    reason: str
    amount: Decimal | None
    percent: Decimal | None = None
    base: Decimal | None = None


class ChargeOut(msgspec.Struct):
    """An allowance or charge on the whole document; `base` is what a percentage is of."""

    description: str
    amount: Decimal | None
    tax_category: str
    tax_rate: Decimal
    percent: Decimal | None = None
    base: Decimal | None = None


class ExchangeOut(msgspec.Struct):
    """A rate of exchange as the document keeps it: what `amount` comes to in `currency`, by whose rate of which day.

    `amount` is the document's total, or of a tax currency its tax (BT-111).
    """

    currency: str
    rate: Decimal
    date: date
    source: str
    amount: Decimal | None


class DiscountOut(msgspec.Struct):
    """A cash discount for paying by a day; `until` is open as long as nobody knows from when on the days count."""

    percent: Decimal
    days: int
    until: date | None
    amount: Decimal | None


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
    charge: Decimal | None
    allowances: list[PartOut]
    charges: list[PartOut]
    net: Decimal | None
    tax_category: str
    tax_rate: Decimal


class RemittanceOut(msgspec.Struct):
    """A payment of an invoice: what was paid, under which reference, and which credit notes it settled.

    `credited` is what credit notes of other invoices made up of it, `discount` the cash discount that was kept back;
    `account` is the masked bank account that it went to, where that is known. One that was recorded by mistake was
    undone on `reversed_on`, for its reason.
    """

    id: UUID
    paid_on: date
    reference: str
    account: str | None
    amount: Decimal | None
    credited: Decimal | None
    discount: Decimal | None
    currency: str
    created_at: datetime
    credit_notes: list[str]
    reversed_on: date | None
    reversal_reason: str


class NettableOut(msgspec.Struct):
    """A credit note that a payment can take up, and what is left of it."""

    id: UUID
    number: str
    left: Decimal | None


class InvoiceOut(InvoiceRow):
    """An invoice with all that its reader may see; prices are null for who may not.

    `overdue` if it is approved and its day has passed where its reader is; `credited` is what its credit notes took
    back, tax included; `due_reason` says from when on the payment terms count; `late`: an order was closed already.
    `exchange` is the buyer's own value of it, and for the buyer alone. `paid` is what its `payments` come to, `left`
    what is still to be paid once it is approved, without its agreed credit notes. `prepaid_reference` says when and how
    the amount was paid that the supplier had before.
    """

    despatch_advice_id: UUID | None
    orders: list[OrderRef]
    payment: PaymentOut
    overdue: bool
    payment_terms: str
    tax_method: str
    taxes: list[TaxOut]
    allowances: list[ChargeOut]
    charges: list[ChargeOut]
    prepaid_reference: str
    credited: Decimal | None
    base_date: date | None
    due_reason: str
    discounts: list[DiscountOut]
    late: bool
    exchange: ExchangeOut | None
    tax_exchange: ExchangeOut | None
    override_reason: str
    exemption_reason: str
    reason: str
    decided_at: datetime | None
    settled_on: date | None
    settlement_reference: str
    paid: Decimal | None
    left: Decimal | None
    payments: list[RemittanceOut]
    lines: list[InvoiceLineOut]


class MatchLineOut(msgspec.Struct):
    """One billed line beside what was ordered, received, accepted and billed before; `differs` names the findings.

    `match_basis` says which of these the billed quantities are held against, `entitled` how much that is; `credited` is
    what credit notes for this very line took back of its quantity. Of an order that was migrated from another system
    `booked_here` is how much was accepted in the portal itself, else it is null. `corrected` is by how much credit
    notes for a price lowered `unit_price`.
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
    returned: Decimal
    match_basis: str
    invoiced_before: Decimal
    quantity: Decimal
    ordered_price: Decimal | None
    unit_price: Decimal | None
    base_quantity: Decimal
    price_factor: Decimal
    discount: Decimal | None
    charge: Decimal | None
    net: Decimal | None
    ordered_tax_category: str
    ordered_tax_rate: Decimal
    tax_category: str
    tax_rate: Decimal
    price_unit: str = ""
    credited: Decimal = Decimal(0)
    corrected: Decimal | None = Decimal(0)
    entitled: Decimal = Decimal(0)
    booked_here: Decimal | None = None
    differs: list[str] = []


class MatchedLine(MatchLineOut):
    """The same with what order and item say of tolerances: the buyer's own, which nobody is told."""

    tolerances: dict[str, Any] = {}


class ExceptionOut(msgspec.Struct):
    """A finding of the match. `tolerance` and `resolution_reason` are null for the supplier.

    `answer` is what the buyer asks for while it is open: corrected_invoice, credit_note, wait (for the receipt) or
    reject_line, with a reason that both sides read; else it is empty.
    """

    id: UUID
    kind: str
    line: int | None
    expected: str | None
    actual: str | None
    tolerance: dict[str, Any] | None
    owner_role: str
    resolution: str
    resolution_reason: str | None
    answer: str
    answer_reason: str
    answered_at: datetime | None
    created_at: datetime
    resolved_at: datetime | None


class MatchingOut(msgspec.Struct):
    """The answer of `GET …/matching`, line by line.

    `state` is unmatched, matched, exceptions (some are open) or resolved (all were accepted).
    """

    state: str
    lines: list[MatchLineOut]
    exceptions: list[ExceptionOut]
