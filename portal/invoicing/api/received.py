"""E-invoices that suppliers bring as files, and what was kept of them."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath, FromQuery

from portal.access.guards import Acting, may
from portal.invoicing import commands, queries
from portal.invoicing.forms import InvoiceOut, ReceivedOut
from portal.platform.work import viewing
from portal.web.answers import tagged
from portal.web.body import ANYTHING
from portal.web.downloads import whole
from portal.web.upload import SendsBytes, plain_name


@post(
    "/document",
    guards=[may("invoices:create")],
    operation_id="receiveInvoice",
    summary="Bring an invoice as a file",
    opt={"takes": ANYTHING},
    operation_class=SendsBytes,
)
async def receive(
    request: Request[Any, Any, Any], actor: Acting, order: FromQuery[str] = "", name: FromQuery[str] = "invoice"
) -> Response[InvoiceOut]:
    """An invoice as UBL 2.1, CII, or a PDF with one inside (Factur-X, ZUGFeRD, XRechnung), up to 10 MB, with any
    content type: its bytes tell what it is. It becomes a draft of the order that it names, else of the one whose number
    is `order`."""
    invoice = await commands.receive(actor, commands.File(await request.body(), plain_name(name), order))
    async with viewing(actor) as view:
        return tagged(await queries.invoice_out(view, invoice.id), 201)


@get("/{invoice_id:uuid}/received", guards=[may("prices:read")], operation_id="getReceivedInvoice")
async def received(actor: Acting, invoice_id: FromPath[UUID]) -> ReceivedOut:
    """The file that an invoice was made of, and what it says otherwise; 404 for one that was written here."""
    async with viewing(actor) as view:
        return await queries.received_out(view, invoice_id)


@get("/{invoice_id:uuid}/received/content", guards=[may("prices:read")], operation_id="getReceivedInvoiceContent")
async def content(actor: Acting, invoice_id: FromPath[UUID]) -> Response[Any]:
    """The file itself, byte by byte as it came."""
    async with viewing(actor) as view:
        found = await queries.content(view, invoice_id)
    return whole(found.name, found.content, found.media_type)


router = Router("/invoices", route_handlers=[receive, received, content], tags=["Invoices"])
