"""Passkeys: making, using and removing them, with the browser's own dialogue in between."""

import secrets
from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, JSONBody

from portal.access import commands
from portal.access.api.sessions import answered, where
from portal.access.commands.ceremonies import LIFETIME
from portal.access.commands.passkeys import Place
from portal.access.cookies import set_session
from portal.access.forms import Me, PasskeyAnswer, PasskeyForm, PasskeyOptions, PresentPassword, RecoveryCodesOut
from portal.access.guards import Acting, may, public
from portal.platform.settings import settings
from portal.web.sites import is_ours

AnyRequest = Request[Any, Any, Any]
COOKIE = "passkey_browser"


@post(
    "/passkeys/options", guards=[public], operation_id="beginPasskeyUse", summary="Ask for a passkey", status_code=200
)
async def begin_use(request: AnyRequest) -> Response[PasskeyOptions]:
    """For signing in with a passkey, or proving one. The answer works once, for five minutes, and only with the cookie
    that comes with the question."""
    browser = _browser(request) or secrets.token_urlsafe(32)
    response = Response(PasskeyOptions(await commands.begin_use(place(request), browser)), status_code=200)
    response.set_cookie(_cookie(browser))
    return response


@post("/sessions/passkey", guards=[public], operation_id="signInWithPasskey", summary="Sign in with a passkey")
async def sign_in(request: AnyRequest, data: JSONBody[PasskeyAnswer]) -> Response[Me]:
    """Open a session. A passkey is a second factor, too: no code is asked for."""
    agent = request.headers.get("user-agent", "")
    opened = await commands.sign_in_with_passkey(
        data.credential, place(request), _browser(request), address=where(request), agent=agent
    )
    return answered(opened, status=201)


@post(
    "/sessions/current/passkey-proof",
    guards=[may("self:begin")],
    operation_id="provePasskey",
    summary="Prove a passkey",
    status_code=200,
)
async def prove(request: AnyRequest, actor: Acting, data: JSONBody[PasskeyAnswer]) -> Response[Me]:
    """The same as `proveSecondFactor`, by a passkey."""
    return answered(await commands.prove_with_passkey(actor, data.credential, place(request), _browser(request)))


@post("/me/passkeys/options", guards=[may("self:begin")], operation_id="beginPasskey", summary="Begin a passkey")
async def begin(request: AnyRequest, actor: Acting, data: JSONBody[PresentPassword | None] = None) -> PasskeyOptions:
    """Takes the present password, or a second factor that was proved within ten minutes where there is one."""
    password = data.password if data else None
    return PasskeyOptions(await commands.begin_passkey(actor, password, place(request), address=where(request)))


@post("/me/passkeys", guards=[may("self:begin")], operation_id="addPasskey", summary="Keep a passkey")
async def add(request: AnyRequest, actor: Acting, data: JSONBody[PasskeyForm]) -> Response[RecoveryCodesOut]:
    """With the first second factor come recovery codes, shown this once."""
    made = await commands.add_passkey(actor, data.credential, data.name, place(request))
    return set_session(Response(RecoveryCodesOut(made.recovery_codes, made.opened.csrf), status_code=201), made.opened)


@delete(
    "/me/passkeys/{passkey_id:uuid}", guards=[may("self:use")], operation_id="removePasskey", summary="Remove a passkey"
)
async def remove(actor: Acting, passkey_id: FromPath[UUID]) -> Response[None]:
    """Takes a second factor that was proved within ten minutes."""
    await commands.remove_passkey(actor, passkey_id)
    return Response(None, status_code=204)


def place(request: AnyRequest) -> Place:
    """The portal's public address; where nobody configured that, the name by which the browser reached it."""
    origin = request.headers.get("origin", "")
    return Place.of(origin if origin and is_ours(request, origin) else settings().url)


def _browser(request: AnyRequest) -> str:
    """What only this browser knows, for as long as a question of ours waits: several of its tabs share it."""
    return request.cookies.get(COOKIE, "")[:100]


def _cookie(browser: str) -> Cookie:
    seconds, kind = int(LIFETIME.total_seconds()), {"httponly": True, "samesite": "strict"}
    return Cookie(COOKIE, value=browser, max_age=seconds, path="/api/v1", secure=settings().secure, **kind)


HANDLERS = (begin_use, sign_in, prove, begin, add, remove)
