"""All that was ordered of an item, and all items that a supplier was ordered, page by page."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.analytics import queries
from portal.catalogue.queries import item
from portal.organisations.queries import supplier
from portal.platform.work import viewing
from portal.web import page

AnyRequest = Request[Any, Any, Any]


@get("/items/{item_id:uuid}/orders", guards=[may("orders:read")], include_in_schema=False)
async def orders_of_item(request: AnyRequest, actor: Acting, item_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        about = await item(view, item_id)
        found = await queries.orders_of_item(view, item_id, cursor=request.query_params.get("cursor"))
    return page("analytics/item_orders.html", item=about, found=found)


@get("/suppliers/{supplier_id:uuid}/items", guards=[may("prices:read")], include_in_schema=False)
async def items_of_supplier(request: AnyRequest, actor: Acting, supplier_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        about = await supplier(view, supplier_id)
        found = await queries.paid_to(view, supplier_id, cursor=request.query_params.get("cursor"))
    return page("analytics/supplier_items.html", supplier=about, found=found)


HANDLERS = [orders_of_item, items_of_supplier]
