"""Invoices and credit notes as machines read them: UBL 2.1, or CII."""

from typing import Any
from uuid import UUID

from litestar import Response, Router, get
from litestar.params import FromPath, FromQuery

from portal.access.guards import Acting, may
from portal.invoicing import queries
from portal.platform.work import viewing
from portal.web.downloads import XML, whole


@get(
    "/invoices/{invoice_id:uuid}/document.xml",
    guards=[may("prices:read")],
    operation_id="getInvoiceXml",
    summary="The invoice as UBL or CII",
)
async def invoice(actor: Acting, invoice_id: FromPath[UUID], syntax: FromQuery[str] = "ubl") -> Response[Any]:
    """The invoice as it was sent, in `syntax` ubl (Peppol BIS Billing 3.0, or XRechnung) or cii (Factur-X)."""
    async with viewing(actor) as view:
        return whole(*await queries.e_invoice(view, "invoice", invoice_id, syntax), XML)


@get(
    "/credit-notes/{credit_id:uuid}/document.xml",
    guards=[may("prices:read")],
    operation_id="getCreditNoteXml",
    summary="The credit note as UBL or CII",
)
async def credit_note(actor: Acting, credit_id: FromPath[UUID], syntax: FromQuery[str] = "ubl") -> Response[Any]:
    """The credit note as it was sent, in the same syntaxes."""
    async with viewing(actor) as view:
        return whole(*await queries.e_invoice(view, "credit-note", credit_id, syntax), XML)


router = Router("/", route_handlers=[invoice, credit_note], tags=["Documents"])
