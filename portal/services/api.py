"""Service entries for programs: the supplier makes them, the buyer decides on them, both read them."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from portal.access.guards import Acting, may
from portal.access.verbs import api_verbs
from portal.platform.actor import Actor
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing
from portal.services import commands, queries
from portal.services.forms import DecisionForm, EntryOut, EntryRow, ServiceEntryForm
from portal.services.verbs import VERBS
from portal.web.answers import tagged


async def _tagged(actor: Actor, entry_id: UUID, status: int = 200) -> Response[EntryOut]:
    async with viewing(actor) as view:
        return tagged(await queries.entry_out(view, entry_id), status)


@get("/", guards=[may("service-entries:read")], operation_id="listServiceEntries")
async def list_entries(
    actor: Acting,
    states: Annotated[str | None, QueryParameter(name="state")] = None,
    supplier_id: FromQuery[UUID | None] = None,
    buyer_id: FromQuery[UUID | None] = None,
    order_id: FromQuery[UUID | None] = None,
    number: FromQuery[str | None] = None,
    performed_from: FromQuery[date | None] = None,
    performed_to: FromQuery[date | None] = None,
    sort: FromQuery[str] = "-created",
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[EntryRow]:
    """Service entries, newest first; a buyer sees those that were submitted. Codes may be several, with commas."""
    chosen = queries.EntryFilter(
        state=states,
        supplier_id=supplier_id,
        buyer_id=buyer_id,
        order_id=order_id,
        number=number,
        performed_from=performed_from,
        performed_to=performed_to,
    )
    async with viewing(actor) as view:
        return await queries.entries(view, chosen, sort=sort, cursor=cursor, limit=clamp(limit))


@post("/", guards=[may("service-entries:create")], operation_id="createServiceEntry")
async def create(actor: Acting, data: JSONBody[ServiceEntryForm]) -> Response[EntryOut]:
    """A draft, which only the supplier sees until it is submitted."""
    entry = await commands.create(actor, data)
    return await _tagged(actor, entry.id, 201)


@get("/{service_entry_id:uuid}", guards=[may("service-entries:read")], operation_id="getServiceEntry")
async def show(actor: Acting, service_entry_id: FromPath[UUID]) -> Response[EntryOut]:
    """One service entry: what was performed of each line, and what the buyer says of it."""
    return await _tagged(actor, service_entry_id)


@put("/{service_entry_id:uuid}", guards=[may("service-entries:edit")], operation_id="replaceServiceEntry")
async def replace(
    actor: Acting, service_entry_id: FromPath[UUID], data: JSONBody[ServiceEntryForm]
) -> Response[EntryOut]:
    """All that a draft says, anew."""
    await commands.edit(actor, service_entry_id, data)
    return await _tagged(actor, service_entry_id)


@post(
    "/{service_entry_id:uuid}/decide",
    guards=[may("service-entries:decide")],
    operation_id="decideServiceEntry",
    status_code=200,
)
async def decide(actor: Acting, service_entry_id: FromPath[UUID], data: JSONBody[DecisionForm]) -> Response[EntryOut]:
    """Accept or reject line by line; lines not named go on waiting."""
    await commands.decide(actor, service_entry_id, data)
    return await _tagged(actor, service_entry_id)


_HANDLERS: list[Any] = [list_entries, create, show, replace, decide, *api_verbs("service_entry_id", VERBS, _tagged)]
router = Router("/service-entries", route_handlers=_HANDLERS, tags=["Service entries"])
