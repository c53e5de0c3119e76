"""Holding, releasing, cancelling and closing."""

from uuid import UUID

from portal.orders.commands.overtaken import overtake
from portal.orders.events import OrderCancelled, OrderClosed, OrderHeld, OrderReleased
from portal.orders.states import ORDER, RESPONSE, S
from portal.orders.tables import OrderResponse, PurchaseOrder
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict
from portal.platform.work import Change, changing


async def hold(actor: Actor, order_id: UUID, reason: str = "") -> PurchaseOrder:
    """Stop everything on the order until it is released; both sides see why."""
    async with changing(actor, PurchaseOrder, order_id) as (change, order):
        change.require("orders:hold", order)
        if order.on_hold or order.state in (S.CLOSED, S.CANCELLED):
            raise Conflict(_("This order is on hold already, or over."), subject_id=order.id)
        order.on_hold, order.hold_reason = True, reason
        change.write(order)
        change.record(OrderHeld(order.id, reason), order)
    return order


async def release(actor: Actor, order_id: UUID) -> PurchaseOrder:
    """Let a held order go on."""
    async with changing(actor, PurchaseOrder, order_id) as (change, order):
        change.require("orders:hold", order)
        if not order.on_hold:
            raise Conflict(_("This order is not on hold."), subject_id=order.id)
        order.on_hold, order.hold_reason = False, ""
        change.write(order)
        change.record(OrderReleased(order.id), order)
    return order


async def cancel(actor: Actor, order_id: UUID, reason: str = "") -> PurchaseOrder:
    """End an order of which nothing was received."""
    async with changing(actor, PurchaseOrder, order_id) as (change, order):
        ORDER.take("cancel", order, change)
        order.cancelled_at, order.reason = change.now, reason
        change.write(order)
        await _overtake(change, order)
        change.record(OrderCancelled(order.id, reason), order)
    return order


async def close(actor: Actor, order_id: UUID) -> PurchaseOrder:
    """End an order: what is still open will not come, what came stays and can still be invoiced."""
    async with changing(actor, PurchaseOrder, order_id) as (change, order):
        ORDER.take("close", order, change)
        order.closed_at = change.now
        change.write(order)
        await _overtake(change, order)
        change.record(OrderClosed(order.id), order)
    return order


async def _overtake(change: Change, order: PurchaseOrder) -> None:
    """An answer that nobody decided on is overtaken by the end of the order, and so is a proposed change."""
    await overtake(change, order)
    for response in await change.rows(OrderResponse, "order_id = $1 and state = 'pending'", order.id):
        RESPONSE.take("overtake", response, change)
        change.write(response)
