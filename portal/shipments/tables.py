"""The despatch advice and its lines, as the supplier states them."""

from decimal import Decimal

from piccolo.columns import JSONB, UUID, Date, Integer, Numeric, Text, Timestamptz

from portal.platform.work import Row


class DespatchAdvice(Row, tablename="despatch_advice"):
    """The supplier's document; `shown_to` becomes the buyer when the goods leave, and from then on it never changes.

    Parties and place are copied at that moment. `receipt_status` is derived from the lines.
    """

    subject_kind = "despatch-advice"
    owner = "supplier_id"
    id = UUID(primary_key=True, default=None)
    supplier_id = UUID()
    buyer_id = UUID()
    shown_to = UUID(null=True, default=None)
    supplier_name = Text()
    buyer_name = Text()
    number = Text()
    version = Integer(default=1)
    state = Text(default="draft")
    receipt_status = Text(default="none")
    despatch_date = Date(null=True, default=None)
    expected_date = Date(null=True, default=None)
    carrier = Text()
    tracking_number = Text()
    packages = JSONB()
    ship_to = JSONB()
    supplier = JSONB(null=True, default=None)
    buyer = JSONB(null=True, default=None)
    reason = Text()
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    edited_at = Timestamptz(null=True, default=None)
    despatched_by = UUID(null=True, default=None)
    despatched_at = Timestamptz(null=True, default=None)
    cancelled_at = Timestamptz(null=True, default=None)
    ended_by = UUID(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    end_reason = Text()


class DespatchLine(Row, tablename="despatch_line"):
    """How much of one order line, of which batch; `received` is how much of it came, accepted or not, `missing`
    how much did not come, as the buyer said."""

    subject_kind = "despatch-line"
    owner = "supplier_id"
    id = UUID(primary_key=True, default=None)
    advice_id = UUID()
    supplier_id = UUID()
    buyer_id = UUID()
    shown_to = UUID(null=True, default=None)
    position = Integer()
    order_id = UUID()
    order_line_id = UUID()
    order_number = Text()
    line = Integer()
    item_number = Text()
    description = Text()
    unit = Text()
    ship_to = JSONB()
    quantity = Numeric()
    batch = Text()
    outstanding_quantity = Numeric(null=True, default=None)
    received = Numeric(default=Decimal(0))
    missing = Numeric(default=Decimal(0))
