"""What was bought, what is open, and statements of it, for programs."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from portal.access.guards import Acting, may
from portal.access.verbs import api_verbs
from portal.analytics import commands, queries
from portal.analytics.forms import ListedStatement, OpenItems, StatementForm, StatementOut
from portal.analytics.queries import AgreedPrice, Month, OrderedLine, PaidItem, SupplierOfItem
from portal.analytics.verbs import VERBS
from portal.catalogue.queries import item
from portal.organisations.queries import supplier
from portal.platform.actor import Actor
from portal.platform.fields import Day
from portal.platform.paging import Page, clamp
from portal.platform.refusals import Malformed
from portal.platform.work import viewing
from portal.web.answers import tagged


async def _tagged(actor: Actor, statement_id: UUID, status: int = 200) -> Response[StatementOut]:
    async with viewing(actor) as view:
        return tagged(await queries.statement_out(view, statement_id), status)


@get("/open-items", guards=[may("open-items:read")], operation_id="listOpenItems")
async def open_items(
    actor: Acting,
    as_of: FromQuery[date | None] = None,
    supplier_id: FromQuery[UUID | None] = None,
    buyer_id: FromQuery[UUID | None] = None,
    currency: FromQuery[str | None] = None,
) -> OpenItems:
    """Ordered not received, received not invoiced, invoiced not settled at a day's end, by partner and currency."""
    async with viewing(actor) as view:
        if as_of is not None and as_of.year not in Day.years:
            raise Malformed(Day.expected())
        asked = await queries.asked_of(view, as_of, supplier_id, buyer_id, currency)
        return await queries.open_items(view, asked)


@get("/statements", guards=[may("open-items:read")], operation_id="listStatements")
async def list_statements(
    actor: Acting,
    supplier_id: FromQuery[UUID | None] = None,
    of_state: Annotated[str | None, QueryParameter(name="state")] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[ListedStatement]:
    """The statements that one's company sent, newest first; those that it got, where it names itself as `supplier_id`
    or only sells."""
    async with viewing(actor) as view:
        found = await queries.statements(
            view, supplier_id=supplier_id, state=of_state, cursor=cursor, limit=clamp(limit)
        )
    return Page(found.rows, found.older)


@post("/statements", guards=[may("statements:send")], operation_id="sendStatement")
async def send(actor: Acting, data: JSONBody[StatementForm]) -> Response[StatementOut]:
    """Freeze what is open with a supplier and show it to the supplier, who agrees or objects."""
    statement = await commands.send(actor, data)
    return await _tagged(actor, statement.id, 201)


@get("/statements/{statement_id:uuid}", guards=[may("open-items:read")], operation_id="getStatement")
async def show(actor: Acting, statement_id: FromPath[UUID]) -> Response[StatementOut]:
    """A statement as it was sent, and how it was answered."""
    return await _tagged(actor, statement_id)


@get("/items/{item_id:uuid}/orders", guards=[may("orders:read")], operation_id="listItemOrders")
async def orders_of_item(
    actor: Acting,
    item_id: FromPath[UUID],
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[OrderedLine]:
    """All order lines of an item that one may see, newest first."""
    async with viewing(actor) as view:
        await item(view, item_id)
        return await queries.orders_of_item(view, item_id, cursor=cursor, limit=clamp(limit))


@get("/items/{item_id:uuid}/agreed-prices", guards=[may("prices:read")], operation_id="listAgreedPrices")
async def prices_of_item(
    actor: Acting,
    item_id: FromPath[UUID],
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[AgreedPrice]:
    """What orders agreed on for an item over time, per one of the line's unit, newest first."""
    async with viewing(actor) as view:
        await item(view, item_id)
        return await queries.prices_then(view, item_id, cursor=cursor, limit=clamp(limit))


@get("/items/{item_id:uuid}/suppliers", guards=[may("orders:read")], operation_id="listItemSuppliers")
async def suppliers_of_item(actor: Acting, item_id: FromPath[UUID]) -> Page[SupplierOfItem]:
    """Who supplied an item in which currency and unit, whoever did last first; no more than fifty."""
    async with viewing(actor) as view:
        await item(view, item_id)
        return Page(await queries.suppliers_of_item(view, item_id))


@get("/suppliers/{supplier_id:uuid}/items", guards=[may("prices:read")], operation_id="listSupplierItems")
async def items_of_supplier(
    actor: Acting,
    supplier_id: FromPath[UUID],
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[PaidItem]:
    """The items that a supplier was ordered, by number: the last price, what it asks today, and what was paid."""
    async with viewing(actor) as view:
        await supplier(view, supplier_id)
        return await queries.paid_to(view, supplier_id, cursor=cursor, limit=clamp(limit))


@get("/suppliers/{supplier_id:uuid}/months", guards=[may("orders:read")], operation_id="listSupplierMonths")
async def months_of_supplier(actor: Acting, supplier_id: FromPath[UUID]) -> Page[Month]:
    """What happened with a supplier in the last months: orders, deliveries, invoices, and their sums by currency."""
    async with viewing(actor) as view:
        await supplier(view, supplier_id)
        return Page(await queries.months_of(view, actor.organisation_id, supplier_id))


_HISTORY: list[Any] = [orders_of_item, prices_of_item, suppliers_of_item, items_of_supplier, months_of_supplier]
_VERBS: list[Any] = api_verbs("statement_id", VERBS, _tagged)
router = Router(
    "/",
    route_handlers=[*_HISTORY, open_items, list_statements, send, show, Router("/statements", route_handlers=_VERBS)],
    tags=["Open items"],
)
