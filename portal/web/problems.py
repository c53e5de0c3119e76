"""Refusals on their way out: one place turns each into a page, an htmx fragment or `application/problem+json`.

Whatever was not foreseen becomes a 500 that tells its request id and nothing else; the log has the rest.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import asyncpg
import msgspec
import structlog
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.response import Redirect
from litestar.types import Scope

from portal.platform.constraints import refusal_of
from portal.platform.database import lost_by, was_changed
from portal.platform.i18n import Message, _
from portal.platform.money import AmountTooLarge
from portal.platform.refusals import (
    Conflict,
    Denied,
    Invalid,
    Malformed,
    NotFound,
    NotSignedIn,
    Refusal,
    TooLarge,
    Unavailable,
    Unsure,
    WrongKind,
    WrongMethod,
)
from portal.platform.wiring import WIRING
from portal.platform.work.change import Repeated
from portal.web.errors import refusal_fragment, refusal_page
from portal.web.flash import go
from portal.web.kept import Keeping
from portal.web.preferences import local_path
from portal.web.sites import is_ours, split
from portal.web.watching import route_of

log = structlog.get_logger("web")
AnyRequest = Request[Any, Any, Any]
TOO_LATE = (HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED)
# Two wanted the same at once: one number, one row, each the other's lock.
LOST_RACES = (
    asyncpg.UniqueViolationError,
    asyncpg.ExclusionViolationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
)
BY_STATUS: dict[int, type[Refusal]] = {
    kind.status: kind for kind in (NotSignedIn, Denied, NotFound, WrongMethod, TooLarge, WrongKind)
}


class Fault(Refusal):
    """Our own mistake, told without its cause."""

    status = 500
    title = _("Something went wrong on our side")


def refused(request: AnyRequest, refusal: Refusal) -> Response[Any]:
    """The answer to somebody who was refused, in the form their client reads."""
    answer = _told(request, refusal)
    answer.headers.update(refusal.headers)
    if refusal.retry_after is not None:
        answer.headers["retry-after"] = str(refusal.retry_after)
    return answer


def _told(request: AnyRequest, refusal: Refusal) -> Response[Any]:
    path, query = request.scope["path"], request.scope["query_string"].decode("latin-1")
    if path.startswith("/api/"):
        return problem(request, refusal)
    signed_out = refusal.status == HTTPStatus.UNAUTHORIZED
    if signed_out and "hx-request" not in request.headers and path != "/sign-in":
        target = path + (f"?{query}" if query else "")
        back = f"?next={quote(target)}" if request.method == "GET" and target != "/" else ""
        to_sign_in = Redirect(f"/sign-in{back}", status_code=303, media_type=MediaType.HTML)
        return Keeping(request, _page(request, refusal), to_sign_in)
    if refusal.leads_to and "hx-request" not in request.headers:
        back = _page_before(request) or (path if request.method == "GET" else "/")
        return go(f"{refusal.leads_to}?next={quote(back)}", _said(refusal), "info")
    if "hx-request" in request.headers:
        return refusal_fragment(*_facts(request, refusal), meanwhile=_meanwhile(request))
    return Keeping(request, _page(request, refusal))


def _page(request: AnyRequest, refusal: Refusal) -> Callable[..., Response[str]]:
    return partial(refusal_page, *_facts(request, refusal), _meanwhile(request), _page_before(request))


def _facts(request: AnyRequest, refusal: Refusal) -> tuple[Any, ...]:
    return refusal.status, refusal.title, str(refusal), refusal.errors, _request_id(request)


def _meanwhile(request: AnyRequest) -> Sequence[Any]:
    return request.scope.get("state", {}).get("meanwhile", ())


def _said(refusal: Refusal) -> Message | None:
    return refusal.message if isinstance(refusal.message, Message) else None


def _page_before(request: AnyRequest) -> str:
    """The page of ours that a refused form was sent from; nothing for a page that was only opened."""
    before = split(address := request.headers.get("referer", ""))
    if before is None or not before.path or request.method == "GET" or not is_ours(request, address):
        return ""
    return local_path(before.path + (f"?{before.query}" if before.query else ""))


async def learn_meanwhile(error: Exception, scope: Scope) -> None:
    """Ask the log what happened to the record that somebody was too late for (`after_exception` of the app).

    It is asked as that reader, who learns what their organisation may know, on a page as in JSON.
    """
    state: Any = scope.get("state", {})
    subject_id = getattr(error, "subject_id", None)
    if subject_id is None or WIRING.meanwhile is None or not state.get("actor"):
        return
    with suppress(Unavailable, Unsure):
        state["meanwhile"] = await WIRING.meanwhile(state["actor"], subject_id)


def problem(request: AnyRequest, refusal: Refusal) -> Response[bytes]:
    """RFC 9457 problem details; who came too late is told what happened meanwhile, oldest first."""
    errors = [{"field": error.field, "message": str(error.message)} for error in refusal.errors]
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": str(refusal.title),
        "status": refusal.status,
        "detail": str(refusal),
        "instance": request.scope["path"],
        "request_id": _request_id(request),
        "errors": errors,
    }
    if refusal.status in TOO_LATE:
        body["meanwhile"] = [{"at": node.at, "event": node.event, "who": node.who} for node in _meanwhile(request)]
    if permission := getattr(refusal, "permission", ""):
        body["permission"] = permission
    if needs := getattr(refusal, "needs", ""):
        body["needs"] = needs
    return Response(
        msgspec.json.encode(body), status_code=refusal.status, media_type="application/problem+json; charset=utf-8"
    )


def refuse(request: AnyRequest, error: Refusal) -> Response[Any]:
    return refused(request, error)


def refuse_http(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """Litestar's own refusals in our words: unknown path, wrong method, a query parameter that cannot be read."""
    if isinstance(error, ValidationException):
        extra = error.extra if isinstance(error.extra, list) else []
        if any(item.get("key") == "data" for item in extra if isinstance(item, dict)):
            return refused(request, Invalid.field("", _("A JSON body is needed here.")))
        named = ", ".join(str(item.get("key", "")) for item in extra if isinstance(item, dict))
        return refused(request, Malformed(_("This part of the address cannot be read: {name}", name=named)))
    kind = BY_STATUS.get(error.status_code)
    if kind is None and error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return fail(request, error)
    return refused(request, kind() if kind else Malformed())


def refuse_database(request: AnyRequest, error: asyncpg.PostgresError) -> Response[Any]:
    """What the database refused although the code let it pass: a lost race, or a rule that the code forgot."""
    if (named := refusal_of(error)) is not None:
        return refused(request, named)
    if isinstance(error, LOST_RACES):
        log.warning("somebody was faster", constraint=getattr(error, "constraint_name", ""), error=str(error))
        return refused(request, Conflict(_("Somebody else changed this at the same moment. Look at it again.")))
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        rule = getattr(error, "constraint_name", None) or "-"
        log.error("the code let through what the database forbids", constraint=rule, exc_info=error)
        return refused(request, Conflict(_forgotten(rule, _request_id(request))))
    if isinstance(error, asyncpg.DataError):
        log.warning("the database could not read a value", error=str(error))
        return refused(request, Malformed(_("One of the values cannot be stored.")))
    return fail(request, error)


def _forgotten(rule: str, number: str) -> Message:
    return _(
        "The database keeps a rule ({rule}) that this would break, which we should have told you. Nothing was changed. "
        "If it happens again, tell us this number: {id}",
        rule=rule,
        id=number,
    )


def refuse_amount(request: AnyRequest, error: AmountTooLarge) -> Response[Any]:
    """What was stored or agreed long ago may come to more than a document carries when it is put together now."""
    return refused(request, Conflict(error.message))


def repeated(request: AnyRequest, _error: Repeated) -> Response[Any]:
    """Replaced by the first answer to the same key; seen only if that answer is gone."""
    return refused(request, Conflict(_("This request was done already.")))


def fail(request: AnyRequest, error: Exception) -> Response[Any]:
    """A fault of ours: logged with its traceback, told without it. A lost database is none."""
    if (lost := lost_by(error)) is not None:
        return refused(request, lost)
    log.error("unexpected", route=route_of(request.scope), exc_info=error)
    told = _PERHAPS_CHANGED if was_changed() else _NOT_CHANGED
    return refused(request, Fault(Message(told.text, {"id": _request_id(request)})))


_NOT_CHANGED = _("Nothing was changed. If it happens again, tell us this number: {id}")
_PERHAPS_CHANGED = _("Look whether it was done, then try again. If it happens again, tell us this number: {id}")


HANDLERS: dict[Any, Any] = {
    Refusal: refuse,
    HTTPException: refuse_http,
    AmountTooLarge: refuse_amount,
    asyncpg.PostgresError: refuse_database,
    Repeated: repeated,
    Exception: fail,
}


def _request_id(request: AnyRequest) -> str:
    return request.scope.get("state", {}).get("request_id", "")
