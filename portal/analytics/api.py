"""What is open, and statements of it, for programs."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from portal.access.guards import Acting, may
from portal.access.verbs import api_verbs
from portal.analytics import commands, queries
from portal.analytics.forms import ListedStatement, OpenItems, StatementForm, StatementOut
from portal.analytics.queries import Asked
from portal.analytics.verbs import VERBS
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
        asked = Asked(as_of or await queries.today(view), supplier_id, buyer_id, currency)
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


_VERBS: list[Any] = api_verbs("statement_id", VERBS, _tagged)
router = Router(
    "/",
    route_handlers=[open_items, list_statements, send, show, Router("/statements", route_handlers=_VERBS)],
    tags=["Open items"],
)
