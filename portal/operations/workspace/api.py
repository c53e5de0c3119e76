"""The workspace for programs of auditors."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from litestar import Router, get
from litestar.params import FromPath, FromQuery, QueryParameter

from portal.access.guards import Acting, may
from portal.audit.forms import EntryOut
from portal.audit.queries import EntryFilter, entries
from portal.operations.workspace import engagements_api
from portal.operations.workspace.answers import member_out, policy_out, readers_out
from portal.operations.workspace.forms import MemberThenOut, PolicyThenOut, ReadersOut
from portal.operations.workspace.members import members_at
from portal.operations.workspace.past import Past, as_of
from portal.operations.workspace.policies import policy_at
from portal.operations.workspace.readers import readers
from portal.operations.workspace.reports import CONFIGURATION, OVERRIDES, events_of
from portal.platform.actor import Actor
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing

At = Annotated[datetime | None, QueryParameter(name="at", description="The moment; now, where none is given.")]


@get("/records/{record_id:uuid}/as-of", guards=[may("audit:read")], operation_id="getRecordAsOf")
async def record_then(actor: Acting, record_id: FromPath[UUID], at: At = None) -> Past:
    """The record as it was, rebuilt from the log; `unknown` names the fields that nobody knows any more."""
    async with viewing(actor, report=True) as view:
        return await as_of(view, record_id, _moment(at))


@get("/records/{record_id:uuid}/readers", guards=[may("audit:read")], operation_id="listRecordReaders")
async def record_readers(actor: Acting, record_id: FromPath[UUID], at: At = None) -> ReadersOut:
    """Who could see the record then, by memberships, roles, scopes and the policy of then."""
    async with viewing(actor, report=True) as view:
        return readers_out(await readers(view, record_id, _moment(at)))


@get("/members", guards=[may("audit:read")], operation_id="listMembersAsOf")
async def members_then(actor: Acting, at: At = None) -> list[MemberThenOut]:
    """Who could act for the organisation then, and with what rights."""
    async with viewing(actor, report=True) as view:
        return [member_out(member) for member in await members_at(view, _moment(at))]


@get("/policy", guards=[may("audit:read")], operation_id="getPolicyAsOf")
async def policy_then(actor: Acting, at: At = None) -> PolicyThenOut:
    """The access policy that held then."""
    async with viewing(actor, report=True) as view:
        return policy_out(await policy_at(view, _moment(at)))


def _moment(at: datetime | None) -> datetime:
    moment = at or datetime.now(UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@get("/overrides", guards=[may("audit:read")], operation_id="listOverrides")
async def list_overrides(
    actor: Acting,
    group: FromQuery[str | None] = None,
    since: Annotated[datetime | None, QueryParameter(name="from")] = None,
    until: Annotated[datetime | None, QueryParameter(name="to")] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[EntryOut]:
    """What was let pass, released, undone or changed after the fact, newest first; `group` narrows it to one kind."""
    return await _report(actor, events_of(OVERRIDES, group), since, until, cursor, limit)


@get("/configuration", guards=[may("audit:read")], operation_id="listConfigurationChanges")
async def list_configuration(
    actor: Acting,
    group: FromQuery[str | None] = None,
    since: Annotated[datetime | None, QueryParameter(name="from")] = None,
    until: Annotated[datetime | None, QueryParameter(name="to")] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[EntryOut]:
    """How the company's portal was set over time, newest first."""
    return await _report(actor, events_of(CONFIGURATION, group), since, until, cursor, limit)


async def _report(
    actor: Actor,
    events: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    cursor: str | None,
    limit: int | None,
) -> Page[EntryOut]:
    chosen = EntryFilter(events=events, since=since, until=until)
    async with viewing(actor, report=True) as view:
        return await entries(view, chosen, cursor=cursor, limit=clamp(limit))


AUDIT = [record_then, record_readers, members_then, policy_then, list_overrides, list_configuration]
routers = [Router("/audit", route_handlers=AUDIT, tags=["Audit"]), *engagements_api.routers]
