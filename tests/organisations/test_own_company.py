"""A company keeps its own data: what is missing for an invoice is entered where the company's people can reach it."""

from typing import Any

from portal.organisations.commands import approve_supplier
from portal.platform.ids import new_id
from tests.harness.invoices import delivered, draft_invoice
from tests.harness.pages import Reader
from tests.harness.world import accepted_order, agreed, buying_company, selling_company

AT = "/api/v1/company"
PAGE = "/settings/company"
PLACE = {"street": "Werkstrasse 1", "city": "Berlin", "postal_code": "10115"}


def said(**more: Any) -> dict[str, Any]:
    return {"language": "en", "time_zone": "Europe/Berlin"} | more


async def test_what_xrechnung_asks_for_a_supplier_enters_itself(client_of, superuser):
    company = await buying_company(vat_number="DE136695976", address=PLACE | {"country": "DE"})
    supplier = await selling_company(vat_number="DE129273398")
    wish = agreed(e_invoice="xrechnung", buyer_reference="04011000-12345-34")
    await approve_supplier(company.supplier_manager, supplier.id, wish)
    order = await accepted_order(company, supplier)
    await delivered(company.receiver, order, 10)
    invoice = await draft_invoice(supplier, order)
    billing, administrator = await client_of(supplier.billing), await client_of(supplier.administrator)

    refused = await billing.post(f"/api/v1/invoices/{invoice.id}/submit")
    assert {"supplier.phone", "supplier.email"} <= {error["field"] for error in refused.json()["errors"]}
    before = (await administrator.get(AT)).json()
    full = said(**PLACE, phone="+49 30 5550", email="orders@seller.example", vat_number="DE129273398")
    kept = await administrator.put(AT, json=full)
    assert (kept.status_code, kept.json()["version"]) == (200, before["version"] + 1), kept.text
    assert kept.json()["address"] == PLACE | {"country": "DE"}
    assert (await billing.post(f"/api/v1/invoices/{invoice.id}/submit")).status_code == 200

    seen = (await (await client_of(company.supplier_manager)).get(f"/api/v1/suppliers/{supplier.id}")).json()
    assert (seen["phone"], seen["address"]["city"]) == ("+49 30 5550", "Berlin")
    kept_in_log = "select count(*) from audit_entry where organisation_id = %s and event = 'organisation.edited'"
    assert superuser.execute(kept_in_log, [supplier.id]).fetchone() == (1,)


def _gln(body: str) -> str:
    """Twelve digits and the one that checks them (GS1)."""
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-weighed % 10}"


async def test_numbers_are_those_of_the_country_and_nobody_elses(client_of):
    gln = _gln(f"40{new_id().int % 10**10:010}")
    other = await selling_company(gln=gln, country="DE")
    supplier = await selling_company()
    administrator = await client_of(supplier.administrator)
    wrong = await administrator.put(AT, json=said(vat_number="DE136695977", phone="none"))
    assert wrong.status_code == 422
    assert {error["field"] for error in wrong.json()["errors"]} == {"vat_number", "phone"}
    taken = await administrator.put(AT, json=said(gln=gln))
    assert (taken.status_code, [error["field"] for error in taken.json()["errors"]]) == (409, ["gln"])
    assert str(other.id) not in taken.text


async def test_the_page_keeps_what_was_typed_and_only_administrators_see_it(client_of):
    company = await buying_company()
    administrator = Reader(await client_of(company.administrator))
    page = await administrator.open(PAGE)
    assert page.form(PAGE).values["time_zone"] == "UTC"
    wrong = await administrator.send(page, PAGE, email="nobody", city="Bremen")
    assert (wrong.status, wrong.form(PAGE).values["city"]) == (422, "Bremen")
    kept = await administrator.send(wrong, PAGE, email="desk@buyer.example")
    assert "What you changed is kept." in kept.text
    late = await administrator.send(page, PAGE, city="Elsewhere")
    assert late.status == 412 or "changed after you opened it" in late.text
    assert (await (await client_of(company.requester)).get(PAGE)).status_code == 403
