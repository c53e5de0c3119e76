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
    require_sort,
    side_of,
    waiting_orders,
)
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
    "GUARDED",
    "MOST_FOUND",
    "Delivery",
    "Listed",
    "OrderFilter",
    "OrderList",
    "deliveries",
    "every_order",
    "open_orders",
    "order_list",
    "order_out",
    "order_row",
    "orders",
    "out_of",
    "require_sort",
    "revision_lines",
    "revision_snapshot",
    "side_of",
    "snapshot_of_order",
    "waiting_orders",
]
