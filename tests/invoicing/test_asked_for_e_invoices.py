"""A buyer asks for e-invoices: what does not keep their rules is not sent, and each field that is missing is named."""

from collections.abc import Iterator
from typing import Any

import pytest

from portal.organisations.commands import approve_supplier
from portal.platform.einvoice import checking
from portal.platform.einvoice.reading import invoice_in, parse
from tests.harness.credits import sent_credit
from tests.harness.invoices import approved_invoice, delivered, draft_invoice
from tests.harness.world import Organised, accepted_order, agreed, buying_company, line, selling_company

ADDRESS = {"street": "Werkstrasse 1", "city": "Berlin", "country": "DE"}
EXEMPT = {"tax_category": "E", "tax_rate": "0"}


@pytest.fixture(scope="module", autouse=True)
def checker() -> Iterator[None]:
    yield
    checking.close()


async def traders(terms: dict[str, Any], **seller: Any) -> tuple[Organised, Organised]:
    company = await buying_company(vat_number="DE136695976")
    supplier = await selling_company(**seller)
    await approve_supplier(company.supplier_manager, supplier.id, agreed(**terms))
    return company, supplier


async def drafted(company: Organised, supplier: Organised, *lines: dict[str, Any], **changes: Any) -> str:
    """The address of a draft for goods that came."""
    order = await accepted_order(company, supplier, *lines)
    await delivered(company.receiver, order, *(10 for _line in lines or (None,)))
    return f"/api/v1/invoices/{(await draft_invoice(supplier, order, **changes)).id}"


def named(answer: Any) -> dict[str, str]:
    return {error["field"]: error["message"] for error in answer.json()["errors"]}


async def test_a_seller_without_a_vat_number_learns_what_is_missing_and_nothing_is_sent(client_of):
    company, supplier = await traders({"e_invoice": "factur-x"})
    client = await client_of(supplier.billing)
    path = await drafted(company, supplier)
    refused = await client.post(f"{path}/submit")
    assert (refused.status_code, refused.json()["title"]) == (409, "This is no e-invoice yet")
    assert named(refused) == {
        "supplier.vat_number": "Your company has no VAT number or tax number here, which this tax category asks for. "
        "(BR-S-02)",
        "supplier.registration_number": "Your company needs a VAT number, a register number or a GLN here. (BR-CO-26)",
    }
    assert (await client.get(path)).json()["state"] == "draft"
    assert (await (await client_of(company.payable)).get(path)).status_code == 404


async def test_who_asks_for_plain_pdf_gets_what_there_is(client_of):
    company, supplier = await traders({})
    path = await drafted(company, supplier)
    assert (await (await client_of(supplier.billing)).post(f"{path}/submit")).json()["state"] == "submitted"


async def test_what_is_exempt_says_why(client_of):
    company, supplier = await traders({"e_invoice": "factur-x"}, vat_number="DE129273398")
    client = await client_of(supplier.billing)
    path = await drafted(company, supplier, line(**EXEMPT))
    assert list(named(await client.post(f"{path}/submit"))) == ["exemption_reason"]
    mended = await client.patch(path, json={"exemption_reason": "§ 4 No. 11 UStG"})
    assert mended.json()["exemption_reason"] == "§ 4 No. 11 UStG"
    assert (await client.post(f"{path}/submit")).status_code == 200
    assert "§ 4 No. 11 UStG" in (await client.get(f"{path}/document.xml")).text


async def test_peppol_asks_for_more_than_the_standard_and_germany_for_more_than_peppol(client_of):
    company, supplier = await traders({"e_invoice": "ubl"}, vat_number="DE129273398")
    client = await client_of(supplier.billing)
    missing = named(await client.post(f"{await drafted(company, supplier)}/submit"))
    assert missing["supplier.phone"].endswith("(DE-R-006)")
    assert missing["buyer_reference"].endswith("(DE-R-015)")


async def test_igic_of_nothing_is_no_factur_x_and_what_is_out_of_scope_is_told_alone(client_of):
    company, supplier = await traders({"e_invoice": "factur-x"}, vat_number="DE129273398", registration_number="HRB 1")
    client = await client_of(supplier.billing)
    canaries = await drafted(company, supplier, line(tax_category="L", tax_rate="0"))
    refused = await client.post(f"{canaries}/submit")
    assert refused.status_code == 409
    assert named(refused)["lines.0"].startswith("Factur-X takes IGIC (L) above 0 % only")
    mixed = await drafted(company, supplier, line(), line(tax_category="O", tax_rate="0"))
    assert list(named(await client.post(f"{mixed}/submit"))) == ["lines"]


async def test_an_authority_gets_xrechnung_with_its_reference(client_of):
    company, supplier = await traders({"e_invoice": "xrechnung"}, vat_number="DE129273398")
    client = await client_of(supplier.billing)
    path = await drafted(company, supplier)
    missing = named(await client.post(f"{path}/submit"))
    assert {"supplier.phone", "supplier.email", "supplier.postal_code", "buyer_reference"} <= set(missing)
    assert missing["buyer_reference"].endswith("(BR-DE-15)")

    full = {"address": ADDRESS | {"postal_code": "10115"}, "email": "billing@bolt.example", "phone": "+49 30 1234567"}
    company = await buying_company(vat_number="DE136695976", address=full["address"])
    supplier = await selling_company(vat_number="DE129273398", **full)
    wish = {"e_invoice": "xrechnung", "buyer_reference": "04011000-12345-34"}
    await approve_supplier(company.supplier_manager, supplier.id, agreed(**wish))
    client = await client_of(supplier.billing)
    path = await drafted(company, supplier)
    assert (await client.post(f"{path}/submit")).status_code == 200
    found = invoice_in(parse((await client.get(f"{path}/document.xml")).content))
    assert found is not None
    assert found.specification.endswith("xrechnung_3.0")
    assert (found.buyer_reference, found.seller.contact and found.seller.contact.phone) == (
        wish["buyer_reference"],
        "+49 30 1234567",
    )


async def test_a_credit_note_bears_the_reason_of_its_invoice(client_of):
    company, supplier = await traders({"e_invoice": "factur-x"}, vat_number="DE129273398")
    order = await accepted_order(company, supplier, line(**EXEMPT))
    await delivered(company.receiver, order, 10)
    invoice = await approved_invoice(company, supplier, order, exemption_reason="§ 4 No. 11 UStG")
    note = await sent_credit(supplier, invoice)
    answer = await (await client_of(company.payable)).get(f"/api/v1/credit-notes/{note.id}/document.xml")
    assert "§ 4 No. 11 UStG" in answer.text


async def test_a_buyer_says_on_the_suppliers_page_what_it_wants_and_clears_its_reference(client_of):
    company, supplier = await traders({"e_invoice": "xrechnung", "buyer_reference": "04011000-12345-34"})
    client = await client_of(company.supplier_manager)
    page = await client.get(f"/suppliers/{supplier.id}")
    assert "XRechnung 3.0" in page.text
    assert "04011000-12345-34" in page.text
    answer = await client.put(f"/api/v1/suppliers/{supplier.id}/terms", json={"e_invoice": "ubl"})
    assert [answer.json()[name] for name in ("e_invoice", "buyer_reference")] == ["ubl", ""]
    wrong = await client.put(f"/api/v1/suppliers/{supplier.id}/terms", json={"e_invoice": "edifact"})
    assert (wrong.status_code, list(named(wrong))) == (422, ["e_invoice"])
