"""Items for programs."""

from typing import Annotated
from uuid import UUID

from litestar import Response, Router, get
from litestar.params import FromPath, FromQuery, QueryParameter

from portal.access.guards import Acting, may
from portal.catalogue import queries
from portal.catalogue.forms import ItemOut, ItemRow
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing
from portal.web.answers import tagged


@get("/", guards=[may("items:read")], operation_id="listItems")
async def list_items(
    actor: Acting,
    words: Annotated[str, QueryParameter(name="query")] = "",
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[ItemRow]:
    """Items by number; `query` looks for words in number and name."""
    async with viewing(actor) as view:
        found = await queries.items(view, words, cursor=cursor, limit=clamp(limit))
    return Page(found.rows, found.older)


@get("/{item_id:uuid}", guards=[may("items:read")], operation_id="getItem")
async def show(actor: Acting, item_id: FromPath[UUID]) -> Response[ItemOut]:
    """One item with its suppliers' prices."""
    async with viewing(actor) as view:
        return tagged(await queries.item(view, item_id))


router = Router("/items", route_handlers=[list_items, show], tags=["Items"])
