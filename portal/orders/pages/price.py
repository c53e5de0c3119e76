"""Why a line costs what it costs, for a person."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.orders import queries
from portal.platform.work import viewing
from portal.web import page


@get("/orders/{order_id:uuid}/lines/{line_id:uuid}/price", guards=[may("prices:read")], include_in_schema=False)
async def explain(actor: Acting, order_id: FromPath[UUID], line_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        explained = await queries.explain_price(view, order_id, line_id)
    return page("orders/price.html", explained=explained)


HANDLERS = [explain]
