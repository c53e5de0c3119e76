"""The facts that scores are made of, written by set-based SQL alone; what they come to, kept; and their excuses."""

from decimal import Decimal
from typing import Any

from piccolo.columns import JSONB, UUID, Boolean, Date, Integer, Numeric, Text, Timestamptz

from portal.access.tables import Organisation
from portal.platform.work import Row
from portal.settings.tables import SettingVersion

__all__ = [
    "DeliveryFact",
    "Excuse",
    "InvoiceFact",
    "Organisation",
    "ScheduleFact",
    "Scorecard",
    "SettingVersion",
    "SupplierScore",
]


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
    price_factor = Numeric(default=Decimal(1))
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
    lead_time_days = Integer(null=True, default=None)
    holds: Any = JSONB(default="[]")
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
    in_inspection = Numeric(default=Decimal(0))
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


class SupplierScore(Row, tablename="supplier_score"):
    """What the facts come to in a month, or over twelve: written by `commands.recompute` and by freezing alone."""

    subject_kind = "supplier-score"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID()
    period = Text()
    month = Date(null=True, default=None)
    figures: Any = JSONB()
    weights: Any = JSONB()
    bounds: Any = JSONB(null=True, default=None)
    score = Numeric(null=True, default=None)
    raw_score = Numeric(null=True, default=None)
    coverage = Numeric()
    facts = Integer()
    standing = Text(null=True, default=None)
    missing = Text(null=True, default=None)
    revision = Integer(default=0)
    points = Integer()
    computed_at = Timestamptz()


class Scorecard(Row, tablename="scorecard"):
    """A supplier's scores of a month as they were frozen; a restatement is the next revision. No row ever changes."""

    subject_kind = "scorecard"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID()
    buyer_name = Text()
    supplier_name = Text()
    month = Date()
    revision = Integer()
    version = Integer(default=1)
    figures: Any = JSONB()
    weights: Any = JSONB()
    rules: Any = JSONB()
    parties: Any = JSONB()
    score = Numeric(null=True, default=None)
    raw_score = Numeric(null=True, default=None)
    coverage = Numeric()
    facts = Integer()
    standing = Text(null=True, default=None)
    missing = Text(null=True, default=None)
    reason = Text()
    digest = Text()
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()

    @property
    def number(self) -> str:
        return f"{self.month:%Y-%m}"


class KeptFacts(Row, tablename="scorecard_fact"):
    """The facts of one criterion as they were when a scorecard was frozen or restated: its figure is their sum."""

    subject_kind = "scorecard-fact"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    scorecard_id = UUID()
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID()
    criterion = Text()
    facts: Any = JSONB()


class Excuse(Row, tablename="score_excuse"):
    """A fact that the supplier is not blamed for, or that it asks not to be blamed for."""

    subject_kind = "score-excuse"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID()
    buyer_name = Text()
    supplier_name = Text()
    version = Integer(default=1)
    state = Text()
    part = Text()
    fact_id = UUID()
    order_id = UUID()
    order_number = Text()
    line = Integer(null=True, default=None)
    description = Text()
    counts_on = Date()
    code = Text()
    reason = Text()
    asked_by = UUID(null=True, default=None)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    decision_reason = Text()

    @property
    def number(self) -> str:
        """What it is about, as people call it."""
        return self.order_number if self.line is None else f"{self.order_number}/{self.line}"
