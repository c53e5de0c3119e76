"""The workspace for programs of auditors."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from litestar import Router, get
from litestar.params import FromPath, QueryParameter

from portal.access.guards import Acting, may
from portal.operations.workspace.answers import member_out, policy_out, readers_out
from portal.operations.workspace.forms import MemberThenOut, PolicyThenOut, ReadersOut
from portal.operations.workspace.members import members_at
from portal.operations.workspace.past import Past, as_of
from portal.operations.workspace.policies import policy_at
from portal.operations.workspace.readers import readers
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


routers = [Router("/audit", route_handlers=[record_then, record_readers, members_then, policy_then], tags=["Audit"])]
