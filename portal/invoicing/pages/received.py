"""An invoice by a file: bringing one, and what of it the invoice’s page says."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.invoicing import commands, queries
from portal.invoicing.commands import NumberTaken
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError, Invalid, Refusal
from portal.platform.wiring import Panel
from portal.platform.work import View, viewing
from portal.web import Form, page
from portal.web.downloads import whole
from portal.web.flash import go
from portal.web.input import form_data
from portal.web.upload import plain_name


async def _received(view: View, row: Any) -> Any:
    """What the file says beside the invoice, or why it cannot be opened, for the invoice is there all the same; None of
    one that was written here."""
    try:
        return await queries.received_of(view, row, await queries.orders_of(view, row.id))
    except queries.Unreadable as reason:
        return {"trouble": reason.message}


@get("/invoices/document", guards=[may("invoices:create")], include_in_schema=False)
async def bring(actor: Acting) -> Response[Any]:
    return page("invoicing/receive.html", form=Form(), taken=None)


@post("/invoices/document", guards=[may("invoices:create")], include_in_schema=False)
async def brought(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    """A draft as the file says; what is wrong with it is said all at once."""
    data = await form_data(request)
    given, order = data.get("file"), str(data.get("order") or "").strip()
    try:
        if not isinstance(given, UploadFile) or not given.filename:
            raise Invalid.field("file", _("Choose a file."))
        file = commands.File(await given.read(), plain_name(given.filename), order)
        invoice = await commands.receive(actor, file)
    except (Invalid, Conflict) as refusal:
        return _again(refusal, order)
    return go(f"/invoices/{invoice.id}", _("Invoice {number} is saved as a draft.", number=invoice.number))


def _again(refusal: Refusal, order: str) -> Response[Any]:
    """The form with everything that is wrong; an invoice of this number is led to."""
    told = Form(errors=refusal.errors)
    found = [each if each.field == "order" else FieldError("file", told.told(each)) for each in refusal.errors]
    form = Form({"order": order}, found or [FieldError("file", refusal.message)])
    taken = refusal.subject_id if isinstance(refusal, NumberTaken) else None
    return page("invoicing/receive.html", status=refusal.status, form=form, taken=taken)


@get("/invoices/{invoice_id:uuid}/received/file", guards=[may("prices:read")], include_in_schema=False)
async def content(actor: Acting, invoice_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        found = await queries.content(view, invoice_id)
    return whole(found.name, found.content, found.media_type)


PANEL = Panel(_received, "invoicing/received.html", 5, "prices:read")
HANDLERS = [bring, brought, content]
