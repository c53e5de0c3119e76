"""The access policy for programs."""

from typing import Annotated
from uuid import UUID

from litestar import Router, get
from litestar.params import FromQuery, QueryParameter

from portal.access.guards import Acting, may
from portal.operations.policy import queries
from portal.operations.policy.answers import conflicts_out, explained, policy_out
from portal.operations.policy.conflicts import role_conflicts, shared_traits
from portal.operations.policy.forms import ConflictsOut, ExplanationOut, PolicyOut
from portal.platform.work import viewing


@get("/", guards=[may("policy:read")], operation_id="getPolicy", summary="The access policy")
async def show(actor: Acting) -> PolicyOut:
    """Its rules with their lines, and what changed when."""
    async with viewing(actor) as view:
        return policy_out(await queries.loads(view), await queries.loads_gone(view))


@get("/explanation", guards=[may("policy:read")], operation_id="explainPermission", summary="Why somebody may or not")
async def explain(
    actor: Acting,
    person_id: FromQuery[UUID],
    permission: FromQuery[str],
    about: Annotated[str, QueryParameter(name="record", description="Number or id of a record.")] = "",
) -> ExplanationOut:
    """Each rule about the permission, those of the person's roles first, and what stands against it."""
    async with viewing(actor) as view:
        return explained(await queries.why(view, person_id, permission, about))


@get("/conflicts", guards=[may("policy:read")], operation_id="listConflicts", summary="Conflicts of duties")
async def conflicts(actor: Acting) -> ConflictsOut:
    """People whose roles together could break the segregation of duties, and suppliers that share a mail domain or a
    telephone number with staff. The acts themselves are refused."""
    async with viewing(actor) as view:
        return conflicts_out(await role_conflicts(view), await shared_traits(view))


router = Router("/policy", route_handlers=[show, explain, conflicts], tags=["Policy"])
