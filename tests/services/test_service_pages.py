"""Entering and answering services in a browser, as people do it; no script needed."""

from portal.orders import commands as orders
from portal.services import commands as services
from tests.harness.deliveries import figures, line_ids
from tests.harness.pages import Page
from tests.harness.services import a_limit, hours, service_order, submitted_entry
from tests.harness.world import accepted_order, trading_pair


async def test_a_clerk_enters_services_and_the_receiver_answers_each_line(client_of):
    company, supplier = await trading_pair()
    order = await service_order(company, supplier, hours("10"), a_limit("5000"))
    desk, receiver = await client_of(supplier.order_desk), await client_of(company.receiver)
    at = f"/orders/{order.id}/service-entry"

    assert at in Page(await desk.get("/")).links.values()
    form = Page(await desk.get(at)).form("service-entry")
    assert form.values["lines.0.quantity"] == "10", "a service that is open is filled in"
    assert form.values["lines.1.quantity"] == "", "a limit need not be used up"
    said = {"lines.0.quantity": "4", "lines.1.amount": "800.50", "lines.1.text": "Pump 3", "act": "submit"}
    when = {"performed_from": "2026-11-01", "performed_until": "2026-11-03"}
    sent = await desk.post(at, data=form.values | said | when)
    assert sent.status_code == 303, sent.text
    entry = sent.headers["location"]

    assert entry in Page(await receiver.get("/")).links.values(), "it waits on the receiver's home page"
    shown = Page(await receiver.get(entry))
    assert "Pump 3" in shown.text
    assert "€" not in shown.text
    answers = shown.form("/decide").values
    refused = await receiver.post(f"{entry}/decide", data=answers)
    assert (refused.status_code, "Accept or reject at least one line" in refused.text) == (422, True)
    bare = answers | {"lines.0.decision": "accept", "lines.1.decision": "reject", "lines.1.reason": ""}
    again = Page(await receiver.post(f"{entry}/decide", data=bare))
    assert (again.status, "Say why this line is rejected" in again.text) == (422, True)
    taken = await receiver.post(f"{entry}/decide", data=bare | {"lines.1.reason": "Pump 3 is not ours"})
    assert taken.status_code == 303
    assert await figures(company, order, "accepted") == [("4",), ("0",)]
    assert "Pump 3 is not ours" in Page(await desk.get(entry)).text
    assert entry in Page(await desk.get(f"/orders/{order.id}")).links.values(), "the order's page leads to it"


async def test_lines_without_an_answer_go_on_waiting(client_of):
    company, supplier = await trading_pair()
    order = await service_order(company, supplier, hours("10"), a_limit("5000"))
    entry = await submitted_entry(company, supplier, order, "4", "700")
    requester = await client_of(company.requester)
    at = f"/service-entries/{entry.id}"

    shown = Page(await requester.get(at))
    values = shown.form("/decide").values | {"lines.1.decision": "accept"}
    assert (await requester.post(f"{at}/decide", data=values)).status_code == 303
    assert await figures(company, order, "accepted") == [("0",), ("700",)]
    again = Page(await requester.get(at)).form("/decide").values
    assert [name for name in again if name.endswith("line_id")] == ["lines.0.line_id"]
    stale = await requester.post(f"{at}/decide", data=values | {"lines.0.decision": "accept"})
    assert stale.status_code == 412, "the page showed an older version"


async def test_there_is_no_sheet_for_what_cannot_be_performed(client_of):
    company, supplier = await trading_pair()
    goods = await accepted_order(company, supplier)
    held = await service_order(company, supplier)
    await orders.hold(company.buyer, held.id, "The budget is unclear")
    desk = await client_of(supplier.order_desk)

    assert (await desk.get(f"/orders/{goods.id}/service-entry")).status_code == 404
    assert (await desk.get(f"/orders/{held.id}/service-entry")).status_code == 409
    assert "service-entry" not in (await desk.get(f"/orders/{goods.id}")).text


async def test_services_are_neither_despatched_nor_received_as_goods(client_of):
    company, supplier = await trading_pair()
    order = await service_order(company, supplier)
    (line_id,) = await line_ids(company, order)
    clerk, receiver = await client_of(supplier.shipping), await client_of(company.receiver)

    assert (await clerk.get(f"/orders/{order.id}/despatch")).status_code == 404
    for page in ("/", f"/orders/{order.id}"):
        assert f"/orders/{order.id}/despatch" not in (await clerk.get(page)).text
    assert f"/orders/{order.id}/receive" not in (await receiver.get(f"/orders/{order.id}")).text
    sent = {"lines": [{"order_line_id": line_id, "quantity": "1"}]}
    assert (await clerk.post("/api/v1/despatch-advices", json=sent)).status_code == 422
    booked = {"lines": [{"order_line_id": line_id, "accepted": "1"}]}
    refused = await receiver.post("/api/v1/goods-receipts", json=booked)
    assert (refused.status_code, "service entry" in refused.text) == (422, True)


async def test_what_was_rejected_is_entered_again_and_what_waits_is_taken_back(client_of):
    company, supplier = await trading_pair()
    order = await service_order(company, supplier)
    entry = await submitted_entry(company, supplier, order, "10")
    desk = await client_of(supplier.order_desk)
    await services.reject(company.receiver, entry.id, "Seven hours only")

    assert "Enter them again" in Page(await desk.get(f"/service-entries/{entry.id}")).text
    second = await submitted_entry(company, supplier, order, "7")
    assert Page(await desk.get(f"/service-entries/{second.id}")).offers("/cancel")
    assert (await desk.post(f"/service-entries/{second.id}/cancel", data={})).status_code == 303
    assert await figures(company, order, "accepted", "rejected") == [("0", "0")]


async def test_pages_of_services_ask_a_handful_of_questions(client_of, counted):
    company, supplier = await trading_pair()
    desk = await client_of(supplier.order_desk)

    async def asked(path: str) -> int:
        with counted() as statements:
            assert (await desk.get(path)).status_code == 200
        return len(statements)

    short = await service_order(company, supplier, hours("10"))
    long = await service_order(company, supplier, *(hours("10") for _ in range(12)))
    for order, quantities in ((short, ("1",)), (long, ("1",) * 12)):
        await submitted_entry(company, supplier, order, *quantities)
    for order in (short, long):
        await desk.get(f"/orders/{order.id}")
    few = [await asked(f"/orders/{short.id}{end}") for end in ("", "/service-entry")]
    many = [await asked(f"/orders/{long.id}{end}") for end in ("", "/service-entry")]
    assert many == few
    assert await asked("/service-entries") <= 4
