"""What two organisations agreed on before the first order."""

from typing import Any

from piccolo.columns import JSONB, UUID, Array, Boolean, Date, Integer, Numeric, Text, Timestamptz

from portal.access.tables import Organisation
from portal.platform.work import Row

__all__ = ["ExchangeRate", "Organisation", "PaymentTerm", "StandingOverride", "TradingRelationship"]


class TradingRelationship(Row, tablename="trading_relationship"):
    """A buyer and one of its suppliers. `tier`, `tags` and `standing` are the buyer's own business."""

    subject_kind = "supplier"
    owner = "buyer_id"
    private = frozenset({"tier", "tags", "tolerances", "hold_reasons"})
    id = UUID(primary_key=True, default=None)
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID(null=True, default=None)
    supplier_name = Text()
    supplier_number = Text()
    state = Text(default="invited")
    currency = Text()
    payment_days = Integer(default=30)
    payment_terms = Text()
    terms = JSONB(default={})
    response_days = Integer(default=2)
    orders_held_until = Date(null=True, default=None)
    invoices_held_until = Date(null=True, default=None)
    payments_held_until = Date(null=True, default=None)
    hold_reasons: Any = JSONB(default={})
    tolerances = JSONB()
    tier = Text()
    tags = Array(base_column=Text())
    standing = Text(default="no_data")
    score = Numeric(null=True, default=None)
    source = JSONB(null=True, default=None)
    version = Integer(default=1)
    created_at = Timestamptz()

    @property
    def name(self) -> str:
        """What the log calls it."""
        return self.supplier_name


class PaymentTerm(Row, tablename="payment_term"):
    """Terms that a buyer offers; who agreed on them keeps a copy, so that they never change under anybody."""

    subject_kind = "payment-term"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    name = Text()
    base = Text()
    month_end = Boolean(default=False)
    days = Integer()
    steps = JSONB(default=[])
    retired = Boolean(default=False)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    version = Integer(default=1)


class ExchangeRate(Row, tablename="exchange_rate"):
    """One unit of `currency` in the organisation's own, from a day on. Documents keep a copy with day and source."""

    subject_kind = "exchange-rate"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    currency = Text()
    into_currency = Text()
    valid_on = Date()
    rate = Numeric()
    source = Text()
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    version = Integer(default=1)

    @property
    def number(self) -> str:
        """What the log calls it."""
        return f"{self.currency}/{self.into_currency} {self.valid_on}"


class StandingOverride(Row, tablename="standing_override"):
    """Orders go to a supplier whose standing would stop them, until the end of a day. The buyer's own business."""

    subject_kind = "standing-override"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    buyer_id = UUID()
    supplier_id = UUID()
    supplier_name = Text()
    version = Integer(default=1)
    reason = Text()
    until = Date()
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    ended_by = UUID(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    end_reason = Text()

    @property
    def name(self) -> str:
        """What the log calls it."""
        return self.supplier_name
