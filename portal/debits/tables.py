"""The debit note: what of one receipt was due on one day and came later."""

from decimal import Decimal

from piccolo.columns import UUID, Date, Integer, Numeric, Text, Timestamptz

from portal.platform.work import Row


class DebitNote(Row, tablename="debit_note"):
    """The buyer's document; when it is accepted, not before, it gets its number and `shown_to` becomes the supplier.

    The terms are those of the contract when it was proposed: `percent` is `rate` a `per` for each of the `periods`
    after `grace` of the `days`, `cap` at most, and `amount` that much of the `value` of the late `quantity`.
    """

    subject_kind = "debit-note"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID(null=True, default=None)
    buyer_name = Text()
    supplier_name = Text()
    number = Text()
    version = Integer(default=1)
    state = Text(default="proposed")
    contract_id = UUID()
    contract_number = Text()
    order_id = UUID()
    order_number = Text()
    order_line_id = UUID()
    line = Integer()
    item_number = Text()
    description = Text()
    receipt_id = UUID()
    receipt_number = Text()
    receipt_line_id = UUID()
    due = Date()
    delivered_on = Date()
    quantity = Numeric()
    unit = Text()
    currency = Text()
    value = Numeric()
    rate = Numeric()
    per = Text()
    grace = Integer(default=0)
    cap = Numeric(null=True, default=None)
    days = Integer()
    periods = Integer()
    percent = Numeric()
    amount = Numeric(default=Decimal(0))
    reason = Text()
    created_at = Timestamptz()
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)

    @property
    def revision(self) -> int:
        """Of its document: what is waived after it was claimed is the second."""
        return 2 if self.state == "waived" else 1
