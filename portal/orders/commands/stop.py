"""Holding, releasing, cancelling and closing."""

from uuid import UUID

from portal.orders.commands.call_offs import call_off
from portal.orders.commands.lines import lines_of
from portal.orders.commands.overtaken import overtake
from portal.orders.events import OrderCancelled, OrderClosed, OrderHeld, OrderReleased
from portal.orders.queries.parts import LINES
from portal.orders.states import ORDER, RESPONSE, S
from portal.orders.tables import OrderResponse, PurchaseOrder
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict
from portal.platform.work import Change, changing

# A day that was asked for or promised has passed, and the order was there before it.
_MISSED = """
select exists (select from schedule_line s join purchase_order o on o.id = s.order_id
  join organisation b on b.id = o.buyer_id left join site t on t.id = o.site_id
  cross join lateral (select coalesce(t.time_zone, b.time_zone) as zone) z
  cross join lateral (values (s.requested_date), (s.promised_date)) as d (day)
  where s.order_id = $1 and d.day < (portal.now() at time zone z.zone)::date
    and d.day >= (o.issued_at at time zone z.zone)::date)
"""


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


async def cancel(actor: Actor, order_id: UUID, reason: str = "", cause: str | None = None) -> PurchaseOrder:
    """End an order of which nothing was received, and say whose doing that is: both sides read it.

    Without a `cause` the facts say it: the supplier's where a day was missed by then that the buyer did not stop."""
    async with changing(actor, PurchaseOrder, order_id, LINES.of(order_id)) as (change, order):
        ORDER.take("cancel", order, change)
        order.cancelled_at, order.reason = change.now, reason
        if order.issued_at is not None:
            order.cancelled_cause = cause or await _cause(change, order)
        change.write(order)
        await call_off(change, order, await lines_of(change, order.id) if order.shown_to else ())
        await _overtake(change, order)
        change.record(OrderCancelled(order.id, reason, order.cancelled_cause or "buyer"), order)
    return order


async def close(actor: Actor, order_id: UUID) -> PurchaseOrder:
    """End an order: what is still open will not come, what came stays and can still be invoiced."""
    async with changing(actor, PurchaseOrder, order_id, LINES.of(order_id)) as (change, order):
        ORDER.take("close", order, change)
        order.closed_at = change.now
        change.write(order)
        await call_off(change, order, await lines_of(change, order.id))
        await _overtake(change, order)
        change.record(OrderClosed(order.id), order)
    return order


async def _cause(change: Change, order: PurchaseOrder) -> str:
    return "supplier" if not order.on_hold and await change.value(_MISSED, order.id) else "buyer"


async def _overtake(change: Change, order: PurchaseOrder) -> None:
    """An answer that nobody decided on is overtaken by the end of the order, and so is a proposed change."""
    await overtake(change, order)
    for response in await change.rows(OrderResponse, "order_id = $1 and state = 'pending'", order.id):
        RESPONSE.take("overtake", response, change)
        change.write(response)
