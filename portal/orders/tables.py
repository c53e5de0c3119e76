"""The order, its lines with their quantity ledger, what was scheduled, and what the supplier answered."""

from decimal import Decimal
from typing import Any

from piccolo.columns import JSONB, UUID, Array, BigInt, Boolean, Date, Integer, Numeric, Text, Timestamptz

from portal.platform.work import Row


class PurchaseOrder(Row, tablename="purchase_order"):
    """The buyer's document; `shown_to` becomes the supplier when it is issued, and not before.

    `reason` is why it was rejected or cancelled, and `cancelled_cause` whose doing the latter was, for both sides;
    `return_reason` is between author and approver. What
    is agreed may come to `approved_ceiling` without another approval: `approved_gross` and the buyer's tolerances. The
    payment `terms` are those chosen, or agreed with the supplier, when it was written; issuing keeps the buyer's rate
    of exchange.
    """

    subject_kind = "purchase-order"
    owner = "buyer_id"
    private = frozenset(
        {
            *("internal_note", "cost_centre", "purchasing_group", "categories"),
            *("return_reason", "approved_gross", "approved_ceiling"),
            *("approved_into", "approved_rate", "approved_rate_date", "approved_rate_source"),
            *("copy_of", "tolerances"),
        }
    )
    id = UUID(primary_key=True, default=None)
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID(null=True, default=None)
    buyer_name = Text()
    supplier_name = Text()
    number = Text()
    revision = Integer(default=1)
    version = Integer(default=1)
    state = Text(default="draft")
    on_hold = Boolean(default=False)
    hold_reason = Text()
    kind = Text(default="standard")
    currency = Text()
    note = Text()
    internal_note = Text()
    site_id = UUID(null=True, default=None)
    ship_to = JSONB(default={})
    cost_centre = Text()
    purchasing_group = Text()
    contract_id = UUID(null=True, default=None)
    categories = Array(base_column=Text())
    payment_terms = Text()
    payment_days = Integer(default=30)
    terms: Any = JSONB(default={})
    tolerances: Any = JSONB(default={})
    incoterm = Text()
    net = Numeric(default=Decimal(0))
    tax = Numeric(default=Decimal(0))
    gross = Numeric(default=Decimal(0))
    gross_minor = BigInt(default=0)
    own_currency = Text()
    exchange_rate = Numeric(null=True, default=None)
    exchange_date = Date(null=True, default=None)
    exchange_source = Text()
    receipt_status = Text(default="none")
    despatch_status = Text(default="none")
    invoice_status = Text(default="none")
    requested_date = Date(null=True, default=None)
    response_due_at = Timestamptz(null=True, default=None)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    submitted_by = UUID(null=True, default=None)
    submitted_at = Timestamptz(null=True, default=None)
    approved_by = UUID(null=True, default=None)
    approved_at = Timestamptz(null=True, default=None)
    approved_gross = Numeric(null=True, default=None)
    approved_ceiling = Numeric(null=True, default=None)
    approved_into = Text()
    approved_rate = Numeric(null=True, default=None)
    approved_rate_date = Date(null=True, default=None)
    approved_rate_source = Text()
    issued_by = UUID(null=True, default=None)
    issued_at = Timestamptz(null=True, default=None)
    viewed_at = Timestamptz(null=True, default=None)
    acknowledged_at = Timestamptz(null=True, default=None)
    responded_at = Timestamptz(null=True, default=None)
    rejected_at = Timestamptz(null=True, default=None)
    closed_at = Timestamptz(null=True, default=None)
    cancelled_at = Timestamptz(null=True, default=None)
    cancelled_cause = Text()
    reason = Text()
    return_reason = Text()
    search = Text()
    source = JSONB(null=True, default=None)
    copy_of = UUID(null=True, default=None)


class PurchaseOrderLine(Row, tablename="purchase_order_line"):
    """One line and its ledger: everything from `confirmed` to `credited` is written by `commands.book` alone.

    `ordered_quantity` is what was ordered first, where another `quantity` was agreed on since. `closed_to` is how much
    of a line that was closed short stays wanted, `closed_before` when that was so
    before it was reopened. Up to `approved_quantity` and `approved_price` the line was approved, as the order up to its
    ceiling. `performed_from`, `performed_until` and `contact` are of services. `contract_id` is the contract that the
    line is ordered under; `term_id` the term that had a price for it at `priced_at`, and `contract_price` that price.

    A supplier that knew the ceilings would know the buyer's tolerances, and use them up.
    """

    subject_kind = "purchase-order-line"
    owner = "buyer_id"
    private = frozenset(
        {
            *("despatch_ceiling", "receive_ceiling", "invoice_ceiling", "tolerances"),
            *("approved_quantity", "approved_price"),
        }
    )
    id = UUID(primary_key=True, default=None)
    order_id = UUID()
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID(null=True, default=None)
    line = Integer()
    kind = Text(default="goods")
    item_id = UUID(null=True, default=None)
    item_number = Text()
    description = Text()
    quantity = Numeric()
    unit = Text()
    unit_price = Numeric()
    base_quantity = Numeric(default=Decimal(1))
    price_unit = Text()
    price_factor = Numeric(default=Decimal(1))
    discount = Numeric(default=Decimal(0))
    net = Numeric()
    tax_category = Text()
    tax_rate = Numeric()
    requested_date = Date(null=True, default=None)
    promised_date = Date(null=True, default=None)
    ship_to = JSONB(null=True, default=None)
    substitute_item = Text()
    ordered_quantity = Numeric(null=True, default=None)
    free_of_charge = Boolean(default=False)
    performed_from = Date(null=True, default=None)
    performed_until = Date(null=True, default=None)
    contact = Text()
    short_closed = Boolean(default=False)
    closed_to = Numeric(null=True, default=None)
    short_closed_at = Timestamptz(null=True, default=None)
    short_close_reason = Text()
    closed_before: Any = JSONB(default=[])
    match_basis = Text(null=True, default=None)
    contract_id = UUID(null=True, default=None)
    term_id = UUID(null=True, default=None)
    contract_price = Numeric(null=True, default=None)
    priced_at = Timestamptz(null=True, default=None)
    confirmed = Numeric(default=Decimal(0))
    despatched = Numeric(default=Decimal(0))
    in_inspection = Numeric(default=Decimal(0))
    received = Numeric(default=Decimal(0))
    accepted = Numeric(default=Decimal(0))
    rejected = Numeric(default=Decimal(0))
    returned = Numeric(default=Decimal(0))
    returned_for_replacement = Numeric(default=Decimal(0))
    invoiced = Numeric(default=Decimal(0))
    credited = Numeric(default=Decimal(0))
    despatch_ceiling = Numeric(null=True, default=None)
    receive_ceiling = Numeric(null=True, default=None)
    invoice_ceiling = Numeric(null=True, default=None)
    approved_quantity = Numeric(null=True, default=None)
    approved_price = Numeric(null=True, default=None)
    tolerances: Any = JSONB(default={})
    source = JSONB(null=True, default=None)


class ScheduleLine(Row, tablename="schedule_line"):
    """When how much of a line is wanted and promised; a response may split a line into several."""

    subject_kind = "schedule-line"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    line_id = UUID()
    order_id = UUID()
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID(null=True, default=None)
    sequence = Integer()
    quantity = Numeric()
    requested_date = Date(null=True, default=None)
    promised_date = Date(null=True, default=None)


class OrderResponse(Row, tablename="order_response"):
    """The supplier's answer to one revision: AB received, AP accepted, CA changed, RE rejected (UBL OrderResponse).

    `gross` is what the order would come to with a counter-offer.
    """

    subject_kind = "order-response"
    owner = "supplier_id"
    id = UUID(primary_key=True, default=None)
    order_id = UUID()
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID(null=True, default=None)
    revision = Integer()
    code = Text()
    state = Text()
    reason = Text()
    gross = Numeric(null=True, default=None)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    decision_reason = Text()
    version = Integer(default=1)


class OrderResponseLine(Row, tablename="order_response_line"):
    """One answered line: 5 accepted, 3 changed, 7 not accepted; several for one line are a split."""

    subject_kind = "order-response-line"
    owner = "supplier_id"
    id = UUID(primary_key=True, default=None)
    response_id = UUID()
    order_id = UUID()
    supplier_id = UUID()
    shown_to = UUID(null=True, default=None)
    line = Integer()
    sequence = Integer()
    code = Text()
    quantity = Numeric(null=True, default=None)
    unit_price = Numeric(null=True, default=None)
    promised_date = Date(null=True, default=None)
    substitute_item = Text()
    reason = Text()


class OrderChange(Row, tablename="order_change"):
    """What one side wants to be different in an issued order, and what came of it.

    The supplier sees the buyer's when it is approved, as the revision that it `becomes`; the buyer sees the supplier's
    at once. The order came to `before`, and would come to `gross`, tax included; `differences` say what else differs.
    """

    subject_kind = "order-change"
    owner = "author_id"
    private = frozenset({"approved_by", "approved_at"})
    id = UUID(primary_key=True, default=None)
    order_id = UUID()
    buyer_id = UUID()
    supplier_id = UUID()
    author_id = UUID()
    shown_to = UUID(null=True, default=None)
    number = Text()
    revision = Integer()
    becomes = Integer(null=True, default=None)
    state = Text(default="proposed")
    reason = Text()
    note = Text(null=True, default=None)
    ship_to: Any = JSONB(null=True, default=None)
    currency = Text()
    before = Numeric()
    gross = Numeric()
    differences: Any = JSONB(default=[])
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    approved_by = UUID(null=True, default=None)
    approved_at = Timestamptz(null=True, default=None)
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    decision_reason = Text()
    version = Integer(default=1)


class OrderChangeLine(Row, tablename="order_change_line"):
    """One line of it: 1 added, 3 changed, 7 taken off; several for one line are a split into deliveries."""

    subject_kind = "order-change-line"
    owner = "author_id"
    id = UUID(primary_key=True, default=None)
    change_id = UUID()
    order_id = UUID()
    buyer_id = UUID()
    supplier_id = UUID()
    author_id = UUID()
    shown_to = UUID(null=True, default=None)
    line = Integer()
    sequence = Integer()
    code = Text()
    quantity = Numeric(null=True, default=None)
    unit_price = Numeric(null=True, default=None)
    requested_date = Date(null=True, default=None)
    promised_date = Date(null=True, default=None)
    substitute_item = Text()
    reason = Text()
    added: Any = JSONB(null=True, default=None)
