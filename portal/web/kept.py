"""What somebody typed into a form that was refused as a whole: the page that says why shows it again, to be copied.

Most pages show their form again when something is wrong with it. Where that is not possible (the record has moved on,
the role was taken away meanwhile, the page is too old), nobody is to type a reason twice. Shown are fields that people
know by name, never secrets nor ids; and only what came from a page of ours, to whoever is signed in.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from litestar import Request, Response
from litestar.exceptions import LitestarException
from litestar.types import ASGIApp, Receive, Scope, Send

from portal.platform.i18n import Message
from portal.platform.refusals import Refusal
from portal.web.input import form_data, read_form
from portal.web.labels import label
from portal.web.sites import is_ours

Kept = Sequence[tuple[Message | str, str]]
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
SECRETS = frozenset({"password", "new_password", "code", "client_secret"})
# What is one word here was typed; elsewhere it was chosen.
PROSE = frozenset({"reason", "comment", "note", "internal_note", "text", "body", "description", "decision_reason"})
MOST_FIELDS, MOST_LETTERS = 200, 20_000
_CHOSEN = re.compile(r"[a-z_]+|1")


class Keeping(Response[Any]):
    """A refusal that shows what was typed, if anything was: a form is read only when the answer is on its way. `plain`
    is the answer where there is nothing to show, or nothing to read any more."""

    def __init__(
        self, request: Request[Any, Any, Any], told: Callable[..., Response[str]], plain: Response[Any] | None = None
    ) -> None:
        self.plain = plain or told()
        super().__init__(None, status_code=self.plain.status_code)
        self._request, self._told = request, told

    def to_asgi_response(self, *given: Any, **named: Any) -> ASGIApp:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            kept = await typed_into(self._request)
            chosen = self._told(kept=kept) if kept else self.plain
            chosen.headers.update(self.headers)
            await chosen.to_asgi_response(*given, **named)(scope, receive, send)

        return answer


def unkept(answer: Response[Any]) -> Response[Any]:
    """The answer that shows nothing that was typed: known before it is on its way."""
    if not isinstance(answer, Keeping):
        return answer
    answer.plain.headers.update(answer.headers)
    return answer.plain


async def typed_into(request: Request[Any, Any, Any]) -> Kept:
    """The named texts of the form that was sent; none if it cannot be read any more, or is not ours."""
    if not _is_ours(request):
        return ()
    with suppress(Refusal, LitestarException):
        kept = list(_shown((await read_form(request)).pairs))
        await (await form_data(request)).close()
        return kept
    return ()


def _is_ours(request: Request[Any, Any, Any]) -> bool:
    """Whether a page of ours sent a form. Without a session its origin alone can say so."""
    handler, origin = request.scope.get("route_handler"), request.headers.get("origin")
    if request.method != "POST" or not request.headers.get("content-type", "").startswith(FORMS):
        return False
    if handler is None or handler.opt.get("streamed") or request.scope["path"].startswith("/sign-in"):
        return False
    if origin is None:
        return request.scope.get("state", {}).get("actor") is not None
    return is_ours(request, origin)


def _shown(pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[Message | str, str]]:
    left = MOST_LETTERS
    for name, value in pairs[:MOST_FIELDS]:
        field, text = name.rpartition(".")[2], value.strip()
        if not text or field in SECRETS or field.endswith("_id") or not (named := label(name)):
            continue
        if field not in PROSE and _CHOSEN.fullmatch(text):
            continue
        left -= len(text)
        if left < 0:
            return
        yield named, text
