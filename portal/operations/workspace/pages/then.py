"""The organisation's members and the access policy as they were on a day."""

from typing import Any

from litestar import Request, Response, get

from portal.access.guards import Acting, may
from portal.access.queries import site_names
from portal.access.reading import DUTY
from portal.access.words import CONDITIONS
from portal.operations.workspace.members import members_at
from portal.operations.workspace.pages.records import Asked, local, moment_of
from portal.operations.workspace.policies import PolicyThen, policy_at
from portal.platform.work import viewing
from portal.web import page
from portal.web.query import read_query

AnyRequest = Request[Any, Any, Any]


@get("/audit/members", guards=[may("audit:read")], include_in_schema=False)
async def members(request: AnyRequest, actor: Acting) -> Response[Any]:
    """Who could act for the organisation then: roles, scope and approval limit of each."""
    moment = moment_of(read_query(request.query_params, Asked).at, actor)
    async with viewing(actor, report=True) as view:
        found = await members_at(view, moment)
        sites = await site_names(view)
    return page("workspace/members.html", members=found, sites=sites, when=local(moment, actor))


@get("/audit/policy", guards=[may("audit:read")], include_in_schema=False)
async def policy(request: AnyRequest, actor: Acting) -> Response[Any]:
    """What each role might do then."""
    moment = moment_of(read_query(request.query_params, Asked).at, actor)
    async with viewing(actor, report=True) as view:
        found = await policy_at(view, moment)
    told = {"rows": rules_of(found), "duties": duties_of(found), "conditions": CONDITIONS}
    return page("workspace/policy.html", found=found, when=local(moment, actor), **told)


def rules_of(found: PolicyThen) -> list[tuple[str, ...]]:
    """Role, kind of organisation, object, actions, effect, conditions, rule by rule."""
    return [tuple(part.strip() for part in rule.split(",")) for rule in found.rules if not rule.startswith(DUTY)]


def duties_of(found: PolicyThen) -> list[tuple[str, ...]]:
    """Two permissions that excluded each other on one transaction, and why."""
    return [tuple(rule.removeprefix(DUTY).split(", ", 2)) for rule in found.rules if rule.startswith(DUTY)]


HANDLERS = [members, policy]
