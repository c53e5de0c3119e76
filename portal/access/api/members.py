"""Who acts for one's organisation, in which roles, how far."""

from uuid import UUID

from litestar import Response, get, post, put
from litestar.params import FromPath, JSONBody

from portal.access import commands, queries
from portal.access.forms import Member, Rights
from portal.access.guards import Acting, may
from portal.platform.actor import Actor
from portal.platform.refusals import NotFound
from portal.platform.work import viewing
from portal.web.answers import tagged


@get("/members", guards=[may("members:read")], operation_id="listMembers", summary="Members")
async def list_members(actor: Acting) -> list[Member]:
    """Everybody who is or was a member, by name."""
    async with viewing(actor) as view:
        return await queries.people(view)


@get("/members/{person_id:uuid}", guards=[may("members:read")], operation_id="getMember", summary="A member")
async def show(actor: Acting, person_id: FromPath[UUID]) -> Response[Member]:
    """Roles, scope and approval limit; the `ETag` is for changing them."""
    return tagged(await _member(actor, person_id))


@put("/members/{person_id:uuid}", guards=[may("members:edit")], operation_id="changeMember", summary="Set rights")
async def change(actor: Acting, person_id: FromPath[UUID], data: JSONBody[Rights]) -> Response[Member]:
    """Instead of all they had; their sessions end. Nobody changes their own, and one administrator stays."""
    await commands.change_rights(actor, person_id, data)
    return tagged(await _member(actor, person_id))


@post(
    "/members/{person_id:uuid}/remove",
    guards=[may("members:remove")],
    operation_id="removeMember",
    summary="End a membership",
    status_code=200,
)
async def remove(actor: Acting, person_id: FromPath[UUID]) -> Response[Member]:
    """At once, with their sessions; what they did stays theirs in the log."""
    await commands.remove_member(actor, person_id)
    return tagged(await _member(actor, person_id))


@post(
    "/members/{person_id:uuid}/reinstate",
    guards=[may("members:add")],
    operation_id="reinstateMember",
    summary="Take a former member back",
    status_code=200,
)
async def reinstate(actor: Acting, person_id: FromPath[UUID]) -> Response[Member]:
    """With the rights that they had."""
    await commands.reinstate_member(actor, person_id)
    return tagged(await _member(actor, person_id))


@post(
    "/members/{person_id:uuid}/sign-out",
    guards=[may("members:edit")],
    operation_id="signOutMember",
    summary="Sign a member out everywhere",
    status_code=200,
)
async def sign_out(actor: Acting, person_id: FromPath[UUID]) -> Response[None]:
    """End every session in which they act for this organisation, and every key for programs."""
    await commands.sign_out_member(actor, person_id)
    return Response(None, status_code=200)


@post(
    "/members/{person_id:uuid}/unlink",
    guards=[may("members:edit")],
    operation_id="unlinkMember",
    summary="Remove a member's link to the company's own sign-in",
    status_code=200,
)
async def unlink(actor: Acting, person_id: FromPath[UUID]) -> Response[Member]:
    """Takes a second factor. Their sessions end; the next sign-in there links them again, by a confirmed address."""
    await commands.unlink_member(actor, person_id)
    return tagged(await _member(actor, person_id))


async def _member(actor: Actor, person_id: UUID) -> Member:
    async with viewing(actor) as view:
        found = await queries.people(view, person_id)
    if not found:
        raise NotFound()
    return found[0]


HANDLERS = (list_members, show, change, remove, reinstate, sign_out, unlink)
