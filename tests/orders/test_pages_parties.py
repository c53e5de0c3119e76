"""The two sides of an order as each other sees them: whom to write to, where the bill goes."""

from portal.organisations.commands import approve_supplier
from tests.harness.pages import Reader
from tests.harness.world import agreed, buying_company, draft_order, issued_order, selling_company


async def test_a_supplier_knows_whom_to_write_to_and_where_to_send_the_bill(client_of):
    company = await buying_company(email="purchasing@acme.example", vat_number="DE136695976")
    supplier = await selling_company(email="sales@bolt.example")
    await approve_supplier(
        company.supplier_manager, supplier.id, agreed(payment_days=14, payment_terms="2 % within 7 days")
    )
    order = await issued_order(company, supplier)
    draft = await draft_order(company, supplier)

    page = await Reader(await client_of(supplier.order_desk)).open(f"/orders/{order.id}")
    assert page.links["purchasing@acme.example"] == "mailto:purchasing@acme.example"
    billed = page.text.partition("Bill to")[2][:120]
    assert [
        part for part in (company.name, "Werkstrasse 1", "Berlin", "Germany", "DE136695976") if part not in billed
    ] == []
    assert "14 days · 2 % within 7 days" in page.text

    buyer = Reader(await client_of(company.buyer))
    assert "sales@bolt.example" in (await buyer.open(f"/orders/{order.id}")).links
    assert (await buyer.open(f"/orders/{draft.id}")).status == 200
