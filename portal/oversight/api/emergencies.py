"""More roles for an emergency, for programs; the roles themselves are held in sessions alone, by people."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from portal.access.guards import Acting, may
from portal.access.verbs import api_verbs
from portal.oversight import commands, queries
from portal.oversight.forms import EmergencyForm, EmergencyOut, VerdictForm
from portal.oversight.verbs import VERBS
from portal.platform.actor import Actor
from portal.platform.paging import Page, clamp
from portal.platform.work import viewing
from portal.web.answers import tagged


async def _emergency(actor: Actor, emergency_id: UUID, status: int = 200) -> Response[EmergencyOut]:
    async with viewing(actor) as view:
        return tagged(await queries.emergency(view, emergency_id), status)


@get("/", guards=[may("emergency-access:read")], operation_id="listEmergencyAccess")
async def list_emergencies(
    actor: Acting, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[EmergencyOut]:
    """Newest first: all to administrators, approvers and auditors, to everybody else their own."""
    async with viewing(actor) as view:
        return await queries.emergencies(view, cursor=cursor, limit=clamp(limit))


@get("/{emergency_id:uuid}", guards=[may("emergency-access:read")], operation_id="getEmergencyAccess")
async def show(actor: Acting, emergency_id: FromPath[UUID]) -> Response[EmergencyOut]:
    """Who asked for what and why, who granted it until when, and what a third person found."""
    return await _emergency(actor, emergency_id)


@post("/", guards=[may("emergency-access:ask")], operation_id="askEmergencyAccess")
async def ask(actor: Acting, data: JSONBody[EmergencyForm]) -> Response[EmergencyOut]:
    """Ask for roles besides one's own, for four hours at most. Another person grants them, a third one reviews it;
    until then nobody gets a second one."""
    return await _emergency(actor, (await commands.ask(actor, data)).id, 201)


@post(
    "/{emergency_id:uuid}/review",
    guards=[may("emergency-access:review")],
    operation_id="reviewEmergencyAccess",
    status_code=200,
)
async def review(actor: Acting, emergency_id: FromPath[UUID], data: JSONBody[VerdictForm]) -> Response[EmergencyOut]:
    """Say whether it was justified: somebody who neither asked nor granted, once it is over."""
    await commands.review(actor, emergency_id, data)
    return await _emergency(actor, emergency_id)


HANDLERS: list[Any] = [list_emergencies, show, ask, review, *api_verbs("emergency_id", VERBS, _emergency)]
