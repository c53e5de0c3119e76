"""The contract and its price terms: the buyer's document, which the supplier sees from its negotiation on."""

from decimal import Decimal

from piccolo.columns import UUID, BigInt, Date, Integer, Numeric, Text, Timestamptz

from portal.platform.work import Row


class Contract(Row, tablename="contract"):
    """`gross` is what it may come to at most, allowance included: approvers' limits measure that.

    `shown_to` becomes the supplier when it is offered. `signed_how` says whether both signed on paper or here; `reason`
    is why it was cancelled or terminated, `objection` what the supplier wants otherwise. With `renewal_months` it goes
    on by as many on its last day, which `renewals` counts, unless `notice_side` gave notice `notice_days` before.
    `warned_of` is the end that was announced last in time for a notice, `warned_last` the one whose last days were;
    `warned_used` how much of a cap was said to be called off, in percent. `signing_id` is where both sides sign it, or
    did; `revision` counts the rounds in which the supplier got it, the present one since `revised_at`.

    `price_day` says by which day prices are picked. Late deliveries cost `late_rate` percent of their value a day or
    week (`late_per`) after `late_grace` days, `late_cap` percent at most; of invoices `retention` percent is held back.

    An amendment is a contract that amends another one (`amends_id`), in whose place its terms hold from its first day
    on, since `applied_at`; the amended contract then points at it (`amendment_id`): prices and clauses are its own.
    """

    subject_kind = "contract"
    owner = "buyer_id"
    private = frozenset({"internal_note"})
    id = UUID(primary_key=True, default=None)
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID(null=True, default=None)
    buyer_name = Text()
    supplier_name = Text()
    number = Text()
    amends_id = UUID(null=True, default=None)
    amends_number = Text()
    amendment_id = UUID(null=True, default=None)
    applied_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)
    revision = Integer(default=1)
    revised_at = Timestamptz(null=True, default=None)
    state = Text(default="draft")
    kind = Text()
    title = Text()
    currency = Text()
    note = Text()
    internal_note = Text()
    payment_terms = Text()
    valid_from = Date()
    valid_to = Date()
    notice_days = Integer(default=0)
    renewal_months = Integer(default=0)
    value_cap = Numeric(null=True, default=None)
    allowance = Numeric(default=Decimal(0))
    price_day = Text(default="order_date")
    late_rate = Numeric(null=True, default=None)
    late_per = Text(default="day")
    late_grace = Integer(default=0)
    late_cap = Numeric(null=True, default=None)
    retention = Numeric(default=Decimal(0))
    gross = Numeric(default=Decimal(0))
    gross_minor = BigInt(default=0)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    submitted_by = UUID(null=True, default=None)
    offered_at = Timestamptz(null=True, default=None)
    agreed_by = UUID(null=True, default=None)
    agreed_at = Timestamptz(null=True, default=None)
    objection = Text()
    approved_by = UUID(null=True, default=None)
    approved_at = Timestamptz(null=True, default=None)
    signed_how = Text()
    signed_on = Date(null=True, default=None)
    signed_for_buyer = Text()
    signed_for_supplier = Text()
    file_id = UUID(null=True, default=None)
    recorded_by = UUID(null=True, default=None)
    recorded_at = Timestamptz(null=True, default=None)
    signing_id = UUID(null=True, default=None)
    activated_at = Timestamptz(null=True, default=None)
    renewals = Integer(default=0)
    notice_side = Text()
    notice_given_by = UUID(null=True, default=None)
    notice_at = Timestamptz(null=True, default=None)
    notice_reason = Text()
    warned_of = Date(null=True, default=None)
    warned_last = Date(null=True, default=None)
    warned_used = Integer(default=0)
    ended_at = Timestamptz(null=True, default=None)
    reason = Text()


class ContractTerm(Row, tablename="contract_term"):
    """A price of one item from `minimum_quantity` on; `quantity` is how much of the item is agreed on at most.

    Without days of its own it holds as long as the contract."""

    subject_kind = "contract-term"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    contract_id = UUID()
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID(null=True, default=None)
    position = Integer()
    item_id = UUID()
    item_number = Text()
    description = Text()
    unit = Text()
    unit_price = Numeric()
    base_quantity = Numeric(default=Decimal(1))
    minimum_quantity = Numeric(default=Decimal(0))
    quantity = Numeric(null=True, default=None)
    valid_from = Date(null=True, default=None)
    valid_to = Date(null=True, default=None)


class ContractClause(Row, tablename="contract_clause"):
    """A clause as the contract took it, from which edition of the library, or written for it alone; its facts are
    filled in where it is read, and frozen with each round."""

    subject_kind = "contract-clause"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    contract_id = UUID()
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID(null=True, default=None)
    position = Integer()
    clause_id = UUID(null=True, default=None)
    edition = Integer(null=True, default=None)
    title = Text()
    body = Text()


class ContractServiceLevel(Row, tablename="contract_service_level"):
    """How good deliveries are to be: `least` percent by one of the measures of scorecards; `remedy` is what follows
    otherwise, in words."""

    subject_kind = "contract-service-level"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    contract_id = UUID()
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID(null=True, default=None)
    position = Integer()
    measure = Text()
    least = Numeric()
    remedy = Text()


class ContractDeliverable(Row, tablename="contract_deliverable"):
    """What the supplier owes beside goods on order. Its state is that of `first_id`, the row in which it was first
    written: amendments copy its words alone. `said` is what the supplier reported, `objection` why it is not enough."""

    subject_kind = "contract-deliverable"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    contract_id = UUID()
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID(null=True, default=None)
    position = Integer()
    version = Integer(default=1)
    first_id = UUID()
    title = Text()
    detail = Text()
    due_on = Date()
    state = Text(default="due")
    said = Text()
    delivered_by = UUID(null=True, default=None)
    delivered_at = Timestamptz(null=True, default=None)
    objection = Text()
    judged_by = UUID(null=True, default=None)
    judged_at = Timestamptz(null=True, default=None)


class ContractDelivery(Row, tablename="contract_delivery"):
    """How much of an item is planned for a day; orders call it off."""

    subject_kind = "contract-delivery"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    contract_id = UUID()
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID(null=True, default=None)
    position = Integer()
    item_id = UUID()
    item_number = Text()
    description = Text()
    unit = Text()
    quantity = Numeric()
    due_on = Date()


class ContractComment(Row, tablename="contract_comment"):
    """What somebody of one side (`organisation_id`) said to the other about the contract."""

    subject_kind = "contract-comment"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    contract_id = UUID()
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID()
    organisation_id = UUID()
    comment = Text()
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()


class ContractCallOff(Row, tablename="contract_call_off"):
    """What an order line, whose id it has, calls off under a contract: `quantity` in the line's unit, `counted` in the
    unit of the contract's term, `amount` in the contract's currency by the `rate` of the day of issue."""

    subject_kind = "contract-call-off"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    contract_id = UUID()
    order_id = UUID()
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID()
    item_id = UUID(null=True, default=None)
    quantity = Numeric()
    counted = Numeric()
    amount = Numeric()
    rate = Numeric(null=True, default=None)
