"""The log for programs of auditors."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Router, get
from litestar.params import FromPath, FromQuery, QueryParameter

from portal.access.guards import Acting, may
from portal.audit import proofs, queries
from portal.audit.forms import CheckpointOut, ConsistencyOut, EntryOut, ProofOut
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing

MOST = 10**15  # entries


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
    async with viewing(actor, report=True) as view:
        return await queries.entries(view, chosen, cursor=cursor, limit=clamp(limit))


@get("/{entry_id:uuid}", guards=[may("audit:read")], operation_id="getAuditEntry")
async def show(actor: Acting, entry_id: FromPath[UUID]) -> EntryOut:
    """One entry with every row it changed, before and after."""
    async with viewing(actor) as view:
        return await queries.entry(view, entry_id)


@get("/{entry_id:uuid}/proof", guards=[may("audit:read")], operation_id="proveAuditEntry")
async def prove(actor: Acting, entry_id: FromPath[UUID]) -> ProofOut:
    """The entry, and the proof that it is in the sealed log; 409 for the few seconds until it is sealed."""
    async with viewing(actor) as view:
        return await proofs.proof(view, entry_id)


@get("/checkpoint", guards=[may("audit:read")], operation_id="getAuditCheckpoint")
async def checkpoint(actor: Acting, size: Annotated[int | None, QueryParameter(ge=1, le=MOST)] = None) -> CheckpointOut:
    """Where the sealed log ends, signed; or where it ended with `size` entries."""
    async with viewing(actor) as view:
        return await proofs.checkpoint(view, size)


@get("/consistency", guards=[may("audit:read")], operation_id="proveAuditConsistency")
async def consistency(
    actor: Acting,
    earlier: Annotated[int, QueryParameter(name="from", ge=1, le=MOST)],
    later: Annotated[int | None, QueryParameter(name="to", ge=1, le=MOST)] = None,
) -> ConsistencyOut:
    """The proof that nothing of the log of one checkpoint was changed in that of another; both are named by size."""
    async with viewing(actor) as view:
        return await proofs.consistent(view, earlier, later)


router = Router(
    "/",
    route_handlers=[
        Router("/audit-entries", route_handlers=[list_entries, show, prove]),
        Router("/audit", route_handlers=[checkpoint, consistency]),
    ],
    tags=["Audit"],
)
