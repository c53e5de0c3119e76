"""What happens to invoices and credit notes. Codes are stable: webhooks, mails and the log name them.

There is one event for each order concerned.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True)
class InvoiceCreated:
    """A supplier's draft: its number is taken from here on, and only the supplier sees it. `sha256` is that of the file
    that it was made of, if one was."""

    code = "invoice.created"
    invoice_id: UUID
    order_id: UUID
    sha256: str = ""


@dataclass(frozen=True)
class ReceivedFileSealed:
    """The file that an invoice was made of lay in plain bytes, kept by a release before, and is sealed from now on;
    `sha256` is that of the file as it came."""

    code = "invoice.file-sealed"
    invoice_id: UUID
    order_id: UUID
    sha256: str


@dataclass(frozen=True)
class InvoiceEdited:
    code = "invoice.edited"
    invoice_id: UUID
    order_id: UUID


@dataclass(frozen=True)
class InvoiceDiscarded:
    """A draft was thrown away; its number is free again."""

    code = "invoice.discarded"
    invoice_id: UUID
    order_id: UUID


@dataclass(frozen=True)
class InvoiceSubmitted:
    """The buyer has the invoice; its quantities are booked as invoiced."""

    code = "invoice.submitted"
    invoice_id: UUID
    order_id: UUID
    gross: Decimal
    currency: str


@dataclass(frozen=True)
class InvoicedLine:
    """One billed order line with its net amount (BT-131), and how many differences the first match found on it."""

    order_line_id: UUID
    quantity: Decimal
    unit_price: Decimal
    base_quantity: Decimal
    net: Decimal
    exceptions: int


@dataclass(frozen=True)
class InvoiceMatched:
    """The first match, at submission: scorecards count how often it finds nothing."""

    code = "invoice.matched"
    invoice_id: UUID
    order_id: UUID
    matched: bool
    lines: tuple[InvoicedLine, ...]


@dataclass(frozen=True)
class InvoiceMatchedAgain:
    """A later match, after goods were booked or terms changed: `opened` new differences, `cleared` ones gone."""

    code = "invoice.matched-again"
    invoice_id: UUID
    order_id: UUID
    matched: bool
    opened: int
    cleared: int


@dataclass(frozen=True)
class ExceptionsAccepted:
    """Somebody who owns differences took them and said why; the reason stays with the buyer."""

    code = "invoice.exceptions-accepted"
    invoice_id: UUID
    order_id: UUID
    exceptions: int


@dataclass(frozen=True)
class ExceptionAnswered:
    """The buyer says what is to happen with a difference that it does not accept; the supplier reads why."""

    code = "invoice.exception-answered"
    invoice_id: UUID
    order_id: UUID
    answer: str
    line: int | None
    reason: str


@dataclass(frozen=True)
class InvoiceApproved:
    """`due_date` is the day by which the buyer pays."""

    code = "invoice.approved"
    invoice_id: UUID
    order_id: UUID
    due_date: date


@dataclass(frozen=True)
class InvoiceDisputed:
    code = "invoice.disputed"
    invoice_id: UUID
    order_id: UUID
    reason: str


@dataclass(frozen=True)
class InvoiceRejected:
    """Its number is free again, and its quantities can be invoiced again."""

    code = "invoice.rejected"
    invoice_id: UUID
    order_id: UUID
    reason: str


@dataclass(frozen=True)
class MatchBasisChanged:
    """What holds for lines that say nothing, in orders issued from here on."""

    code = "invoice.match-basis-changed"
    match_basis: str


@dataclass(frozen=True)
class InvoiceSettled:
    code = "invoice.settled"
    invoice_id: UUID
    order_id: UUID
    settled_on: date
    reference: str


@dataclass(frozen=True)
class InvoicePaidInPart:
    """A part of what is owed was paid; the rest stays to be paid."""

    code = "invoice.paid-in-part"
    invoice_id: UUID
    order_id: UUID
    paid_on: date
    reference: str
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class PaymentReversed:
    """A payment was recorded by mistake: what it paid is to be paid again, what it took up is free."""

    code = "invoice.payment-reversed"
    invoice_id: UUID
    order_id: UUID
    payment_id: UUID
    paid_on: date
    reference: str
    amount: Decimal
    currency: str
    reason: str


@dataclass(frozen=True)
class CreditNoteFreed:
    """The payment that took it up was undone: it can be set off again."""

    code = "credit-note.freed"
    credit_note_id: UUID
    invoice_id: UUID
    order_id: UUID
    reason: str


@dataclass(frozen=True)
class CreditNoteCreated:
    """A supplier's draft: its number is taken from here on, and only the supplier sees it. `sha256` is that of the file
    that it was made of, if one was."""

    code = "credit-note.created"
    credit_note_id: UUID
    invoice_id: UUID
    order_id: UUID
    sha256: str = ""


@dataclass(frozen=True)
class CreditNoteEdited:
    code = "credit-note.edited"
    credit_note_id: UUID
    invoice_id: UUID
    order_id: UUID


@dataclass(frozen=True)
class CreditNoteDiscarded:
    """A draft was thrown away; its number is free again."""

    code = "credit-note.discarded"
    credit_note_id: UUID
    invoice_id: UUID
    order_id: UUID


@dataclass(frozen=True)
class CreditNoteSubmitted:
    """The buyer has it, and is to agree."""

    code = "credit-note.submitted"
    credit_note_id: UUID
    invoice_id: UUID
    order_id: UUID
    gross: Decimal
    currency: str


@dataclass(frozen=True)
class CreditNoteApproved:
    """What it gives back has left the invoiced quantities; what of it went back is not billed again."""

    code = "credit-note.approved"
    credit_note_id: UUID
    invoice_id: UUID
    order_id: UUID


@dataclass(frozen=True)
class CreditNoteRejected:
    """Its number is free again; what it would have given back stays billed."""

    code = "credit-note.rejected"
    credit_note_id: UUID
    invoice_id: UUID
    order_id: UUID
    reason: str


@dataclass(frozen=True)
class CreditNoteSettled:
    """It was set off against a payment, or paid back."""

    code = "credit-note.settled"
    credit_note_id: UUID
    invoice_id: UUID
    order_id: UUID
    settled_on: date
    reference: str


@dataclass(frozen=True)
class InvoiceDueMoved:
    """That from which the payment terms count has happened, or was undone: `payable_on` follows."""

    code = "invoice.due-moved"
    invoice_id: UUID
    order_id: UUID
    base_date: date | None
    payable_on: date
