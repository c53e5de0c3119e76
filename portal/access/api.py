"""Signing in and out as a program, and who one is."""

from typing import Any

from litestar import Request, Response, Router, delete, get, post
from litestar.params import JSONBody

from portal.access import commands
from portal.access.cookies import clear_session, set_session
from portal.access.forms import Me, OrganisationOut, SignIn, UserOut
from portal.access.guards import Acting, may, public
from portal.access.identify import client_address
from portal.platform.actor import Actor


@post("/sessions", guards=[public], operation_id="signIn", summary="Sign in")
async def sign_in(request: Request[Any, Any, Any], data: JSONBody[SignIn]) -> Response[Me]:
    """Open a session for a browser; its cookie and `csrf_token` then stand in for a key."""
    address = client_address(request.scope, dict(request.scope["headers"]))
    agent = request.headers.get("user-agent", "")
    opened = await commands.sign_in(data.email, data.password, address=address, agent=agent)
    return set_session(Response(_me(opened.actor, opened.csrf), status_code=201), opened)


@delete("/sessions/current", guards=[may("self:use")], operation_id="signOut", summary="Sign out")
async def sign_out(actor: Acting) -> Response[None]:
    """End the session of this request."""
    await commands.sign_out(actor)
    return clear_session(Response(None, status_code=204))


@get("/me", guards=[may("self:use")], operation_id="me", summary="Who I am")
async def me(request: Request[Any, Any, Any], actor: Acting) -> Me:
    """Who this key or session acts as, for which organisation, in which roles."""
    return _me(actor, request.scope["state"]["csrf"])


def _me(actor: Actor, csrf: str) -> Me:
    return Me(
        user=UserOut(actor.person, actor.name, actor.email),
        organisation=OrganisationOut(actor.organisation_id, actor.organisation_name, actor.organisation_kind),
        roles=sorted(actor.roles - {"anyone"}),
        csrf_token=csrf,
    )


router = Router("/", route_handlers=[sign_in, sign_out, me], tags=["Sessions"])
