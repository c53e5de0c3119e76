"""Every request is seen from its first byte to its last, also one that no route takes."""

from typing import Any, Final

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from portal.platform.watching import errand, metrics, slow, tracing
from portal.platform.watching.errand import Errand
from portal.web.hosts import PROBES

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNSEEN: Final = "/static/"
NOWHERE: Final = "-"  # the route of what no route takes: its path is its sender's words


class Answered:
    """What is known of the answer so far."""

    __slots__ = ("_send", "status")

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 500  # of an answer that never begins

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)


async def watch(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request, and tell how it went: as a span, as numbers and, if it was slow, in the log."""
    if scope["type"] != "http" or scope["path"].startswith(UNSEEN) or scope["path"] in PROBES:
        await app(scope, receive, send)
        return
    method, answer = method_of(scope), Answered(send)
    span = _span(scope, method) if tracing.is_on() else None
    doing = Errand(span)
    before = errand.enter(doing)
    try:
        await app(scope, receive, answer.send)
    finally:
        errand.leave(before)
        _tell(doing, method, route_of(scope), answer.status, scope)


def route_of(scope: Any) -> str:
    """The template of the address, without anybody's ids and words in it."""
    return scope.get("path_template") or NOWHERE


def method_of(scope: Any) -> str:
    """The method, if it is one: it too may be its sender's word."""
    return scope["method"] if scope["method"] in METHODS else "other"


def _span(scope: Scope, method: str) -> Any:
    parent = next((value for name, value in scope["headers"] if name == b"traceparent"), b"")
    return tracing.started("server", method, parent.decode("latin-1"))


def _tell(doing: Errand, method: str, route: str, status: int, scope: Any) -> None:
    seconds = doing.seconds()
    if doing.span is not None:
        facts = {"http_request_method": method, "http_route": route, "http_response_status__code": status}
        facts |= {"portal_request__id": scope.get("state", {}).get("request_id", ""), "portal_statements": doing.count}
        failed = str(status) if status >= 500 else ""
        tracing.ended(doing.span, f"{method} {route}", failed=failed, **facts)
    metrics.request(method, route, status, seconds, doing.count)
    slow.tell("request", doing, seconds, method=method, route=route, status=status)
