"""The PDF of an invoice is for people, for archives and for machines: PDF/A-3a, PDF/UA-1 and Factur-X in one file."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pymupdf
import pytest
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] a compiled module without types

from portal.documents import pressroom
from portal.documents.hybrid import FX, RDF, UA, Attached
from portal.documents.press import Sheet
from portal.organisations.commands import approve_supplier
from portal.platform.einvoice import checking
from tests.harness.credits import sent_credit
from tests.harness.invoices import delivered, submitted_invoice
from tests.harness.jobs import run_jobs
from tests.harness.world import Organised, accepted_order, agreed, buying_company, line, selling_company

AID = "http://www.aiim.org/pdfa/ns/id/"


@pytest.fixture(scope="module", autouse=True)
def checker() -> Iterator[None]:
    yield
    checking.close()
    pressroom.close()


async def an_invoice(*lines: dict[str, Any], **seller: str) -> tuple[Organised, Organised, Any]:
    """One of a seller who has all the numbers that e-invoices ask for, unless `seller` says otherwise."""
    company = await buying_company(vat_number="DE136695976")
    supplier = await selling_company(**{"vat_number": "DE129273398", "registration_number": "HRB 4711", **seller})
    await approve_supplier(company.supplier_manager, supplier.id, agreed())
    order = await accepted_order(company, supplier, *lines)
    await delivered(company.receiver, order, *(10 for _line in lines or (None,)))
    return company, supplier, await submitted_invoice(supplier, order)


async def pdf_of(client: Any, path: str) -> bytes:
    assert (await client.get(path)).status_code == 202
    await run_jobs("documents.render")
    answer = await client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    return answer.content


async def test_an_invoice_carries_its_own_xml_and_says_so_once(client_of):
    company, _supplier, invoice = await an_invoice(line(), line(description="六角螺栓", tax_rate="7"))
    client = await client_of(company.payable)
    path = f"/api/v1/invoices/{invoice.id}/document"
    pdf = await pdf_of(client, f"{path}.pdf")

    with pikepdf.open(BytesIO(pdf)) as file:
        assert not file.check_pdf_syntax()
        inside = file.Root.AF[0]
        assert (str(inside.UF), str(inside.AFRelationship)) == ("factur-x.xml", "/Alternative")
        xml = inside.EF.F.read_bytes()
        assert str(inside.EF.F.Subtype) == "/text/xml"
        assert file.attachments["factur-x.xml"].get_file().read_bytes() == xml
        assert bool(file.Root.MarkInfo.Marked)
        assert str(file.Root.Lang) == "en"
        assert "/StructTreeRoot" in file.Root
        packet = etree.fromstring(file.Root.Metadata.read_bytes())
    assert xml == (await client.get(f"{path}.xml", params={"syntax": "cii"})).content
    assert checking.check(xml).findings == []

    described = packet.findall(f"{{{RDF}}}RDF/{{{RDF}}}Description")
    assert len(packet.findall(f".//{{{RDF}}}RDF")) == 1
    said = {child.tag: child.text for each in described for child in each}
    said |= {name: value for each in described for name, value in each.attrib.items()}
    assert [said[f"{{{AID}}}part"], said[f"{{{AID}}}conformance"], said[f"{{{UA}}}part"]] == ["3", "A", "1"]
    assert said[f"{{{FX}}}ConformanceLevel"] == "EN 16931"


async def test_every_font_is_inside_and_the_text_is_that_of_the_invoice(client_of):
    company, _supplier, invoice = await an_invoice(line(description="六角螺栓 M8"))
    pdf = await pdf_of(await client_of(company.payable), f"/api/v1/invoices/{invoice.id}/document.pdf")
    with pymupdf.open(stream=pdf) as file:
        fonts = [font for page in file for font in page.get_fonts()]
        assert any("六角螺栓" in page.get_text() for page in file)
        assert fonts
        assert all(tuple(file.extract_font(font[0]))[3] for font in fonts)


async def test_a_credit_note_is_hybrid_too(client_of):
    company, supplier, invoice = await an_invoice(line())
    note = await sent_credit(supplier, invoice)
    pdf = await pdf_of(await client_of(company.payable), f"/api/v1/credit-notes/{note.id}/document.pdf")
    with pikepdf.open(BytesIO(pdf)) as file:
        assert b">381<" in file.attachments["factur-x.xml"].get_file().read_bytes()


async def test_what_breaks_the_rules_of_e_invoices_is_a_plain_pdf(client_of):
    company, _supplier, invoice = await an_invoice(line(), vat_number="")
    pdf = await pdf_of(await client_of(company.payable), f"/api/v1/invoices/{invoice.id}/document.pdf")
    with pikepdf.open(BytesIO(pdf)) as file:
        assert not file.attachments
        packet = file.Root.Metadata.read_bytes()
    assert FX.encode() not in packet
    assert UA.encode() in packet


async def test_the_same_sheet_with_the_same_xml_gives_the_same_bytes():
    attached = Attached(b"<a/>", "2026-10-31T12:00:00+01:00")
    sheet = Sheet("<html lang=en><title>Invoice</title><h1>Invoice</h1></html>", "", attached)
    assert await pressroom.pdf_of(sheet) == await pressroom.pdf_of(sheet)
