"""The statement of what is open between a buyer and a supplier."""

from typing import Any

from piccolo.columns import JSONB, UUID, Date, Integer, Text, Timestamptz

from portal.organisations.tables import TradingRelationship
from portal.platform.work import Row

__all__ = ["Statement", "TradingRelationship"]


class Statement(Row, tablename="statement"):
    """What was open at the end of a day, in one currency, as the buyer sent it: `snapshot` never changes."""

    subject_kind = "statement"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID()
    buyer_name = Text()
    supplier_name = Text()
    number = Text()
    version = Integer(default=1)
    state = Text(default="sent")
    as_of = Date()
    currency = Text()
    snapshot: Any = JSONB()
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    answered_by = UUID(null=True, default=None)
    answered_at = Timestamptz(null=True, default=None)
    reason = Text()
    reply = Text()
    replied_by = UUID(null=True, default=None)
    replied_at = Timestamptz(null=True, default=None)
    replaces = UUID(null=True, default=None)
    replaced_by = UUID(null=True, default=None)
