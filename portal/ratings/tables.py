"""Ratings: one by each person of an order."""

from piccolo.columns import UUID, Integer, Text, Timestamptz

from portal.access.tables import Organisation
from portal.orders.tables import PurchaseOrder
from portal.platform.work import Row
from portal.settings.tables import SettingVersion

__all__ = ["OrderRating", "Organisation", "PurchaseOrder", "SettingVersion"]


class OrderRating(Row, tablename="order_rating"):
    """What one person says of one order. It is the buyer's alone; for thirty days its author may say it otherwise."""

    subject_kind = "order-rating"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    order_id = UUID()
    order_number = Text()
    buyer_id = UUID()
    supplier_id = UUID()
    stars = Integer()
    as_agreed = Integer(null=True, default=None)
    communication = Integer(null=True, default=None)
    handling = Integer(null=True, default=None)
    comment = Text()
    created_by = UUID()
    created_at = Timestamptz()
    changed_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)

    @property
    def number(self) -> str:
        """What the log calls it."""
        return self.order_number
