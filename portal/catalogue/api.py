"""Items and prices for programs."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from portal.access.guards import Acting, may
from portal.access.verbs import api_verbs
from portal.catalogue import commands, queries
from portal.catalogue.forms import ItemForm, ItemOut, ItemRow, PriceForm, PriceListForm
from portal.catalogue.queries.documents import catalogue_document
from portal.catalogue.verbs import VERBS
from portal.platform.actor import Actor
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing
from portal.web.answers import tagged
from portal.web.downloads import XML, whole


@get("/", guards=[may("items:read")], operation_id="listItems")
async def list_items(
    actor: Acting,
    words: Annotated[str, QueryParameter(name="query")] = "",
    sort: FromQuery[str] = "number",
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[ItemRow]:
    """Items by number; `query` looks for words in number and name."""
    async with viewing(actor, report=True) as view:
        found = await queries.items(view, words, sort=sort, cursor=cursor, limit=clamp(limit))
    return Page(found.rows, found.older)


@get("/{item_id:uuid}", guards=[may("items:read")], operation_id="getItem")
async def show(actor: Acting, item_id: FromPath[UUID]) -> Response[ItemOut]:
    """One item with its suppliers' prices."""
    return await _item(actor, item_id)


@post("/", guards=[may("items:edit")], operation_id="createItem")
async def add(actor: Acting, data: JSONBody[ItemForm]) -> Response[ItemOut]:
    """Add an item. One that looks like another (same name or GTIN) is 409 until `another` says that it is not."""
    return await _item(actor, (await commands.add_item(actor, data)).id, 201)


@put("/{item_id:uuid}", guards=[may("items:edit")], operation_id="replaceItem")
async def edit(actor: Acting, item_id: FromPath[UUID], data: JSONBody[ItemForm]) -> Response[ItemOut]:
    """Replace what is said of an item; what was ordered keeps what it says."""
    await commands.edit_item(actor, item_id, data)
    return await _item(actor, item_id)


@post("/{item_id:uuid}/prices", guards=[may("items:edit")], operation_id="createPrices")
async def ask(actor: Acting, item_id: FromPath[UUID], data: JSONBody[PriceListForm]) -> Response[ItemOut]:
    """Add what a supplier asks for the item: one price for each break."""
    await commands.set_prices(actor, item_id, data)
    return await _item(actor, item_id, 201)


@put("/{item_id:uuid}/prices/{price_id:uuid}", guards=[may("items:edit")], operation_id="replacePrice")
async def mend(
    actor: Acting, item_id: FromPath[UUID], price_id: FromPath[UUID], data: JSONBody[PriceForm]
) -> Response[ItemOut]:
    """Mend a price, or give it its last day."""
    await commands.edit_price(actor, item_id, price_id, data)
    return await _item(actor, item_id)


@get(
    "/suppliers/{supplier_id:uuid}/catalogue.xml",
    guards=[may("prices:read")],
    operation_id="getSupplierCatalogue",
    summary="A supplier's prices as UBL",
    tags=["Items"],
)
async def catalogue(actor: Acting, supplier_id: FromPath[UUID]) -> Response[Any]:
    """All that the supplier asks for today and later, as a UBL 2.1 Catalogue (Peppol Catalogue without response 3)."""
    async with viewing(actor, report=True) as view:
        return whole(*await catalogue_document(view, supplier_id), XML)


async def _item(actor: Actor, item_id: UUID, status: int = 200) -> Response[ItemOut]:
    async with viewing(actor) as view:
        return tagged(await queries.item(view, item_id), status)


verbs = api_verbs("item_id", VERBS, _item)
items = Router("/items", route_handlers=[list_items, show, add, edit, ask, mend, *verbs], tags=["Items"])
router = Router("/", route_handlers=[items, catalogue])
