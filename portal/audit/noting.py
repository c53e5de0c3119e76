"""Noting requests that changed nothing: who was refused, what left the portal as a file, what an auditor read
or somebody who looked as a colleague.

Both functions are hooks of the application, so that no route can forget them. The entry is committed before the answer
goes out, in the log of the organisation for which the person acts. Where it cannot be written, nothing leaves: whoever
wants a file or reads as an auditor is told to try again. A refusal tells nothing and goes out anyway.
"""

import re
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from litestar import Request
from litestar.types import Message, Scope

from portal.access.guards import permission_of
from portal.audit.events import (
    ActRefused,
    DataExported,
    LargeFileTaken,
    ReadAsColleague,
    RecordRead,
    RefusedOften,
)
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Refusal
from portal.platform.work.apart import Sparing, keep
from portal.platform.work.rows import Asked
from portal.web.addresses import path_of, query_of
from portal.web.kept import unkept
from portal.web.problems import refused

LONGEST: Final = 300  # characters of an address, a query or a reason
AUDITOR: Final = "auditor"
FILES: Final = "files"  # how an answer says, in the state of its request, that several files leave in it
OWN: Final = "about_oneself"  # how a route says that its answer is about nobody but whoever asks
REFUSALS: Final = Sparing(RefusedOften)
_OF_CONTENT: Final = {b"content-type", b"content-length", b"content-disposition", b"content-encoding", b"etag"}
LARGE: Final = 5_000  # lines of one file, beyond which it is noted that they are so many
_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_FILE = re.compile(r'filename="([^"]*)"')


async def remember(error: Exception, scope: Scope) -> None:
    """Keep why a request fails until its answer starts (`after_exception` of the app)."""
    scope.setdefault("state", {})["refused"] = error


async def note(message: Message, scope: Scope) -> None:
    """Write what the log must know of this answer (`before_send` of the app)."""
    if message["type"] == "http.response.body" and "withheld" in scope.get("state", {}):
        message["body"], scope["state"]["withheld"] = scope["state"]["withheld"], b""
    if message["type"] == "http.response.body" and "taking" in scope.get("state", {}):
        await _count(message, scope)
    if message["type"] != "http.response.start" or scope["type"] != "http":
        return
    actor: Actor | None = scope.get("state", {}).get("actor")
    if actor is None or actor.person_id is None:
        return
    status = message["status"]
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        await REFUSALS.keep(actor, _refusal(actor, scope, status), _about(actor, scope))
    elif status == HTTPStatus.OK and (event := _taken(actor, scope, dict(message.get("headers", ())))):
        if not await keep(actor, event, _about(actor, scope)):
            _withhold(message, scope)
        elif isinstance(event, DataExported) and FILES not in scope["state"]:
            scope["state"]["taking"] = (event, 0)


class Unlogged(Refusal):
    """What somebody wants to see or take cannot be noted, so it is not shown."""

    status = 503
    title = _("The log cannot be written now")

    def __init__(self) -> None:
        super().__init__(
            _("What you asked for is noted before it is shown, and that failed. Try again in half a minute."),
            retry_after=30,
        )


def _withhold(message: Any, scope: Any) -> None:
    """Another answer in the place of this one: its parts are still to come, and are left out."""
    told = unkept(refused(Request(scope), Unlogged()))
    body = told.content if isinstance(told.content, bytes) else str(told.content).encode()
    scope["state"]["withheld"] = body
    kept = [(name, value) for name, value in message["headers"] if name.lower() not in _OF_CONTENT]
    fresh = {"content-type": told.media_type, "content-length": len(body), "retry-after": told.headers["retry-after"]}
    message["status"] = Unlogged.status
    message["headers"] = [*kept, *((name.encode(), str(value).encode()) for name, value in fresh.items())]


async def _count(message: Any, scope: Any) -> None:
    """The lines of a file as it leaves: how many a stream will have, nobody knows before. A file of very many is noted
    when it comes to so many, not at its end, which whoever takes it may not wait for."""
    event, lines = scope["state"]["taking"]
    lines += message.get("body", b"").count(b"\n")
    scope["state"]["taking"] = (event, lines)
    if lines > LARGE:
        del scope["state"]["taking"]
        actor = scope["state"]["actor"]
        await keep(actor, LargeFileTaken(actor.person, event.path, event.file, LARGE), _about(actor, scope))


def _refusal(actor: Actor, scope: Any, status: int) -> ActRefused:
    error: Any = scope["state"].get("refused")
    return ActRefused(
        actor.answerable or actor.person,
        scope["method"],
        *_address(scope),
        status,
        _plain(str(getattr(error, "message", "")) or HTTPStatus(status).phrase),
        str(getattr(error, "permission", "")),
        _wanted(scope),
    )


def _wanted(scope: Any) -> str:
    """The permission that the address asks for; blank where it is open to everybody, or no address of ours."""
    handler = scope.get("route_handler")
    permission = permission_of(handler) if handler else None
    return "" if permission in (None, "public") else str(permission)


def _taken(actor: Actor, scope: Any, headers: dict[bytes, bytes]) -> Any:
    """What leaves the portal as a file, whoever takes it, to be kept or to be looked at; or what an auditor reads, or
    who looks as a colleague."""
    disposition = headers.get(b"content-disposition", b"").decode("latin-1")
    if disposition:
        found = _FILE.search(disposition)
        size = headers.get(b"content-length", b"")
        name, bytes_of_it = _plain(found[1] if found else ""), int(size) if size.isdigit() else None
        several = scope["state"].get(FILES, 1)
        return DataExported(actor.answerable or actor.person, *_address(scope), name, bytes_of_it, several)
    if actor.seen_by is not None and scope["method"] == "GET":
        return ReadAsColleague(actor.seen_by.person_id, actor.person, *_address(scope))
    if AUDITOR in actor.roles and scope["method"] == "GET" and _tells_of_others(scope):
        return RecordRead(actor.person, *_address(scope))
    return None


def _tells_of_others(scope: Any) -> bool:
    """Whatever is not for everybody does, unless its route says otherwise: a new one is noted at first."""
    handler = scope["route_handler"]
    return not handler.opt.get(OWN) and permission_of(handler) != "public"


def _about(actor: Actor, scope: Any) -> Asked:
    """The record that the address names last; the person where it names none."""
    path = _address(scope)[0]
    named = _ID.findall(path)
    return Asked(UUID(named[-1]) if named else actor.person, path)


def _address(scope: Any) -> tuple[str, str]:
    """Path and query without what is secret in them: whoever reads the log could use it."""
    handler = scope.get("route_handler")
    is_public = handler is None or permission_of(handler) in (None, "public")
    return path_of(scope)[:LONGEST], query_of(scope, is_public=is_public)[:LONGEST]


def _plain(text: str) -> str:
    """Without what no column of text takes."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")[:LONGEST]
