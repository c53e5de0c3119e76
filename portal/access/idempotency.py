"""`Idempotency-Key`: the same key and body give the same answer again, byte for byte, for 24 hours.

The command inserts the key together with its rows, so the act happens once however often it is sent; this middleware
adds the answer to the key afterwards and gives it back to a repetition. A simultaneous repetition waits for the first.
"""

import asyncio
import hashlib
from typing import Any, NamedTuple

import msgspec
from litestar.types import ASGIApp, Receive, Scope, Send

from portal.platform.actor import Actor, IdempotencyKey
from portal.platform.database import SafeTransaction, context_sql, engine

_WAIT = 10.0
_LONGEST_KEY = 200
_LONGEST_BODY = 10_000_000


class Answer(NamedTuple):
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Idempotency:
    """ASGI middleware, inside `Identify`: only POSTs of the API that carry a key pay for it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key(scope)
        if key is None:
            await self.app(scope, receive, send)
            return
        actor: Actor = _state(scope)["actor"]
        body = await _whole(receive)
        digest = hashlib.sha256(f"POST {scope['path']}\n".encode() + body).digest()
        request = msgspec.structs.replace(actor.request, idempotency=IdempotencyKey(key, digest))
        _state(scope)["actor"] = msgspec.structs.replace(actor, request=request)
        answer = await _collect(self.app, scope, body)
        if answer.status < 400:
            await _keep(actor, key, digest, answer)
        elif answer.status not in (401, 403, 413):
            answer = await _earlier(actor, key, digest) or answer
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.body, "more_body": False})


def _state(scope: Scope) -> dict[str, Any]:
    return scope.setdefault("state", {})


def _key(scope: Scope) -> str | None:
    if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith("/api/v1/"):
        return None
    if scope["path"] == "/api/v1/sessions" or _state(scope).get("actor") is None:
        return None
    key = dict(scope["headers"]).get(b"idempotency-key", b"").decode("latin-1")
    return key if 0 < len(key) <= _LONGEST_KEY and key.isprintable() else None


async def _whole(receive: Receive) -> bytes:
    body = b""
    while len(body) <= _LONGEST_BODY:
        message: Any = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return body


async def _collect(app: ASGIApp, scope: Scope, body: bytes) -> Answer:
    parts: list[Any] = []
    given = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> Any:
        return next(given, {"type": "http.disconnect"})

    async def send(message: Any) -> None:
        parts.append(message)

    await app(scope, receive, send)
    content = b"".join(part.get("body", b"") for part in parts[1:])
    return Answer(parts[0]["status"], list(parts[0]["headers"]), content)


async def _keep(actor: Actor, key: str, digest: bytes, answer: Answer) -> None:
    content_type = next((value for name, value in answer.headers if name == b"content-type"), b"")
    kept = content_type + b"\n" + answer.body
    async with _bookkeeping(actor) as transaction:
        await transaction.connection.execute(
            "update idempotency_key set status = $4, body = $5 "
            "where person_id = $1 and organisation_id = $2 and key = $3 and digest = $6",
            *(actor.person_id, actor.organisation_id, key, answer.status, kept, digest),
        )


async def _earlier(actor: Actor, key: str, digest: bytes) -> Answer | None:
    """The first answer to this key, waiting for it while it is being written; None if the key is new."""
    for _attempt in range(int(_WAIT / 0.05)):
        async with _bookkeeping(actor) as transaction:
            row = await transaction.connection.fetchrow(
                "select digest, status, body from idempotency_key "
                "where person_id = $1 and organisation_id = $2 and key = $3",
                *(actor.person_id, actor.organisation_id, key),
            )
        if row is None:
            return None
        if row["digest"] != digest:
            return _other_body()
        if row["status"] is not None:
            content_type, _newline, body = row["body"].partition(b"\n")
            return Answer(row["status"], [(b"content-type", content_type), (b"idempotent-replayed", b"true")], body)
        await asyncio.sleep(0.05)
    return None


def _bookkeeping(actor: Actor) -> SafeTransaction:
    """A transaction of the actor's organisation: keys are the portal's bookkeeping, not business, so no command."""
    return SafeTransaction(engine(), f"BEGIN; {context_sql(actor.organisation_id, actor.person_id)}")


def _other_body() -> Answer:
    body = msgspec.json.encode(
        {
            "type": "about:blank",
            "title": "This Idempotency-Key was used for another request",
            "status": 422,
            "detail": "Use a new key for a new request.",
            "errors": [{"field": "Idempotency-Key", "message": "was used with another body"}],
        }
    )
    return Answer(422, [(b"content-type", b"application/problem+json")], body)
