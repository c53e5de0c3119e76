"""What orders add to a supplier's page and to the list of suppliers."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from portal.orders.queries import OpenOrders, OrderFilter, OrderList, open_orders, order_list
from portal.platform.i18n import Message, _
from portal.platform.wiring import Panel
from portal.platform.work import View

FIRST = 8


class Tally(NamedTuple):
    """A column of figures for a list of suppliers, by organisation."""

    title: Message
    counts: dict[UUID, OpenOrders]


class Recent(NamedTuple):
    """The newest orders between the two, and where all of them are."""

    found: OrderList
    href: str


async def _recent(view: View, relation: Any) -> Recent:
    buys = relation.buyer_id == view.actor.organisation_id
    chosen = OrderFilter(supplier_id=relation.supplier_id) if buys else OrderFilter(buyer_id=relation.buyer_id)
    href = f"/orders?supplier_id={relation.supplier_id}" if buys else f"/orders?buyer_id={relation.buyer_id}"
    return Recent(await order_list(view, chosen, limit=FIRST, counted=False), href)


async def _open(view: View, suppliers: Sequence[UUID]) -> Tally:
    return Tally(_("Open orders"), await open_orders(view, suppliers))


PANELS = {
    "supplier": [Panel(_recent, "orders/of_supplier.html", 20, "orders:read")],
    "suppliers": [Panel(_open, "orders/open_cell.html", 20, "orders:read")],
}
