"""Each request gets its id, its actor and its protection against forged ones, before any handler runs.

The actor comes from the session cookie or an API key and from nothing else. An unsafe request of a session must repeat
the session's token (header `X-CSRF-Token` or form field `_csrf`); API keys need none: no browser sends them by itself.
"""

import hmac
from http.cookies import SimpleCookie
from ipaddress import ip_address
from typing import Any
from uuid import uuid4

import msgspec
import structlog
from litestar import Request as WebRequest
from litestar.types import ASGIApp, Receive, Scope, Send

from portal.access.carrying import bring
from portal.access.frame import set_frame
from portal.access.queries import Identity, identity_of_api_key, identity_of_session, why_signed_out
from portal.platform.actor import Actor, Request
from portal.platform.database import nothing_changed_yet
from portal.platform.i18n import LANGUAGES, _, use_language
from portal.platform.refusals import Denied, Malformed, OnlyLooking, OnlyReading, TheirOwn
from portal.platform.settings import settings
from portal.web.input import form_data
from portal.web.sites import is_ours

SAFE = {"GET", "HEAD", "OPTIONS"}
FORM = b"application/x-www-form-urlencoded"


def session_cookie() -> str:
    """Browsers keep `__Host-` cookies to this host alone; they need https."""
    return "__Host-session" if settings().secure else "session"


class Identify:
    """ASGI middleware: `scope["state"]` receives `actor`, `csrf`, `cookies` and `request_id`; of a session that is
    over, why (`signed_out`)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/static/"):
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        request_id = uuid4().hex
        cookies = _cookies(headers)
        state = scope.setdefault("state", {})
        state.update(request_id=request_id, cookies=cookies, actor=None, csrf="", organisations=())
        nothing_changed_yet()
        identity = await _identity(headers, cookies)
        bring(None, headers, cookies)
        language = cookies.get("language") or _preferred(headers.get(b"accept-language", b"").decode("latin-1"))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        if identity is not None:
            actor = _with_request(identity.actor, scope, headers, request_id)
            bring(actor, headers, cookies)
            state.update(actor=actor, csrf=identity.csrf, organisations=identity.organisations)
            language = actor.language  # of their profile; the cookie is for who is not known yet
            structlog.contextvars.bind_contextvars(organisation=str(actor.organisation_id), actor=str(actor.person_id))
        elif session_cookie() in cookies and b"authorization" not in headers:
            state["signed_out"] = await why_signed_out(cookies[session_cookie()])
        use_language(language)
        if not scope["path"].startswith("/api/") or scope["path"].endswith("/docs"):
            set_frame(scope)
        await self.app(scope, receive, send)


async def introduce(_error: Exception, scope: Scope) -> None:
    """Who asked for an address that no route has is known too (`after_exception` of the app): routing fails before any
    middleware runs, and a refusal still speaks its reader's language and keeps their menu."""
    if scope["type"] == "http" and "actor" not in scope.get("state", {}):
        await Identify(_nothing_more)(scope, _nothing, _nothing)


async def _nothing_more(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Where an introduction ends."""


async def _nothing(*_message: Any) -> Any:
    """Nothing is read and nothing is sent while somebody is introduced."""


async def present_actor(request: WebRequest[Any, Any, Any]) -> Actor | None:
    """Who asks, as of now: for an answer that lasts, while rights may be taken away."""
    identity = await _identity(dict(request.scope["headers"]), request.scope["state"]["cookies"])
    return None if identity is None else identity.actor


async def check_csrf(request: WebRequest[Any, Any, Any]) -> None:
    """Refuse an unsafe request that does not prove it comes from our own page, or whose `If-Match` is empty, and what
    is not for somebody who looks as a colleague (`before_request` of the app)."""
    _only_looks(request)
    if request.method in SAFE:
        return
    _check_version(request)
    _check_origin(request)
    state = request.scope["state"]
    if state["actor"] is None or state["actor"].request.via != "session" or request.url.path == "/api/v1/sessions":
        return
    given = request.headers.get("x-csrf-token", "")
    if not given and request.route_handler.opt.get("streamed"):
        return  # who reads the stream calls `prove` before it keeps a byte
    if not given and request.headers.get("content-type", "").encode().startswith((FORM, b"multipart/form-data")):
        given = str((await form_data(request)).get("_csrf", ""))
    prove(request, given)


def prove(request: WebRequest[Any, Any, Any], token: str) -> None:
    """Refuse a session's request unless it brings the session's token, in its header or as this field of its form."""
    state = request.scope["state"]
    if state["actor"].request.via != "session":
        return
    given = request.headers.get("x-csrf-token", "") or token
    if not hmac.compare_digest(given.encode(), state["csrf"].encode()):
        raise Denied(_("This page is too old or was not ours. Load it again, then send it again."))


def _only_looks(request: WebRequest[Any, Any, Any]) -> None:
    """Who looks as a colleague ends that, or signs out, and reads what is not the colleague's own; nothing else. A key
    may be for reading alone."""
    actor: Actor | None = request.scope["state"]["actor"]
    options = request.route_handler.opt
    if actor is not None and actor.reads_only and request.method not in SAFE:
        raise OnlyReading()
    if actor is None or actor.seen_by is None or options.get("while_looking"):
        return
    if request.method not in SAFE:
        raise OnlyLooking(actor.name)
    if options.get("about_oneself"):
        raise TheirOwn(actor.name)


def _check_version(request: WebRequest[Any, Any, Any]) -> None:
    """A version that was sent is meant: one that names nothing is not the same as none."""
    given = request.headers.get("if-match")
    if given is not None and not given.strip().removeprefix("W/").strip('"'):
        raise Malformed(_("If-Match is empty. Send the ETag of the record as you read it, or leave the header out."))


def _check_origin(request: WebRequest[Any, Any, Any]) -> None:
    origin = request.headers.get("origin")
    if origin is not None and not is_ours(request, origin):
        raise Denied(_("This request came from another site."))


async def _identity(headers: dict[bytes, bytes], cookies: dict[str, str]) -> Identity | None:
    bearer = headers.get(b"authorization", b"").decode("latin-1")
    if bearer.lower().startswith("bearer "):
        return await identity_of_api_key(bearer[7:].strip())
    token = cookies.get(session_cookie())
    return await identity_of_session(token) if token else None


def _with_request(actor: Actor, scope: Scope, headers: dict[bytes, bytes], request_id: str) -> Actor:
    match = headers.get(b"if-match", b"").decode("latin-1").removeprefix("W/").strip('"')
    request = Request(
        id=request_id,
        if_match=int(match) if match.isdecimal() and len(match) < 10 else (-1 if match and match != "*" else None),
        address=client_address(scope, headers),
        via="session" if actor.session else "api_key",
    )
    return msgspec.structs.replace(actor, request=request)


def client_address(scope: Any, headers: dict[bytes, bytes]) -> str:
    """Where the request comes from. X-Forwarded-For counts only from a configured proxy, and of it only what such
    proxies wrote: from its end to the first address that is none of theirs."""
    address = scope["client"][0] if scope.get("client") else ""
    forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")
    while forwarded and _is_proxy(address):
        try:
            address = str(ip_address(forwarded.pop().strip()))
        except ValueError:
            break
    return address


def _is_proxy(address: str) -> bool:
    try:
        return any(ip_address(address) in proxy for proxy in settings().trusted_proxies)
    except ValueError:
        return False


def _cookies(headers: dict[bytes, bytes]) -> dict[str, str]:
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(headers.get(b"cookie", b"").decode("latin-1"))
    except Exception:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def _preferred(accepted: str) -> str:
    first = accepted.split(",")[0].lower()
    return "zh-Hans" if first.startswith("zh") else next(iter(LANGUAGES))
