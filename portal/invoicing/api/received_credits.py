"""Credit notes that suppliers bring as files, and what was kept of them."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath, FromQuery

from portal.access.guards import Acting, may
from portal.invoicing import commands, queries
from portal.invoicing.forms import CreditOut, ReceivedOut
from portal.platform.work import viewing
from portal.web.answers import tagged
from portal.web.body import ANYTHING
from portal.web.downloads import whole
from portal.web.upload import SendsBytes, plain_name


@post(
    "/document",
    guards=[may("credit-notes:create")],
    operation_id="receiveCreditNote",
    summary="Bring a credit note as a file",
    opt={"takes": ANYTHING},
    operation_class=SendsBytes,
)
async def receive(
    request: Request[Any, Any, Any],
    actor: Acting,
    invoice: FromQuery[str] = "",
    kind: FromQuery[str] = "",
    name: FromQuery[str] = "credit-note",
) -> Response[CreditOut]:
    """A credit note (type 381) as UBL 2.1, CII, or a PDF with one inside (Factur-X, ZUGFeRD, XRechnung), up to 10 MB,
    with any content type: its bytes tell what it is. It becomes a draft for the invoice that it refers back to (BT-25),
    else for the one whose number is `invoice`. `kind` says what it is for (goods, price, whole); without it that is
    told by prices and quantities."""
    file = commands.File(await request.body(), plain_name(name), invoice)
    note = await commands.receive_credit(actor, file, kind)
    async with viewing(actor) as view:
        return tagged(await queries.credit_out(view, note.id), 201)


@get("/{credit_id:uuid}/received", guards=[may("prices:read")], operation_id="getReceivedCreditNote")
async def received(actor: Acting, credit_id: FromPath[UUID]) -> ReceivedOut:
    """The file that a credit note was made of, and what it says otherwise; 404 for one that was written here."""
    async with viewing(actor) as view:
        return await queries.received_credit_out(view, credit_id)


@get("/{credit_id:uuid}/received/content", guards=[may("prices:read")], operation_id="getReceivedCreditNoteContent")
async def content(actor: Acting, credit_id: FromPath[UUID]) -> Response[Any]:
    """The file itself, byte by byte as it came."""
    async with viewing(actor) as view:
        found = await queries.credit_content(view, credit_id)
    return whole(found.name, found.content, found.media_type)


router = Router("/credit-notes", route_handlers=[receive, received, content], tags=["Credit notes"])
