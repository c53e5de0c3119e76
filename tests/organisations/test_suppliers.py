"""Suppliers as their buyers see them, and as they see themselves."""

from portal.organisations.commands import approve_supplier
from tests.harness.invoices import delivered_order, submitted_invoice
from tests.harness.pages import Page, Reader
from tests.harness.world import agreed, issued_order, selling_company, trading_pair


async def test_a_buyer_lists_and_opens_its_suppliers(client_of):
    company, supplier = await trading_pair(supplier_number="S-77", payment_days=45)
    other = await selling_company()
    await approve_supplier(company.supplier_manager, other.id)
    order = await issued_order(company, supplier)
    client = await client_of(company.buyer)
    items = (await client.get("/api/v1/suppliers")).json()["items"]
    assert {item["id"] for item in items} == {str(supplier.id), str(other.id)}
    only = (await client.get("/api/v1/suppliers?query=s-77")).json()["items"]
    assert [(item["number"], item["state"], item["payment_days"]) for item in only] == [("S-77", "approved", 45)]
    listed = Page(await client.get("/suppliers"))
    assert listed.links[supplier.name] == f"/suppliers/{supplier.id}"
    page = Page(await client.get(f"/suppliers/{supplier.id}"))
    for told in (supplier.name, "S-77", "45 days", "Werkstrasse 1", "Approved"):
        assert told in page.text
    assert page.links[order.number] == f"/orders/{order.id}"


async def test_pages_of_programs_go_on_by_cursor(client_of):
    company, _supplier = await trading_pair()
    for _each in range(3):
        await approve_supplier(company.supplier_manager, (await selling_company()).id)
    client = await client_of(company.buyer)
    seen, path = [], "/api/v1/suppliers?limit=3"
    while path:
        page = (await client.get(path)).json()
        seen += [item["name"] for item in page["items"]]
        path = page["next_cursor"] and f"/api/v1/suppliers?limit=3&cursor={page['next_cursor']}"
    assert len(seen) == 4
    assert seen == sorted(seen)


async def test_a_supplier_finds_itself_alone(client_of):
    company, supplier = await trading_pair()
    await approve_supplier(company.supplier_manager, (await selling_company()).id)
    client = await client_of(supplier.order_desk)
    assert [item["id"] for item in (await client.get("/api/v1/suppliers")).json()["items"]] == [str(supplier.id)]
    assert (await client.get("/suppliers")).headers["location"] == f"/suppliers/{supplier.id}"
    page = Page(await client.get(f"/suppliers/{supplier.id}"))
    assert "How your customers see you" in page.text
    assert (await client.get(f"/api/v1/suppliers/{supplier.id}")).status_code == 200
    assert (await client.get(f"/api/v1/suppliers/{company.id}")).status_code == 404


async def test_a_supplier_with_several_customers_chooses_one(client_of):
    company, supplier = await trading_pair()
    other, _theirs = await trading_pair()
    await approve_supplier(other.supplier_manager, supplier.id, agreed(payment_days=77))
    client = await client_of(supplier.order_desk)
    page = Page(await client.get(f"/suppliers/{supplier.id}?customer={other.id}"))
    assert "77 days" in page.text
    assert {company.name, other.name} <= set(page.links)


async def test_suppliers_of_others_are_not_there(client_of):
    company, _supplier = await trading_pair()
    _other, theirs = await trading_pair()
    for actor in (company.buyer, company.auditor):
        client = await client_of(actor)
        for path in (f"/suppliers/{theirs.id}", f"/api/v1/suppliers/{theirs.id}"):
            answer = await client.get(path)
            assert answer.status_code == 404
            assert theirs.name not in answer.text


async def test_what_the_buyer_keeps_to_itself_is_not_told(client_of):
    company, supplier = await trading_pair(
        tier="Strategic-A", tags=["watchlist"], tolerances={"receive": {"percent": "9"}}
    )
    for actor in (company.buyer, supplier.order_desk):
        client = await client_of(actor)
        for path in (f"/suppliers/{supplier.id}", f"/api/v1/suppliers/{supplier.id}"):
            told = (await client.get(path)).text
            assert "Strategic-A" not in told
            assert "watchlist" not in told
            assert "tolerances" not in told


async def test_an_order_that_is_delivered_and_invoiced_is_not_open(client_of):
    company, supplier, order = await delivered_order(accepted=(10,))
    reader = Reader(await client_of(company.buyer))
    page = await reader.open("/suppliers")
    assert "to deliver: 0 · to invoice: 1" in page.text
    await issued_order(company, supplier)
    assert "to deliver: 1 · to invoice: 2" in (await reader.open("/suppliers")).text

    await submitted_invoice(supplier, order)

    page = await reader.open("/suppliers")
    assert "to deliver: 1 · to invoice: 1" in page.text
    listed = await reader.open(page.links["1"])
    assert order.number not in listed.links
    assert "Orders with something still to come" in listed.text
    assert "Found: 1" in listed.text
