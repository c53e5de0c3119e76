"""Money of services is seen with the right to see prices alone, wherever it stands and whatever it is called."""

import pymupdf

from portal.analytics.queries import orders_of_item, suppliers_of_item
from portal.documents.commands import RENDER
from portal.orders import commands as orders
from portal.platform.work import viewing
from tests.harness.jobs import run_jobs
from tests.harness.services import ENTRIES, a_limit, hours, service_order, submitted_entry
from tests.harness.world import an_item, answer, issued_order, trading_pair

AMOUNT, DONE = "48213", "7391"
SECRETS = ("48213", "48,213", "7391", "7,391", "7.391", "48.213")


def told(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


async def performed():
    company, supplier = await trading_pair()
    order = await service_order(company, supplier, a_limit(AMOUNT), hours("10"))
    entry = await submitted_entry(company, supplier, order, DONE, "4")
    return company, supplier, order, entry


async def test_a_receiver_never_reads_what_a_limit_amounts_to(client_of):
    company, supplier, order, entry = await performed()
    places = (
        *(f"/orders/{order.id}", f"/service-entries/{entry.id}", "/service-entries", "/orders", "/orders.csv", "/"),
        *(f"/api/v1/purchase-orders/{order.id}", f"{ENTRIES}/{entry.id}", ENTRIES, "/api/v1/purchase-orders"),
        f"/search?q={order.number}",
    )
    for who in (company.receiver, supplier.shipping):
        client = await client_of(who)
        read = {place: await client.get(place) for place in places}
        assert {place: told(answer.text) for place, answer in read.items() if told(answer.text)} == {}
        assert {answer.status_code for answer in read.values()} <= {200, 403}
        assert (await client.get(f"{ENTRIES}/{entry.id}/document.pdf")).status_code == 403
    payable = await client_of(company.payable)
    assert told((await payable.get(f"/orders/{order.id}")).text)
    assert (await payable.get(f"{ENTRIES}/{entry.id}")).json()["lines"][0]["quantity"] == DONE
    hours_of = (await (await client_of(company.receiver)).get(f"{ENTRIES}/{entry.id}")).json()["lines"][1]
    assert hours_of["quantity"] == "4", "hours are no money"


async def test_a_receiver_still_accepts_what_was_done_under_a_limit(client_of):
    company, _supplier, order, entry = await performed()
    receiver = await client_of(company.receiver)
    assert (await receiver.post(f"{ENTRIES}/{entry.id}/accept")).status_code == 200
    assert told((await receiver.get(f"/orders/{order.id}")).text) == []
    assert (await receiver.get(f"/api/v1/purchase-orders/{order.id}")).json()["lines"][0]["accepted"] is None


async def test_an_answer_that_changes_a_limit_tells_no_amount(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, a_limit(AMOUNT), hours("10"))
    changes = ({"line": 1, "code": "3", "quantity": DONE}, {"line": 2, "code": "3", "quantity": "8"})
    await orders.respond(supplier.order_desk, order.id, answer("CA", *changes))
    receiver = await client_of(company.receiver)
    for place in (f"/orders/{order.id}", f"/api/v1/purchase-orders/{order.id}"):
        assert told((await receiver.get(place)).text) == []


async def test_what_was_bought_of_an_item_tells_no_amount(connected):
    company, supplier = await trading_pair()
    item = await an_item(company)
    await service_order(company, supplier, a_limit(AMOUNT, item_id=str(item.id)))
    for who, seen in ((company.receiver, None), (company.payable, 48213)):
        async with viewing(who) as view:
            assert [row.quantity for row in (await orders_of_item(view, item.id)).items] == [seen]
            assert [row.quantity for row in await suppliers_of_item(view, item.id)] == [seen]


async def test_what_was_performed_is_a_document_with_the_answer_to_each_line(client_of):
    company, supplier, order, entry = await performed()
    payable, desk = await client_of(company.payable), await client_of(supplier.order_desk)
    place = f"{ENTRIES}/{entry.id}/document.pdf"
    assert (await desk.get(place)).status_code == 202
    await run_jobs(RENDER)
    with pymupdf.open(stream=(await payable.get(place)).content) as pdf:
        text = pdf[0].get_text()
    said = (entry.number, order.number, supplier.name, company.name, "7,391.00", "Waits for acceptance")
    assert [part for part in said if part not in text] == []
    assert f'href="/documents/service-entry/{entry.id}' in (await payable.get(f"/service-entries/{entry.id}")).text

    await (await client_of(company.receiver)).post(f"{ENTRIES}/{entry.id}/accept")
    assert (await payable.get(place)).status_code == 202, "another answer is another document"
    draft = await submitted_entry(company, supplier, order, "1")
    await desk.post(f"{ENTRIES}/{draft.id}/cancel", json={})
    assert (await desk.get(f"{ENTRIES}/{draft.id}/document.pdf")).status_code == 409
