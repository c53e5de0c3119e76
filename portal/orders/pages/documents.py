"""Orders and answers as UBL files in a browser: saved from the order’s page, and an answer that comes as a file."""

from typing import Any, NamedTuple
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.orders import commands, queries
from portal.orders.pages.respond import asked_of, told
from portal.orders.queries.parts import RESPONSES
from portal.orders.states import S
from portal.platform.i18n import Message, _
from portal.platform.refusals import Conflict, Invalid
from portal.platform.wiring import Panel
from portal.platform.work import View, viewing
from portal.web import Form, page
from portal.web.downloads import XML, whole
from portal.web.flash import go
from portal.web.xml import shown_with_file, xml_file

AnyRequest = Request[Any, Any, Any]
CODES = {"AB": _("Receipt confirmed"), "AP": _("Accepted"), "CA": _("Changes"), "RE": _("Rejected")}


class Saved(NamedTuple):
    """A document that can be saved: what it is, and where."""

    title: Message
    href: str


async def _documents(view: View, row: Any) -> list[Saved]:
    """The order, its answers and its cancellation, as far as there are any."""
    if row.shown_to is None:
        return []
    at = f"/orders/{row.id}"
    answers = await view.part(RESPONSES, row.id)
    found = [Saved(_("Order"), f"{at}/document.xml")]
    found += [
        Saved(_("Answer: {what}", what=CODES[each.code]), f"{at}/responses/{each.id}/document.xml") for each in answers
    ]
    if row.state == S.CANCELLED:
        found.append(Saved(_("Cancellation"), f"{at}/cancellation.xml"))
    return found


@get("/orders/{order_id:uuid}/document.xml", guards=[may("prices:read")], include_in_schema=False)
async def order(actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        return whole(*await queries.order_document(view, order_id), XML)


@get("/orders/{order_id:uuid}/cancellation.xml", guards=[may("prices:read")], include_in_schema=False)
async def cancellation(actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        return whole(*await queries.cancellation_document(view, order_id), XML)


@get(
    "/orders/{order_id:uuid}/responses/{response_id:uuid}/document.xml",
    guards=[may("prices:read")],
    include_in_schema=False,
)
async def response(actor: Acting, order_id: FromPath[UUID], response_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        return whole(*await queries.response_document(view, order_id, response_id), XML)


@get("/orders/{order_id:uuid}/respond/document", guards=[may("orders:respond")], include_in_schema=False)
async def bring(actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    asked = await asked_of(actor, order_id)
    return page("orders/respond_document.html", form=Form(), order=asked.order)


@post("/orders/{order_id:uuid}/respond/document", guards=[may("orders:respond")], include_in_schema=False)
async def brought(request: AnyRequest, actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    """Answer as the file says; what is wrong with it is said all at once."""
    asked = await asked_of(actor, order_id)
    try:
        answer = await commands.respond_by_document(actor, order_id, await xml_file(request))
    except Invalid as refusal:
        form = shown_with_file(refusal)
        return page("orders/respond_document.html", status=422, form=form, order=asked.order)
    return go(f"/orders/{order_id}", told(answer))


@get("/orders/document", guards=[may("orders:create")], include_in_schema=False)
async def begin(actor: Acting) -> Response[Any]:
    return page("orders/document_new.html", form=Form())


@post("/orders/document", guards=[may("orders:create")], include_in_schema=False)
async def begun(request: AnyRequest, actor: Acting) -> Response[Any]:
    """A draft as the file says; what is wrong with it is said all at once."""
    try:
        draft = await commands.enter_by_document(actor, await xml_file(request))
    except (Invalid, Conflict) as refusal:
        return page("orders/document_new.html", status=refusal.status, form=shown_with_file(refusal))
    return go(f"/orders/{draft.id}", _("{number} is saved as a draft.", number=draft.number))


PANELS = {"purchase-order": [Panel(_documents, "orders/documents.html", 91, "prices:read")]}
HANDLERS = [order, cancellation, response, begin, begun, bring, brought]
