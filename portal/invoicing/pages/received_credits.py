"""A credit note by a file: bringing one, and what of it the credit note’s page says."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.invoicing import commands, queries
from portal.invoicing.forms import CREDIT_KINDS
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError, Invalid, Refusal
from portal.platform.wiring import Panel
from portal.platform.work import View, viewing
from portal.web import Form, page
from portal.web.downloads import whole
from portal.web.flash import go
from portal.web.input import form_data
from portal.web.upload import plain_name

TYPED = ("invoice", "kind")


async def _received(view: View, row: Any) -> Any:
    """What the file says beside the credit note, or why it cannot be opened; None of one that was written here."""
    try:
        return await queries.received_credit_of(view, row, await queries.orders_of(view, row.invoice_id))
    except queries.Unreadable as reason:
        return {"trouble": reason.message}


@get("/credit-notes/document", guards=[may("credit-notes:create")], include_in_schema=False)
async def bring(actor: Acting) -> Response[Any]:
    return page("invoicing/receive_credit.html", form=Form(), taken=None, kinds=CREDIT_KINDS)


@post("/credit-notes/document", guards=[may("credit-notes:create")], include_in_schema=False)
async def brought(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    """A draft as the file says; what is wrong with it is said all at once."""
    data = await form_data(request)
    given, typed = data.get("file"), {name: str(data.get(name) or "").strip() for name in TYPED}
    try:
        if not isinstance(given, UploadFile) or not given.filename:
            raise Invalid.field("file", _("Choose a file."))
        file = commands.File(await given.read(), plain_name(given.filename), typed["invoice"])
        note = await commands.receive_credit(actor, file, typed["kind"])
    except (Invalid, Conflict) as refusal:
        return _again(refusal, typed)
    return go(f"/credit-notes/{note.id}", _("Credit note {number} is saved as a draft.", number=note.number))


def _again(refusal: Refusal, typed: dict[str, str]) -> Response[Any]:
    """The form with everything that is wrong; a credit note of this number is led to."""
    told = Form(errors=refusal.errors)
    found = [each if each.field in TYPED else FieldError("file", told.told(each)) for each in refusal.errors]
    form = Form(typed, found or [FieldError("file", refusal.message)])
    taken = refusal.subject_id if [each.field for each in refusal.errors] == ["number"] else None
    return page("invoicing/receive_credit.html", status=refusal.status, form=form, taken=taken, kinds=CREDIT_KINDS)


@get("/credit-notes/{credit_id:uuid}/received/file", guards=[may("prices:read")], include_in_schema=False)
async def content(actor: Acting, credit_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        found = await queries.credit_content(view, credit_id)
    return whole(found.name, found.content, found.media_type)


PANEL = Panel(_received, "invoicing/received_credit.html", 5, "prices:read")
HANDLERS = [bring, brought, content]
