"""Everything that is read about orders. One list is one statement; an order is three."""

from portal.orders.queries.lists import OrderFilter, orders, waiting_orders
from portal.orders.queries.one import GUARDED, order_out, order_row, revision_snapshot, snapshot_of_order

__all__ = [
    "GUARDED",
    "OrderFilter",
    "order_out",
    "order_row",
    "orders",
    "revision_snapshot",
    "snapshot_of_order",
    "waiting_orders",
]
