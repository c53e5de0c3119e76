"""The invoice as the supplier wrote it, its lines, and what the buyer found to differ."""

from decimal import Decimal
from typing import Any

from piccolo.columns import JSONB, UUID, BigInt, Date, Integer, Numeric, Text, Timestamptz

from portal.access.tables import Organisation
from portal.platform.work import Row

__all__ = ["Invoice", "InvoiceLine", "MatchException", "Organisation"]


class Invoice(Row, tablename="invoice"):
    """The supplier's document; `shown_to` becomes the buyer on submission. `order_id` is the first order it bills.

    `due_date` is what the supplier claims; `payable_on` the day by which the buyer pays: never before the payment terms
    allow, unless somebody accepted it.
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
    charges: Any = JSONB(default=[])
    lines_net = Numeric()
    charges_net = Numeric(default=Decimal(0))
    net = Numeric()
    tax = Numeric()
    gross = Numeric()
    gross_minor = BigInt()
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


class InvoiceLine(Row, tablename="invoice_line"):
    """One billed order line. Base quantity, price unit, factor and discount are the order's."""

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
    net = Numeric()
    tax_category = Text()
    tax_rate = Numeric()


class MatchException(Row, tablename="match_exception"):
    """A difference from order or delivery, with the role that has to decide on it and what came of it."""

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
    created_at = Timestamptz()
    version = Integer(default=1)
