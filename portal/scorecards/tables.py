"""The facts that scores are made of, written by set-based SQL alone; and the organisation that they all refer to."""

from decimal import Decimal

from piccolo.columns import UUID, Boolean, Date, Integer, Numeric, Text, Timestamptz

from portal.access.tables import Organisation
from portal.platform.work import Row

__all__ = ["DeliveryFact", "InvoiceFact", "Organisation", "ScheduleFact"]


class ScheduleFact(Row, tablename="schedule_fact"):
    """A schedule line (whose id it has): what was asked, what was promised first and last, what came, how it ended."""

    subject_kind = "schedule-fact"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID()
    order_id = UUID()
    order_number = Text()
    line_id = UUID()
    line = Integer()
    sequence = Integer()
    leads = Boolean(default=False)
    item_id = UUID(null=True, default=None)
    item_number = Text()
    description = Text()
    unit = Text()
    unit_price = Numeric()
    discount = Numeric()
    base_quantity = Numeric()
    currency = Text()
    time_zone = Text()
    ordered_quantity = Numeric()
    requested_date = Date(null=True, default=None)
    first_quantity = Numeric(null=True, default=None)
    first_date = Date(null=True, default=None)
    last_quantity = Numeric(null=True, default=None)
    last_date = Date(null=True, default=None)
    issued_at = Timestamptz()
    response_due_at = Timestamptz(null=True, default=None)
    acknowledged_at = Timestamptz(null=True, default=None)
    responded_at = Timestamptz(null=True, default=None)
    refused_at = Timestamptz(null=True, default=None)
    cancelled_at = Timestamptz(null=True, default=None)
    cancelled_cause = Text(null=True, default=None)
    closed_at = Timestamptz(null=True, default=None)
    excuse = Text()
    migrated = Boolean(default=False)
    received = Numeric(default=Decimal(0))
    accepted = Numeric(default=Decimal(0))
    rejected = Numeric(default=Decimal(0))
    first_delivered = Date(null=True, default=None)
    last_delivered = Date(null=True, default=None)
    filled_quantity = Numeric(default=Decimal(0))
    requested_in_time = Numeric(default=Decimal(0))
    first_in_time = Numeric(default=Decimal(0))
    last_in_time = Numeric(default=Decimal(0))


class DeliveryFact(Row, tablename="delivery_fact"):
    """What one receipt brought of one order line, on the day the buyer's site says it came."""

    subject_kind = "delivery-fact"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    receipt_id = UUID(null=True, default=None)
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID()
    order_id = UUID()
    line_id = UUID()
    delivered_on = Date(null=True, default=None)
    counts_on = Date()
    accepted = Numeric()
    rejected = Numeric()
    reversed_at = Timestamptz(null=True, default=None)


class InvoiceFact(Row, tablename="invoice_fact"):
    """What one invoice asked for one order line, beside what the order said."""

    subject_kind = "invoice-fact"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    invoice_id = UUID()
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID()
    order_id = UUID()
    line_id = UUID()
    counts_on = Date()
    quantity = Numeric()
    currency = Text()
    invoiced_amount = Numeric()
    ordered_amount = Numeric()
    exceptions = Integer(default=0)
    matched_first_time = Boolean()
