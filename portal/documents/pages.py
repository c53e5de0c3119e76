"""A document in a browser: its progress, its download, and another try when it failed.

The page of a document and the piece that htmx asks for every two seconds are one address and one template.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from portal.access.guards import Acting, may
from portal.documents import commands
from portal.documents.answers import answer
from portal.documents.queries import AWAITED, of_record, stored
from portal.platform.wiring import Panel
from portal.platform.work import View
from portal.web import fragment, page
from portal.web.parts import Stored

AnyRequest = Request[Any, Any, Any]


@get("/documents/{kind:str}/{record_id:uuid}", guards=[may("self:use")], include_in_schema=False)
async def show(request: AnyRequest, actor: Acting, kind: FromPath[str], record_id: FromPath[UUID]) -> Response[Any]:
    document = await commands.request(actor, kind, record_id)
    swaps = "hx-request" in request.headers
    awaited = swaps and AWAITED in request.query_params
    told = {"document": document, "shown": stored(kind, record_id, document, awaited=awaited)}
    if swaps:
        return fragment("documents/show.html", block="progress", **told)
    return page("documents/show.html", **told)


@get("/documents/{kind:str}/{record_id:uuid}/file", guards=[may("self:use")], include_in_schema=False)
async def file(request: AnyRequest, actor: Acting, kind: FromPath[str], record_id: FromPath[UUID]) -> Response[Any]:
    """The file itself; a browser that comes too early sees the progress instead."""
    document = await commands.request(actor, kind, record_id)
    if document.state != "ready":
        return Redirect(f"/documents/{kind}/{record_id}", status_code=303)
    return await answer(request, document, attached=False)


@post("/documents/{kind:str}/{record_id:uuid}/retry", guards=[may("self:use")], include_in_schema=False)
async def retry(actor: Acting, kind: FromPath[str], record_id: FromPath[UUID]) -> Response[Any]:
    await commands.retry(actor, kind, record_id)
    return Redirect(f"/documents/{kind}/{record_id}", status_code=303)


def panel(kind: str, permission: str) -> Panel:
    """The section with the document on its record's page; a draft has none."""

    async def load(view: View, record: Any) -> Stored | None:
        if record.shown_to is None:
            return None
        return await of_record(view, kind, record.id, getattr(record, "revision", 1))

    loading: Callable[[Any, Any], Awaitable[Any]] = load
    return Panel(loading, "documents/panel.html", 90, permission)


router = Router("/", route_handlers=[show, file, retry])
PANELS = {
    "contract": [panel("contract", "prices:read")],
    "purchase-order": [panel("purchase-order", "prices:read")],
    "despatch-advice": [panel("despatch-advice", "despatch-advices:read")],
    "service-entry": [panel("service-entry", "prices:read")],
    "invoice": [panel("invoice", "prices:read")],
    "credit-note": [panel("credit-note", "prices:read")],
    "debit-note": [panel("debit-note", "prices:read")],
    "statement": [panel("statement", "open-items:read")],
    "scorecard": [panel("scorecard", "scorecards:read")],
}
