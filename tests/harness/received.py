"""E-invoices as suppliers bring them: the portal's own, and those of other systems."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import httpx
import pikepdf

from portal.invoicing import commands
from portal.organisations.commands import approve_supplier
from tests.harness.invoices import delivered, submitted_invoice
from tests.harness.world import Organised, accepted_order, agreed, buying_company, line, selling_company

INVOICES = "/api/v1/invoices"


async def e_traders() -> tuple[Organised, Organised]:
    """A buyer and a supplier who have the numbers that e-invoices ask for."""
    company = await buying_company(vat_number="DE136695976")
    supplier = await selling_company(vat_number="DE129273398", registration_number="HRB 4711")
    await approve_supplier(company.supplier_manager, supplier.id, agreed())
    return company, supplier


async def own_file(
    client: httpx.AsyncClient, company: Organised, supplier: Organised, *lines: dict[str, Any], syntax: str = "ubl"
) -> tuple[Any, Any, bytes]:
    """(order, invoice, file) of an invoice that the portal wrote and the buyer refused: its number is free again."""
    order = await accepted_order(company, supplier, *lines or (line(),))
    await delivered(company.receiver, order, *(10 for _line in lines or (None,)))
    invoice = await submitted_invoice(supplier, order)
    file = (await client.get(f"{INVOICES}/{invoice.id}/document.xml", params={"syntax": syntax})).content
    await commands.reject(company.payable, invoice.id, "Send it by your own system.")
    return order, invoice, file


async def brought(client: httpx.AsyncClient, file: bytes, **said: str) -> httpx.Response:
    return await client.post(f"{INVOICES}/document", content=file, params=said, headers={"content-type": "text/plain"})


def edited(xml: bytes, *changes: tuple[str, str]) -> bytes:
    """The file with some words replaced; each must be there."""
    text = xml.decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text.encode()


def carrying(xml: bytes, name: str = "factur-x.xml", *, change: Callable[[pikepdf.Pdf], None] | None = None) -> bytes:
    """A PDF with this file inside."""
    pdf, out = pikepdf.new(), BytesIO()
    pdf.add_blank_page()
    pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, xml, mime_type="text/xml")  # pyright: ignore[reportCallIssue] the others have defaults
    if change:
        change(pdf)
    pdf.save(out)
    return out.getvalue()
