"""The invoice as the supplier wrote it, its lines, and what the buyer found to differ."""

from decimal import Decimal
from typing import Any

from piccolo.columns import JSONB, UUID, BigInt, Boolean, Date, Integer, Numeric, Text, Timestamptz

from portal.access.tables import Organisation
from portal.platform.decimals import ZERO
from portal.platform.totals import due_of
from portal.platform.work import Row

__all__ = ["CreditNote", "CreditNoteLine", "Invoice", "InvoiceLine", "MatchException", "Organisation", "Payment"]


class Invoice(Row, tablename="invoice"):
    """The supplier's document; `shown_to` becomes the buyer on submission. `order_id` is the first order it bills.

    `due_date` is what the supplier claims; `payable_on` the day by which the buyer pays: never before the payment terms
    allow, unless somebody accepted it. The terms count from `base_date`, and make it due on `terms_due`; both are open
    until the base has happened. `due_days` keeps which day of payment it was since when, none while it has not;
    `stated_on` is the day of the first statement of account that tells of it. The buyer's rate of exchange is in
    `exchange_…`, that of the supplier's tax in `tax_…`. `prepaid` was paid before it was written, as the supplier says.
    """

    subject_kind = "invoice"
    owner = "supplier_id"
    id = UUID(primary_key=True, default=None)
    supplier_id = UUID()
    buyer_id = UUID()
    shown_to = UUID(null=True, default=None)
    supplier_name = Text()
    buyer_name = Text()
    order_id = UUID()
    order_number = Text()
    despatch_advice_id = UUID(null=True, default=None)
    number = Text()
    number_key = Text()
    override_reason = Text()
    exemption_reason = Text()
    version = Integer(default=1)
    state = Text(default="draft")
    match_state = Text(default="unmatched")
    currency = Text()
    tax_method = Text(default="per_rate")
    issue_date = Date()
    due_date = Date()
    payable_on = Date()
    payment_days = Integer()
    payment_terms = Text()
    terms: Any = JSONB(default={})
    earliest_due = Date()
    base_date = Date(null=True, default=None)
    terms_due = Date(null=True, default=None)
    due_days: Any = JSONB(default=[])
    stated_on = Date(null=True, default=None)
    late = Boolean(default=False)
    allowances: Any = JSONB(default=[])
    charges: Any = JSONB(default=[])
    lines_net = Numeric()
    allowances_net = Numeric(default=Decimal(0))
    charges_net = Numeric(default=Decimal(0))
    net = Numeric()
    tax = Numeric()
    gross = Numeric()
    gross_minor = BigInt()
    prepaid = Numeric(default=Decimal(0))
    prepaid_reference = Text()
    rounding = Numeric(default=Decimal(0))
    own_currency = Text()
    exchange_rate = Numeric(null=True, default=None)
    exchange_date = Date(null=True, default=None)
    exchange_source = Text()
    tax_currency = Text()
    tax_exchange_rate = Numeric(null=True, default=None)
    tax_exchange_date = Date(null=True, default=None)
    tax_exchange_source = Text()
    tax_accounting = Numeric(null=True, default=None)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    submitted_by = UUID(null=True, default=None)
    submitted_at = Timestamptz(null=True, default=None)
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    reason = Text()
    settled_by = UUID(null=True, default=None)
    settled_at = Timestamptz(null=True, default=None)
    settled_on = Date(null=True, default=None)
    settlement_reference = Text()
    search = Text()

    @property
    def due(self) -> Decimal:
        """What it asks for: its total less what was paid before it, made round (BT-115; BR-CO-16)."""
        return due_of(self.gross, self.prepaid, self.rounding)


class InvoiceLine(Row, tablename="invoice_line"):
    """One billed order line. Base quantity, price unit, factor and discount are the order's.

    `allowance` and `charge` are the sums of its `allowances` and `charges`.
    """

    subject_kind = "invoice-line"
    owner = "supplier_id"
    id = UUID(primary_key=True, default=None)
    invoice_id = UUID()
    supplier_id = UUID()
    buyer_id = UUID()
    shown_to = UUID(null=True, default=None)
    order_id = UUID()
    order_line_id = UUID()
    line = Integer()
    description = Text()
    item_number = Text()
    quantity = Numeric()
    unit = Text()
    unit_price = Numeric()
    base_quantity = Numeric(default=Decimal(1))
    price_unit = Text()
    price_factor = Numeric(default=Decimal(1))
    discount = Numeric(default=Decimal(0))
    allowance = Numeric(default=Decimal(0))
    charge = Numeric(default=Decimal(0))
    allowances: Any = JSONB(default=[])
    charges: Any = JSONB(default=[])
    net = Numeric()
    tax_category = Text()
    tax_rate = Numeric()


class MatchException(Row, tablename="match_exception"):
    """A difference from order or delivery, with the role that has to decide on it and what came of it.

    `answer` is what the buyer asks for or waits for while it is open.
    """

    subject_kind = "match-exception"
    owner = "buyer_id"
    private = frozenset({"tolerance", "resolution_reason"})
    id = UUID(primary_key=True, default=None)
    invoice_id = UUID()
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID(null=True, default=None)
    order_id = UUID(null=True, default=None)
    line = Integer(null=True, default=None)
    kind = Text()
    expected = Text()
    actual = Text()
    tolerance = JSONB(null=True, default=None)
    owner_role = Text()
    resolution = Text(default="open")
    resolution_reason = Text()
    resolved_by = UUID(null=True, default=None)
    resolved_at = Timestamptz(null=True, default=None)
    answer = Text()
    answer_reason = Text()
    answered_by = UUID(null=True, default=None)
    answered_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz()
    version = Integer(default=1)


class CreditNote(Row, tablename="credit_note"):
    """The supplier's document that gives back what an invoice billed; amounts are positive (type 381, not a negative
    invoice). `reason` says what it is for, `decision_reason` why the buyer refused it.

    From `booked_at` on its quantities are out of the invoiced ones: since the buyer agreed. `set_off` is what of it
    lowers its own invoice, once that is settled; what is beyond is the supplier's debt, which the payment of another
    invoice (`payment_id`) takes up, or which is paid back.
    """

    subject_kind = "credit-note"
    owner = "supplier_id"
    id = UUID(primary_key=True, default=None)
    supplier_id = UUID()
    buyer_id = UUID()
    shown_to = UUID(null=True, default=None)
    supplier_name = Text()
    buyer_name = Text()
    invoice_id = UUID()
    invoice_number = Text()
    invoice_date = Date()
    order_id = UUID()
    number = Text()
    number_key = Text()
    kind = Text()
    reason = Text()
    exemption_reason = Text()
    version = Integer(default=1)
    state = Text(default="draft")
    currency = Text()
    issue_date = Date()
    allowances: Any = JSONB(default=[])
    charges: Any = JSONB(default=[])
    taxes: Any = JSONB(default=[])
    lines_net = Numeric()
    allowances_net = Numeric(default=Decimal(0))
    charges_net = Numeric(default=Decimal(0))
    net = Numeric()
    tax = Numeric()
    gross = Numeric()
    gross_minor = BigInt()
    rounding = Numeric(default=Decimal(0))
    own_currency = Text()
    exchange_rate = Numeric(null=True, default=None)
    exchange_date = Date(null=True, default=None)
    exchange_source = Text()
    tax_currency = Text()
    tax_exchange_rate = Numeric(null=True, default=None)
    tax_exchange_date = Date(null=True, default=None)
    tax_exchange_source = Text()
    tax_accounting = Numeric(null=True, default=None)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    submitted_by = UUID(null=True, default=None)
    submitted_at = Timestamptz(null=True, default=None)
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    decision_reason = Text()
    booked_at = Timestamptz(null=True, default=None)
    settled_by = UUID(null=True, default=None)
    settled_at = Timestamptz(null=True, default=None)
    settled_on = Date(null=True, default=None)
    settlement_reference = Text()
    settled_before: Any = JSONB(default=[])
    payment_id = UUID(null=True, default=None)
    set_off = Numeric(default=Decimal(0))
    search = Text()

    @property
    def due(self) -> Decimal:
        """What it gives back: its total, made round as its invoice was (BT-115)."""
        return due_of(self.gross, ZERO, self.rounding)


class Payment(Row, tablename="payment"):
    """What the buyer paid of an invoice at once; `credited` is what credit notes of other invoices made up of it, and
    `discount` the cash discount that was kept back.

    An opposite entry, with negative amounts, `reverses` one that was recorded by mistake, for a `reason`.
    """

    subject_kind = "payment"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID()
    invoice_id = UUID()
    version = Integer(default=1)
    paid_on = Date()
    reference = Text()
    currency = Text()
    amount = Numeric()
    credited = Numeric(default=Decimal(0))
    bank_approval_id = UUID(null=True, default=None)
    discount = Numeric(default=Decimal(0))
    reverses = UUID(null=True, default=None)
    reason = Text()
    reversed_at = Timestamptz(null=True, default=None)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()


class CreditNoteLine(Row, tablename="credit_note_line"):
    """What is given back of one invoice line; `booked` is how much of it leaves the billed quantity.

    `returned` is how much of that had come and is not billed again; it is known once the buyer agrees.
    """

    subject_kind = "credit-note-line"
    owner = "supplier_id"
    id = UUID(primary_key=True, default=None)
    credit_note_id = UUID()
    supplier_id = UUID()
    buyer_id = UUID()
    shown_to = UUID(null=True, default=None)
    invoice_line_id = UUID()
    order_id = UUID()
    order_line_id = UUID()
    line = Integer()
    description = Text()
    item_number = Text()
    quantity = Numeric()
    unit = Text()
    unit_price = Numeric()
    base_quantity = Numeric(default=Decimal(1))
    price_unit = Text()
    price_factor = Numeric(default=Decimal(1))
    discount = Numeric(default=Decimal(0))
    allowance = Numeric(default=Decimal(0))
    charge = Numeric(default=Decimal(0))
    net = Numeric()
    booked = Numeric()
    returned = Numeric(default=Decimal(0))
    tax_category = Text()
    tax_rate = Numeric()
