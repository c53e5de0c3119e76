"""What orders add to the pages of a supplier and of a contract, and to the list of suppliers."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from portal.access.guards import allowed
from portal.orders.queries import Behind, OpenOrders, OrderFilter, OrderList, called_off_under, open_orders, order_list
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


class CalledOffUnder(NamedTuple):
    """The newest orders under a contract, in whose currency, where all of them are, and where one enters another."""

    found: Behind
    currency: str
    href: str
    orders: str


async def _called_off(view: View, contract: Any) -> CalledOffUnder | None:
    """Of a contract that is or was in force; amendments have none of their own."""
    if contract.activated_at is None or contract.amends_id is not None:
        return None
    found = await called_off_under(view, contract.id, FIRST)
    anew = contract.state == "active" and allowed(view.actor, "orders:create")
    orders = f"/orders/new?supplier_id={contract.supplier_id}&contract_id={contract.id}" if anew else ""
    return CalledOffUnder(found, contract.currency, f"/orders?contract_id={contract.id}", orders)


async def _open(view: View, suppliers: Sequence[UUID]) -> Tally:
    return Tally(_("Open orders"), await open_orders(view, suppliers))


PANELS = {
    "contract": [Panel(_called_off, "orders/of_contract.html", 20, "orders:read")],
    "supplier": [Panel(_recent, "orders/of_supplier.html", 20, "orders:read")],
    "suppliers": [Panel(_open, "orders/open_cell.html", 20, "orders:read")],
}
