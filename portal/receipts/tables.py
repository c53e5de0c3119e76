"""The goods receipt and its lines, as the buyer books them."""

from decimal import Decimal

from piccolo.columns import JSONB, UUID, Boolean, Integer, Numeric, Text, Timestamptz

from portal.platform.work import Row


class GoodsReceipt(Row, tablename="goods_receipt"):
    """The buyer's document, which the supplier sees at once. `delivered_at` is when it came, `booked_at` when it was
    entered: the first counts for punctuality, the second for the accounting period."""

    subject_kind = "goods-receipt"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID()
    buyer_name = Text()
    supplier_name = Text()
    number = Text()
    version = Integer(default=1)
    state = Text(default="booked")
    despatch_advice_id = UUID(null=True, default=None)
    despatch_advice_number = Text()
    site_id = UUID(null=True, default=None)
    delivered_at = Timestamptz()
    booked_at = Timestamptz()
    delivery_note = Text()
    created_by = UUID(null=True, default=None)
    reversed_by = UUID(null=True, default=None)
    reversed_at = Timestamptz(null=True, default=None)
    reversal_reason = Text()
    source = JSONB(null=True, default=None)


class GoodsReceiptLine(Row, tablename="goods_receipt_line"):
    """What came of one order line (and, against a despatch advice, of one of its lines); never changed.

    `to_inspect` of it was neither accepted nor rejected then: inspections say what becomes of it. `replacement` says
    that the supplier is to deliver what was rejected again.
    """

    subject_kind = "goods-receipt-line"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    receipt_id = UUID()
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID()
    position = Integer()
    order_id = UUID()
    order_line_id = UUID()
    despatch_line_id = UUID(null=True, default=None)
    order_number = Text()
    line = Integer()
    item_number = Text()
    description = Text()
    unit = Text()
    accepted = Numeric(default=Decimal(0))
    rejected = Numeric(default=Decimal(0))
    to_inspect = Numeric(default=Decimal(0))
    replacement = Boolean(default=False)
    reason = Text()


class GoodsInspection(Row, tablename="goods_inspection"):
    """What became of goods that waited in inspection, or of a part of them; undone by a reversal, never changed."""

    subject_kind = "goods-inspection"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    receipt_id = UUID()
    receipt_line_id = UUID()
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID()
    version = Integer(default=1)
    state = Text(default="booked")
    order_id = UUID()
    order_line_id = UUID()
    order_number = Text()
    line = Integer()
    description = Text()
    unit = Text()
    accepted = Numeric(default=Decimal(0))
    rejected = Numeric(default=Decimal(0))
    replacement = Boolean(default=False)
    reason = Text()
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    reversed_by = UUID(null=True, default=None)
    reversed_at = Timestamptz(null=True, default=None)
    reversal_reason = Text()
