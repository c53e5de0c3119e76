"""What becomes of proposed changes and of open answers when their order goes on without them."""

from uuid import UUID

from portal.orders.events import ChangeOvertaken
from portal.orders.states import CHANGE, RESPONSE
from portal.orders.tables import OrderChange, OrderResponse, PurchaseOrder
from portal.platform.work import Change

_OPEN = "order_id = $1 and state = any($2::text[])"


async def settle(change: Change, order: PurchaseOrder, verb: str) -> None:
    """The supplier's answer to a revision is its answer to the change that the revision was issued for."""
    if order.revision == 1:
        return
    for asked in await change.rows(OrderChange, _OPEN, order.id, ["approved"]):
        CHANGE.take(verb, asked, change)
        asked.decided_by, asked.decided_at = change.actor.person_id, change.now
        change.write(asked)


async def overtake(change: Change, order: PurchaseOrder, *, by: UUID | None = None) -> None:
    """Nobody decides any more on what was proposed: the order ended, or the change `by` made another revision of it.

    Their authors are told.
    """
    for asked in await change.rows(OrderChange, _OPEN, order.id, ["proposed", "approved"]):
        if asked.id != by:
            CHANGE.take("overtake", asked, change)
            change.write(asked)
            change.record(ChangeOvertaken(asked.id, order.id), asked, root_id=order.id)


async def supersede(change: Change, order: PurchaseOrder) -> None:
    """An answer to a revision that is no more is decided on by nobody."""
    for response in await change.rows(OrderResponse, "order_id = $1 and state = 'pending'", order.id):
        RESPONSE.take("supersede", response, change)
        change.write(response)
