"""What suppliers send to invoice, and what payables send to decide."""

from collections import Counter
from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

import msgspec

from portal.orders.forms import MOST_LINES, MatchBasis
from portal.platform.fields import (
    Amount,
    Day,
    Line,
    Percent,
    Quantity,
    Rounding,
    TaxCategory,
    TaxRate,
    Text,
    UnitPrice,
    Why,
)
from portal.platform.i18n import _
from portal.platform.problems import FieldError, Problems, problem


class InvoiceNumber(Line):
    """The supplier's own number, kept exactly as written; blanks and case make no other number."""

    longest = 100
    example = "R-2026-0042"


class AdvanceReference(Line):
    """When and how something was paid before its invoice; may be left empty."""

    pattern = rf"^({Line.pattern[1:-1]})?$"
    shortest = 0
    longest = 100
    example = "2026-11-03, TRF-4711"


class PartForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An allowance or charge on one line (BG-27, BG-28): an amount, or a percentage of what the line costs."""

    reason: Line
    amount: Amount | None = None
    percent: Percent | None = None

    def __post_init__(self) -> None:
        check_either(self.amount, self.percent)


class ChargeForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An allowance or charge on the whole invoice (BG-20, BG-21), such as freight, with its own tax.

    A percentage is of the lines with that tax.
    """

    description: Line
    amount: Amount | None = None
    percent: Percent | None = None
    tax_category: TaxCategory
    tax_rate: TaxRate

    def __post_init__(self) -> None:
        check_either(self.amount, self.percent)


Parts = Annotated[list[PartForm], msgspec.Meta(max_length=20)]


class InvoiceLineForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is billed of one order line. Absent tax is the order's; the order's discount applies by itself.

    `allowance` and `charge` are short for one of each without a reason of its own.
    """

    order_line_id: UUID
    quantity: Quantity
    unit_price: UnitPrice
    allowance: Amount | None = None
    charge: Amount | None = None
    allowances: Parts | None = None
    charges: Parts | None = None
    tax_category: TaxCategory | None = None
    tax_rate: TaxRate | None = None


Lines = Annotated[list[InvoiceLineForm], msgspec.Meta(min_length=1, max_length=MOST_LINES)]
Charges = Annotated[list[ChargeForm], msgspec.Meta(max_length=20)]


class InvoiceForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A new invoice for an order or a despatch advice; without lines it bills what can be billed now.

    `exemption_reason` says why what is exempt (category E) bears no tax (BT-120). `prepaid`, with the tax in it, was
    paid before (BT-113), as `prepaid_reference` tells; `rounding` makes what is then due round (BT-114).
    """

    number: InvoiceNumber
    issue_date: Day
    order_id: UUID | None = None
    despatch_advice_id: UUID | None = None
    due_date: Day | None = None
    allowances: Charges | None = None
    charges: Charges | None = None
    lines: Lines | None = None
    override_reason: Text | None = None
    exemption_reason: Text | None = None
    prepaid: Amount | None = None
    prepaid_reference: AdvanceReference | None = None
    rounding: Rounding | None = None

    def __post_init__(self) -> None:
        if (self.order_id is None) == (self.despatch_advice_id is None):
            raise problem("order_id", _("Name either an order or a despatch advice."))
        check_days(self.issue_date, self.due_date)
        check_lines(self.lines)


class InvoiceEdit(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Changes to a draft; what is absent stays. `lines`, `allowances` and `charges` replace all of them.

    Without a `due_date` (null) it is due as agreed, without an `exemption_reason` it gives none any more.
    """

    number: InvoiceNumber | None = None
    issue_date: Day | None = None
    due_date: Day | msgspec.UnsetType | None = msgspec.UNSET
    allowances: Charges | None = None
    charges: Charges | None = None
    lines: Lines | None = None
    override_reason: Text | None = None
    exemption_reason: Text | msgspec.UnsetType | None = msgspec.UNSET
    prepaid: Amount | None = None
    prepaid_reference: AdvanceReference | None = None
    rounding: Rounding | None = None

    def __post_init__(self) -> None:
        check_days(self.issue_date, self.due_date or None)
        check_lines(self.lines)


def check_either(amount: object, percent: object) -> None:
    """Raises Problems unless exactly one of both is given."""
    if (amount is None) == (percent is None):
        raise problem("amount", _("Enter an amount or a percentage, one of both."))


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


class MatchSettingsForm(msgspec.Struct, forbid_unknown_fields=True):
    """By what invoices are matched where an order line says nothing."""

    match_basis: MatchBasis


class Settlement(msgspec.Struct, forbid_unknown_fields=True):
    """When it was paid, and under which reference the payment is found.

    Without an `amount` all that is left is paid. What comes to a cash discount, with what was paid before and all of it
    within its days, settles the invoice. `credit_note_ids` are approved credit notes of other invoices of the supplier,
    which are settled, that make up a part of it. `supplier_account_id` is the approved bank account that it went to; it
    may be left out where the supplier has but one.
    """

    date: Day
    reference: Line
    amount: Amount | None = None
    credit_note_ids: Annotated[list[UUID], msgspec.Meta(max_length=50)] = []
    supplier_account_id: UUID | None = None


class PaymentReversal(msgspec.Struct, forbid_unknown_fields=True):
    """Why a payment that was recorded is none; the supplier reads it."""

    reason: Why


class ExceptionAnswer(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is to happen with a difference that is not accepted: the supplier corrects it by an invoice or a credit
    note, the buyer waits for the receipt, or rejects the line. The supplier reads the reason."""

    EXAMPLE: ClassVar[dict[str, str]] = {"answer": "credit_note", "reason": "We agreed on 12.50, not 13.50."}

    answer: Literal["corrected_invoice", "credit_note", "wait", "reject_line"]
    reason: Why


class Acceptance(msgspec.Struct, forbid_unknown_fields=True):
    """Why a difference is right; only the buyer's own people read it."""

    reason: Text

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise problem("reason", _("Say why this difference is right."))
