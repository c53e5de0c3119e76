"""What the search over all comes upon among the orders."""

from portal.orders.queries import OrderFilter, order_list
from portal.platform.work import View
from portal.web.parts import Found

FIRST = 8


async def found(view: View, words: str) -> list[Found]:
    listed = await order_list(view, OrderFilter(query=words), limit=FIRST, counted=False)
    orders = [row.order for row in listed.rows]
    own = view.actor.organisation_id
    return [
        Found(
            title=order.number,
            href=f"/orders/{order.id}",
            detail=(order.supplier if order.buyer.id == own else order.buyer).name,
            state=order.state,
            exact=order.number.casefold() == words.casefold(),
        )
        for order in orders
    ]
