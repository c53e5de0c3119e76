"""The search box looks through every kind of record, by number and by words, as far as its reader may open it."""

import pytest

from tests.harness.deliveries import despatched_goods, received_goods
from tests.harness.invoices import submitted_invoice
from tests.harness.pages import Page
from tests.harness.world import accepted_order, an_item, line, trading_pair


@pytest.fixture
async def busy(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(description="Unmistakable gasket"))
    advice = await despatched_goods(company, supplier, order, "10", tracking_number="TRACK-778-A")
    receipt = await received_goods(company, order, "10", advice=advice, delivery_note="LS-4711-X")
    invoice = await submitted_invoice(supplier, order)
    item = await an_item(company)
    return company, supplier, {"order": order, "advice": advice, "receipt": receipt, "invoice": invoice, "item": item}


async def found(client, words: str) -> set[str]:
    answer = await client.get("/search", params={"query": words})
    if answer.status_code == 303:
        return {answer.headers["location"]}
    page = Page(answer)
    records = {href for href in page.links.values() if href.count("/") == 2 and "?" not in href}
    return {href for href in records if not href.startswith(("/profile/", "/settings/"))}  # the menus


async def test_the_box_on_every_page_searches_everything(client_of, busy):
    company, _supplier, _made = busy
    page = Page(await (await client_of(company.buyer)).get("/"))
    assert page.form("/search").method == "get"


async def test_every_kind_is_found_by_its_number_and_by_words(client_of, busy):
    company, supplier, made = busy
    at = {
        "order": f"/orders/{made['order'].id}",
        "advice": f"/despatch-advices/{made['advice'].id}",
        "receipt": f"/receipts/{made['receipt'].id}",
        "invoice": f"/invoices/{made['invoice'].id}",
        "item": f"/items/{made['item'].id}",
    }
    buyer, desk = await client_of(company.buyer), await client_of(supplier.order_desk)
    for client in (buyer, desk):
        for kind in ("order", "advice", "receipt", "invoice"):
            assert await found(client, made[kind].number.lower()) == {at[kind]}, kind
            assert at[kind] in await found(client, made[kind].number[:6])
            assert at[kind] in await found(client, "gasket unmistakable"), kind
        assert at["advice"] in await found(client, "TRACK-778")
        assert at["receipt"] in await found(client, "LS-4711")
    assert at["item"] in await found(buyer, "Hex bolt")
    assert f"/suppliers/{supplier.id}" in await found(buyer, supplier.name[:10])
    groups = Page(await buyer.get("/search?query=gasket")).text
    for title in ("Orders", "Despatch advices", "Goods receipts", "Invoices"):
        assert title in groups


async def test_nobody_finds_what_their_role_may_not_open(client_of, busy):
    company, supplier, made = busy
    other, rival = await trading_pair()
    everything = {f"/orders/{made['order'].id}", f"/invoices/{made['invoice'].id}", f"/receipts/{made['receipt'].id}"}
    for actor in (other.buyer, rival.order_desk, rival.administrator):
        assert not everything & await found(await client_of(actor), "gasket")
    assert f"/invoices/{made['invoice'].id}" not in await found(await client_of(company.receiver), "gasket")
    assert f"/receipts/{made['receipt'].id}" not in await found(await client_of(company.approver), "gasket")
    assert await found(await client_of(supplier.administrator), "gasket") == set()


async def test_signs_that_mean_something_to_a_database_are_only_signs(client_of, busy):
    company, _supplier, _made = busy
    client = await client_of(company.buyer)
    for words in ("%", "_", "\\", "' or 1=1", "a" * 200, "%%%%", "DA-%"):
        assert (await client.get("/search", params={"query": words})).status_code == 200
    assert not await found(client, "gask_t")
