"""What its author does with an order before the others decide: taking back what was submitted, discarding a draft."""

from uuid import UUID

from portal.orders.events import OrderDiscarded, OrderWithdrawn
from portal.orders.states import ORDER
from portal.orders.tables import PurchaseOrder
from portal.platform.actor import Actor
from portal.platform.work import changing


async def withdraw(actor: Actor, order_id: UUID) -> PurchaseOrder:
    """Take a submission back to change it. Who submitted it still never approves it: the duty stays noted."""
    async with changing(actor, PurchaseOrder, order_id) as (change, order):
        ORDER.take("withdraw", order, change)
        order.submitted_at = None
        change.write(order)
        change.record(OrderWithdrawn(order.id), order)
    return order


async def discard(actor: Actor, order_id: UUID) -> PurchaseOrder:
    """Throw a draft away. Its number stays used, so that no gap is ever unexplained: the order counts as cancelled."""
    async with changing(actor, PurchaseOrder, order_id) as (change, order):
        ORDER.take("discard", order, change)
        order.cancelled_at = change.now
        change.write(order)
        change.record(OrderDiscarded(order.id), order)
    return order
