"""What programs post is answered from within its own transaction; with an `Idempotency-Key` the same key and body give
the same answer again, byte for byte, for 24 hours.

The command inserts the key together with its rows and is not committed before this middleware has written the answer
beside it. So a key that is there always has its answer, whenever a process dies, and an act happens once however often
it is sent. Whoever repeats at the same moment waits for the first at the rows that both want.

What the state of things refused (409) is kept too, by itself: a request that was told so and comes again later, late on
its way perhaps, must not act after all because the state has changed. What was wrong with the request is not kept: it
can be mended and sent under the same key.
"""

import hashlib
from typing import Any, NamedTuple

import msgspec
from litestar.status_codes import HTTP_409_CONFLICT
from litestar.types import ASGIApp, Receive, Scope, Send
from litestar.utils.scope.state import ScopeState

from portal.platform.actor import Actor, IdempotencyKey
from portal.platform.database import Connection, SafeTransaction, context_sql, engine
from portal.platform.held import Held
from portal.platform.i18n import _
from portal.platform.refusals import Invalid, Malformed
from portal.platform.work import viewing

_LONGEST_KEY = 200
_LONGEST_BODY = 10_000_000
_UNREPEATED = (401, 403, 413, 415)  # refused before anybody asked what was sent
# Their answers hold secrets, which are kept nowhere; who looks as somebody else is another actor from then on.
_SECRET = ("/api/v1/sessions", "/api/v1/me/", "/api/v1/api-keys", "/api/v1/see-as")
_SECRET_ENDS = ("/see-as",)
_NEVER_KEPT = (b"set-cookie", b"content-length")
_REPLAYED = (b"idempotent-replayed", b"true")


class Answer(NamedTuple):
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Idempotency:
    """ASGI middleware, inside `Identify`, for POSTs of the API."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _posts(scope):
            await self.app(scope, receive, send)
            return
        given = _given(scope)
        answer = await (_answer(self.app, scope, receive) if given is None else _once(self.app, scope, receive, given))
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.body, "more_body": False})


async def _answer(app: ASGIApp, scope: Scope, receive: Receive) -> Answer:
    """The app's answer; what it did is kept if the answer says so, and only then sent."""
    held = Held()
    _brings(scope, held=held)
    try:
        answer = await _collect(app, scope, receive)
        await held.end(commit=answer.status < 400)
    finally:
        await held.end(commit=False)
    return answer


async def _once(app: ASGIApp, scope: Scope, receive: Receive, given: str) -> Answer:
    """The app's answer, kept with what it did; or the first one, if that is what the key stands for."""
    actor: Actor = _state(scope)["actor"]
    body = await _whole(receive)
    key = IdempotencyKey(given, hashlib.sha256(f"POST {scope['path']}\n".encode() + body).digest())
    held = Held(single=True)
    _brings(scope, idempotency=key, held=held)
    try:
        answer = await _collect(app, scope, _again(body))
        if answer.status < 400 and held.transaction is not None:
            await _keep(held.transaction.connection, actor, key, answer)
            await held.end(commit=True)
    finally:
        await held.end(commit=False)
    if answer.status < 400 or answer.status in _UNREPEATED:
        return answer
    first = await _first(actor, key)
    if first is None and answer.status == HTTP_409_CONFLICT and held.began:
        return answer if await _keep_refusal(actor, key, answer) else await _first(actor, key) or answer
    return first or answer


def _brings(scope: Scope, **more: Any) -> None:
    actor: Actor = _state(scope)["actor"]
    request = msgspec.structs.replace(actor.request, **more)
    _state(scope)["actor"] = msgspec.structs.replace(actor, request=request)


def _state(scope: Scope) -> dict[str, Any]:
    return scope.setdefault("state", {})


def _posts(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith("/api/v1/"):
        return False
    if scope["path"].startswith(_SECRET) or scope["path"].endswith(_SECRET_ENDS):
        return False
    return _state(scope).get("actor") is not None


def _given(scope: Scope) -> str | None:
    """The key that the request carries, if it does; raises `Malformed` for one that nobody could keep."""
    given = dict(scope["headers"]).get(b"idempotency-key")
    if given is None:
        return None
    key = given.decode("latin-1")
    if not (0 < len(key) <= _LONGEST_KEY and key.isascii() and key.isprintable()):
        raise Malformed(
            _("An Idempotency-Key has between 1 and {longest} printable ASCII characters.", longest=_LONGEST_KEY)
        )
    return key


async def _whole(receive: Receive) -> bytes:
    body = b""
    while len(body) <= _LONGEST_BODY:
        message: Any = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return body


def _again(body: bytes) -> Receive:
    given = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> Any:
        return next(given, {"type": "http.disconnect"})

    return receive


async def _collect(app: ASGIApp, scope: Scope, receive: Receive) -> Answer:
    parts: list[Any] = []

    async def send(message: Any) -> None:
        parts.append(message)

    await app(scope, receive, send)
    ScopeState.from_scope(scope).response_started = False  # what fails from here on can still be answered
    content = b"".join(part.get("body", b"") for part in parts[1:])
    return Answer(parts[0]["status"], list(parts[0]["headers"]), content)


async def _keep(connection: Connection, actor: Actor, key: IdempotencyKey, answer: Answer) -> None:
    """Beside the key that the command has just inserted, in its own transaction."""
    await connection.execute(
        "update idempotency_key set status = $4, headers = $5, body = $6 "
        "where person_id = $1 and organisation_id = $2 and key = $3",
        *(actor.person_id, actor.organisation_id, key.key, answer.status, _kept_headers(answer), answer.body),
    )


async def _keep_refusal(actor: Actor, key: IdempotencyKey, answer: Answer) -> bool:
    """The key with its answer, after the command was undone; False if somebody kept another one meanwhile."""
    opening = f"BEGIN; {context_sql(actor.organisation_id, actor.person_id)}"
    async with SafeTransaction(engine(), opening) as transaction:
        done = await transaction.connection.execute(
            "insert into idempotency_key (person_id, organisation_id, key, digest, status, headers, body) "
            "values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
            *(actor.person_id, actor.organisation_id, key.key, key.digest),
            *(answer.status, _kept_headers(answer), answer.body),
        )
    return done == "INSERT 0 1"


def _kept_headers(answer: Answer) -> list[tuple[str, str]]:
    return [(n.decode("latin-1"), v.decode("latin-1")) for n, v in answer.headers if n.lower() not in _NEVER_KEPT]


async def _first(actor: Actor, key: IdempotencyKey) -> Answer | None:
    """The first answer to this key; None if the key is new, `Invalid` if it stands for another request."""
    async with viewing(actor) as view:
        row = await view.one(
            "select digest, status, headers, body from idempotency_key "
            "where person_id = $1 and organisation_id = $2 and key = $3",
            *(actor.person_id, actor.organisation_id, key.key),
        )
    if row is None or row["status"] is None:
        return None
    if row["digest"] != key.digest:
        raise Invalid.field(
            "Idempotency-Key", _("This key was used for another request. Use a new key for a new request.")
        )
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in row["headers"]]
    length = (b"content-length", str(len(row["body"])).encode())
    return Answer(row["status"], [*headers, length, _REPLAYED], row["body"])
