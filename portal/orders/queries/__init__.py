"""Everything that is read about orders. One list is one statement; an order is three."""

from portal.orders.queries.lists import (
    MOST_FOUND,
    Listed,
    OrderFilter,
    OrderList,
    every_order,
    open_orders,
    order_list,
    orders,
    side_of,
    waiting_orders,
)
from portal.orders.queries.live import DELIVERED, IS_LIVE, LIVE, Standing
from portal.orders.queries.one import (
    GUARDED,
    Delivery,
    deliveries,
    order_out,
    order_row,
    out_of,
    revision_lines,
    revision_snapshot,
    snapshot_of_order,
)

__all__ = [
    "DELIVERED",
    "GUARDED",
    "IS_LIVE",
    "LIVE",
    "MOST_FOUND",
    "Delivery",
    "Listed",
    "OrderFilter",
    "OrderList",
    "Standing",
    "deliveries",
    "every_order",
    "open_orders",
    "order_list",
    "order_out",
    "order_row",
    "orders",
    "out_of",
    "revision_lines",
    "revision_snapshot",
    "side_of",
    "snapshot_of_order",
    "waiting_orders",
]
