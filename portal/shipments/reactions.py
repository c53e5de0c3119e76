"""What shipments do when an order ends: goods that are on the way keep it from ending."""

from portal.orders.events import OrderCancelled, OrderClosed
from portal.platform.i18n import _
from portal.platform.refusals import Conflict
from portal.platform.wiring import Reaction
from portal.platform.work import Change

# A receipt need not name the despatch advice: then the ledger says that the goods came.
_ON_THE_WAY = """
select d.number from despatch_line l join despatch_advice d on d.id = l.advice_id
join purchase_order_line o on o.id = l.order_line_id
where l.order_id = $1 and d.state = 'despatched' and l.quantity - l.missing > l.received and o.despatched > o.received
order by d.number limit 1
"""


async def require_nothing_on_the_way(change: Change, event: OrderCancelled | OrderClosed) -> None:
    """Raises `Conflict` while goods of the order are expected: they could not be received any more."""
    number = await change.value(_ON_THE_WAY, event.order_id)
    if number is not None:
        message = _(
            "Goods of this order are on the way: {number}. Receive them, or say there that they did not come.",
            number=number,
        )
        raise Conflict(message, subject_id=event.order_id)


REACTIONS = {
    OrderCancelled: Reaction(now=[require_nothing_on_the_way]),
    OrderClosed: Reaction(now=[require_nothing_on_the_way]),
}
