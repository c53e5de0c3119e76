"""Everything that is read about orders. One list is one statement; an order is three."""

from portal.orders.queries.approvers import approvers
from portal.orders.queries.lists import (
    MOST_FOUND,
    Listed,
    OpenOrders,
    OrderFilter,
    OrderList,
    every_order,
    open_orders,
    order_list,
    orders,
    orders_worded,
    require_readable,
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
    parties,
    revision_lines,
    revision_snapshot,
    snapshot_of_order,
)
from portal.orders.queries.open import OPEN

__all__ = [
    "DELIVERED",
    "GUARDED",
    "IS_LIVE",
    "LIVE",
    "MOST_FOUND",
    "OPEN",
    "Delivery",
    "Listed",
    "OpenOrders",
    "OrderFilter",
    "OrderList",
    "Standing",
    "approvers",
    "deliveries",
    "every_order",
    "open_orders",
    "order_list",
    "order_out",
    "order_row",
    "orders",
    "orders_worded",
    "out_of",
    "parties",
    "require_readable",
    "revision_lines",
    "revision_snapshot",
    "side_of",
    "snapshot_of_order",
    "waiting_orders",
]
