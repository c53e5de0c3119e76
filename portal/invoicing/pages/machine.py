"""Invoices and credit notes as machines read them, saved from their pages."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from portal.access.guards import Acting, may
from portal.invoicing import queries
from portal.platform.work import viewing
from portal.web.downloads import XML, whole


@get("/invoices/{invoice_id:uuid}/document.xml", guards=[may("prices:read")], include_in_schema=False)
async def invoice(actor: Acting, invoice_id: FromPath[UUID], syntax: FromQuery[str] = "ubl") -> Response[Any]:
    async with viewing(actor) as view:
        return whole(*await queries.e_invoice(view, "invoice", invoice_id, syntax), XML)


@get("/credit-notes/{credit_id:uuid}/document.xml", guards=[may("prices:read")], include_in_schema=False)
async def credit_note(actor: Acting, credit_id: FromPath[UUID], syntax: FromQuery[str] = "ubl") -> Response[Any]:
    async with viewing(actor) as view:
        return whole(*await queries.e_invoice(view, "credit-note", credit_id, syntax), XML)


HANDLERS = [invoice, credit_note]
