"""The log for programs of auditors."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from portal.access.guards import Acting, may
from portal.audit import commands, holdings, proofs, queries
from portal.audit.forgetting import forget_invitation
from portal.audit.forms import (
    CheckpointOut,
    ConsistencyOut,
    DisposalOut,
    EntryOut,
    HoldForm,
    HoldOut,
    ProofOut,
    ReleaseForm,
)
from portal.platform.actor import Actor
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing
from portal.web.answers import tagged

MOST = 10**15  # entries


@get("/", guards=[may("audit:read")], operation_id="listAuditEntries")
async def list_entries(
    actor: Acting,
    person: Annotated[str | None, QueryParameter(name="actor")] = None,
    thing: Annotated[str | None, QueryParameter(name="object")] = None,
    event: FromQuery[str | None] = None,
    outcome: Annotated[str | None, QueryParameter(description="done, refused, read or exported")] = None,
    kind: Annotated[str | None, QueryParameter(description="Kind of record, such as purchase-order")] = None,
    since: Annotated[datetime | None, QueryParameter(name="from")] = None,
    until: Annotated[datetime | None, QueryParameter(name="to")] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[EntryOut]:
    """Entries, newest first; `actor` is an id or e-mail address, `object` a record's id or number."""
    chosen = queries.EntryFilter(
        actor=person, object=thing, event=event, outcome=outcome, kind=kind, since=since, until=until
    )
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


@get("/", guards=[may("retention:read")], operation_id="listLegalHolds")
async def list_holds(
    actor: Acting, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[HoldOut]:
    """What is kept from being deleted, newest first."""
    async with viewing(actor) as view:
        return await holdings.holds(view, cursor=cursor, limit=clamp(limit))


@get("/{hold_id:uuid}", guards=[may("retention:read")], operation_id="getLegalHold")
async def show_hold(actor: Acting, hold_id: FromPath[UUID]) -> Response[HoldOut]:
    """A hold as it was placed, and how it ended."""
    return await _hold(actor, hold_id)


@post("/", guards=[may("retention:hold")], operation_id="placeLegalHold")
async def place(actor: Acting, data: JSONBody[HoldForm]) -> Response[HoldOut]:
    """Keep a record, a party's records or a period from being deleted."""
    return await _hold(actor, (await commands.place_hold(actor, data)).id, 201)


@post("/{hold_id:uuid}/release", guards=[may("retention:hold")], operation_id="releaseLegalHold", status_code=200)
async def release(actor: Acting, hold_id: FromPath[UUID], data: JSONBody[ReleaseForm]) -> Response[HoldOut]:
    """Let go what the hold kept; what was kept long enough may be disposed of again."""
    await commands.release_hold(actor, hold_id, data.reason)
    return await _hold(actor, hold_id)


@post(
    "/invitations/{invitation_id:uuid}/forget",
    guards=[may("members:add")],
    operation_id="forgetInvitation",
    summary="Forget whom an invitation asked",
    status_code=204,
)
async def forget(actor: Acting, invitation_id: FromPath[UUID]) -> None:
    """Withdraws it if it is open and destroys its name and address, in the log too. 409 if it was accepted."""
    await forget_invitation(actor, invitation_id)


@get("/disposals", guards=[may("retention:read")], operation_id="listDisposals")
async def list_disposals(
    actor: Acting, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[DisposalOut]:
    """Certificates: what was destroyed because it was kept long enough, newest first."""
    async with viewing(actor) as view:
        return await holdings.disposals(view, cursor=cursor, limit=clamp(limit))


async def _hold(actor: Actor, hold_id: UUID, status: int = 200) -> Response[HoldOut]:
    async with viewing(actor) as view:
        return tagged(await holdings.hold(view, hold_id), status)


router = Router(
    "/",
    route_handlers=[
        Router("/audit-entries", route_handlers=[list_entries, show, prove]),
        Router("/audit", route_handlers=[checkpoint, consistency]),
        Router("/legal-holds", route_handlers=[list_holds, show_hold, place, release]),
        forget,
        list_disposals,
    ],
    tags=["Audit"],
)
