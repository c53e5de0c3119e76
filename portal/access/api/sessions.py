"""Signing in and out as a program, who one is, and where one is signed in."""

from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.params import FromPath, JSONBody

from portal.access import commands, queries
from portal.access.cookies import clear_session, set_session
from portal.access.forms import CodeForm, Me, OrganisationOut, SessionOut, SignIn, UserOut
from portal.access.guards import Acting, may, public
from portal.access.identify import client_address
from portal.platform.actor import Actor
from portal.platform.work import viewing

AnyRequest = Request[Any, Any, Any]


@post("/sessions", guards=[public], operation_id="signIn", summary="Sign in")
async def sign_in(request: AnyRequest, data: JSONBody[SignIn]) -> Response[Me]:
    """Open a session for a browser; its cookie and `csrf_token` then stand in for a key. Where a second factor is asked
    for, `code` is what an app shows or a recovery code; without it the answer is 401 and says so (`needs: code`)."""
    agent = request.headers.get("user-agent", "")
    opened = await commands.sign_in(data.email, data.password, address=where(request), agent=agent, code=data.code)
    return answered(opened, status=201)


@get(
    "/sessions",
    guards=[may("self:use")],
    operation_id="listSessions",
    summary="Where I am signed in",
    about_oneself=True,
)
async def list_sessions(actor: Acting) -> list[SessionOut]:
    """One's own open sessions, the last used first."""
    async with viewing(actor) as view:
        found = await queries.sessions(view)
    own = actor.session.hex() if actor.session else ""
    return [SessionOut(**row, current=row["key"] == own) for row in found]


@delete("/sessions/{key:str}", guards=[may("self:use")], operation_id="endSession", summary="Sign out elsewhere")
async def end_session(actor: Acting, key: FromPath[str]) -> Response[None]:
    """End one of one's own sessions, on whatever device it is."""
    await commands.revoke_session(actor, key)
    return Response(None, status_code=204)


@post(
    "/sessions/end-others",
    guards=[may("self:use")],
    operation_id="endOtherSessions",
    summary="Sign out everywhere else",
    status_code=200,
)
async def end_others(request: AnyRequest, actor: Acting) -> Me:
    """End all of one's own sessions but this."""
    await commands.end_other_sessions(actor)
    return told(actor, request.scope["state"]["csrf"])


@post(
    "/sessions/current/proof",
    guards=[may("self:begin")],
    operation_id="proveSecondFactor",
    summary="Prove a second factor",
    status_code=200,
)
async def prove(request: AnyRequest, actor: Acting, data: JSONBody[CodeForm]) -> Response[Me]:
    """For acts that answer 403 with `needs: proof`: within ten minutes from here they are done. The session has a new
    cookie and a new `csrf_token`."""
    return answered(await commands.prove(actor, data.code, address=where(request)))


@delete("/sessions/current", guards=[may("self:begin")], operation_id="signOut", summary="Sign out", while_looking=True)
async def sign_out(actor: Acting) -> Response[None]:
    """End the session of this request."""
    await commands.sign_out(actor)
    return clear_session(Response(None, status_code=204))


@get("/me", guards=[may("self:begin")], operation_id="me", summary="Who I am", about_oneself=True, while_looking=True)
async def me(request: AnyRequest, actor: Acting) -> Me:
    """Who this key or session acts as, for which organisation, in which roles."""
    return told(actor, request.scope["state"]["csrf"])


def where(request: AnyRequest) -> str:
    """Where the request comes from, as far as it is believed."""
    return client_address(request.scope, dict(request.scope["headers"]))


def answered(opened: commands.Opened, status: int = 200) -> Response[Me]:
    """A session under its new secret."""
    return set_session(Response(told(opened.actor, opened.csrf), status_code=status), opened)


def told(actor: Actor, csrf: str) -> Me:
    return Me(
        user=UserOut(actor.person, actor.name, actor.email),
        organisation=OrganisationOut(actor.organisation_id, actor.organisation_name, actor.organisation_kind),
        roles=sorted(actor.roles - {"anyone", "newcomer"}),
        csrf_token=csrf,
        pending=list(actor.pending),
        seen_by="" if actor.seen_by is None else actor.seen_by.name,
        emergency_until=None if actor.emergency is None else actor.emergency.until,
    )


HANDLERS = (sign_in, list_sessions, end_session, end_others, prove, sign_out, me)
