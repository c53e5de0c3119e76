"""The service entry and its lines: stated by the supplier, decided on by the buyer."""

from piccolo.columns import UUID, Date, Integer, Numeric, Text, Timestamptz

from portal.platform.work import Row


class ServiceEntry(Row, tablename="service_entry"):
    """The supplier's document of one order; `shown_to` becomes the buyer when it is submitted, and stays.

    `reason` is why it was cancelled or reversed; why a line was rejected stands at the line.
    """

    subject_kind = "service-entry"
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
    order_id = UUID()
    order_number = Text()
    currency = Text()
    performed_from = Date()
    performed_until = Date()
    reference = Text()
    note = Text()
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    edited_at = Timestamptz(null=True, default=None)
    submitted_by = UUID(null=True, default=None)
    submitted_at = Timestamptz(null=True, default=None)
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    cancelled_at = Timestamptz(null=True, default=None)
    reversed_by = UUID(null=True, default=None)
    reversed_at = Timestamptz(null=True, default=None)
    reason = Text()


class ServiceEntryLine(Row, tablename="service_entry_line"):
    """How much of one order line was performed; `net` is what that costs at the price of the day it was entered."""

    subject_kind = "service-entry-line"
    owner = "supplier_id"
    id = UUID(primary_key=True, default=None)
    entry_id = UUID()
    supplier_id = UUID()
    buyer_id = UUID()
    shown_to = UUID(null=True, default=None)
    position = Integer()
    order_id = UUID()
    order_line_id = UUID()
    line = Integer()
    kind = Text()
    item_number = Text()
    description = Text()
    unit = Text()
    quantity = Numeric()
    net = Numeric()
    text = Text()
    state = Text(default="waiting")
    reason = Text()
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
