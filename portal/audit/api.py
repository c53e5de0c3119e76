"""The log for programs of auditors."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Router, get
from litestar.params import FromPath, FromQuery, QueryParameter

from portal.access.guards import Acting, may
from portal.audit import queries
from portal.audit.forms import EntryOut
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing


@get("/", guards=[may("audit:read")], operation_id="listAuditEntries")
async def list_entries(
    actor: Acting,
    person: Annotated[str | None, QueryParameter(name="actor")] = None,
    thing: Annotated[str | None, QueryParameter(name="object")] = None,
    event: FromQuery[str | None] = None,
    since: Annotated[datetime | None, QueryParameter(name="from")] = None,
    until: Annotated[datetime | None, QueryParameter(name="to")] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[EntryOut]:
    """Entries, newest first; `actor` is an id or e-mail address, `object` a record's id or number."""
    chosen = queries.EntryFilter(actor=person, object=thing, event=event, since=since, until=until)
    async with viewing(actor) as view:
        return await queries.entries(view, chosen, cursor=cursor, limit=clamp(limit))


@get("/{entry_id:uuid}", guards=[may("audit:read")], operation_id="getAuditEntry")
async def show(actor: Acting, entry_id: FromPath[UUID]) -> EntryOut:
    """One entry with every row it changed, before and after."""
    async with viewing(actor) as view:
        return await queries.entry(view, entry_id)


router = Router("/audit-entries", route_handlers=[list_entries, show], tags=["Audit"])
