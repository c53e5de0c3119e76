"""The organisation's members and the access policy as they were on a day."""

from typing import Any

from litestar import Request, Response, get

from portal.access.guards import Acting, may
from portal.access.queries import site_names
from portal.access.reading import DUTY
from portal.access.rule import Rule
from portal.access.words import CONDITIONS, OTHERS, PERMISSIONS, named
from portal.operations.workspace.members import members_at
from portal.operations.workspace.pages.records import Asked, local, moment_of
from portal.operations.workspace.policies import PolicyThen, policy_at
from portal.platform.i18n import Message
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
    told: dict[str, Any] = {
        "roles": rules_of(found),
        "duties": duties_of(found),
        "conditions": CONDITIONS,
        "words": words_of,
        "in_words": named,
        "others": OTHERS,
    }
    return page("workspace/policy.html", found=found, when=local(moment, actor), **told)


def rules_of(found: PolicyThen) -> dict[str, list[Rule]]:
    """The rules of then by role, in the order of both."""
    by_role: dict[str, list[Rule]] = {}
    for each in found.rules:
        if not each.startswith(DUTY):
            rule = Rule.of(each)
            by_role.setdefault(rule.role, []).append(rule)
    return by_role


def words_of(rule: Rule) -> list[Message]:
    """What the rule speaks of, as people say it; nothing where this release has no words for it."""
    told = (PERMISSIONS.get(f"{thing}:{action}") for thing in rule.things for action in rule.actions.split(" "))
    if rule.actions == "*":
        told = (each for permission, each in PERMISSIONS.items() if rule.names(permission))
    return [each for each in told if each is not None]


def duties_of(found: PolicyThen) -> list[tuple[str, ...]]:
    """Two permissions that excluded each other on one transaction, and why."""
    return [tuple(rule.removeprefix(DUTY).split(", ", 2)) for rule in found.rules if rule.startswith(DUTY)]


HANDLERS = [members, policy]
