"""The buyer's decision on a counter-offer."""

from uuid import UUID

from portal.access.duties import separate
from portal.orders.commands.agree import agree_on, schedule_of
from portal.orders.commands.approve import approve_agreement
from portal.orders.commands.lines import lines_of
from portal.orders.events import CounterOfferAccepted, CounterOfferDeclined
from portal.orders.rules import agreed, by_line
from portal.orders.states import ORDER, RESPONSE
from portal.orders.tables import OrderResponse, OrderResponseLine, PurchaseOrder
from portal.organisations.queries import terms
from portal.platform.actor import Actor
from portal.platform.refusals import NotFound
from portal.platform.work import Change, changing


async def accept_counter_offer(actor: Actor, order_id: UUID, response_id: UUID) -> PurchaseOrder:
    """Agree: the counter-offer becomes the order's next revision.

    If that costs more than was approved, agreeing is approving: `Denied` to whoever may not approve so much.
    """
    async with changing(actor, PurchaseOrder, order_id) as (change, order):
        response = await _response(change, order, response_id)
        RESPONSE.take("accept", response, change)
        ORDER.take("agree", order, change)
        await separate(change, "orders:decide", order.id)
        _decide(change, response, "")
        lines = await lines_of(change, order.id)
        answers = by_line(await change.rows(OrderResponseLine, "response_id = $1 order by line, sequence", response.id))
        agreement = await terms(change, order.buyer_id, order.supplier_id)
        assert agreement is not None, "an order always has its trading relationship"
        schedule = await schedule_of(change, order)
        offers = [agreed(line, answers.get(line.line, ()), schedule.get(line.id, ())) for line in lines]
        promised = await agree_on(change, order, lines, offers, schedule, agreement)
        await approve_agreement(change, order, lines, agreement)
        change.write(order)
        change.record(CounterOfferAccepted(order.id, response.id, order.revision), order)
        change.record(promised, order)
    return order


async def decline_counter_offer(actor: Actor, order_id: UUID, response_id: UUID, reason: str = "") -> PurchaseOrder:
    """Decline: the order stands as it was issued, and the supplier answers again."""
    async with changing(actor, PurchaseOrder, order_id) as (change, order):
        response = await _response(change, order, response_id)
        RESPONSE.take("decline", response, change)
        ORDER.take("decline", order, change)
        await separate(change, "orders:decide", order.id)
        _decide(change, response, reason)
        change.write(order)
        change.record(CounterOfferDeclined(order.id, response.id, reason), order)
    return order


async def _response(change: Change, order: PurchaseOrder, response_id: UUID) -> OrderResponse:
    found = await change.rows(OrderResponse, "id = $1 and order_id = $2", response_id, order.id)
    if not found:
        raise NotFound()
    return found[0]


def _decide(change: Change, response: OrderResponse, reason: str) -> None:
    response.decided_by, response.decided_at, response.decision_reason = change.actor.person_id, change.now, reason
    change.write(response)
