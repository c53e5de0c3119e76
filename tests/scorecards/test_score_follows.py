"""The supplier's score follows the main job, step by step, over HTTP as programs do it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from portal.organisations.tables import TradingRelationship
from portal.platform.wiring import WIRING
from portal.platform.work import viewing
from portal.scorecards.rules import CRITERIA
from portal.web.render import render
from tests.harness.deliveries_facts import countered, facts_of, kept, noon, received
from tests.harness.jobs import run_jobs
from tests.harness.world import days_after, issued_order, line, order_body, trading_pair

WANTED = date(2026, 12, 10)


async def card_of(client, supplier) -> dict[str, float | None]:
    """Each criterion's value in December, as the client's owner sees it."""
    told = (await client.get(f"/api/v1/suppliers/{supplier.id}/scorecard?period=2026-12")).json()
    return {criterion["name"]: criterion["value"] for criterion in told["criteria"]}


async def order_accepted_over_http(company, supplier, client_of) -> dict[str, Any]:
    """From a requester's order to the supplier's acceptance; until then nobody has a score."""
    clients = {role: await client_of(company.people[role]) for role in ("requester", "approver", "buyer")}
    body = order_body(supplier, [line(requested_date=WANTED.isoformat())])
    created = (await clients["requester"].post("/api/v1/purchase-orders", json=body)).json()
    path = f"/api/v1/purchase-orders/{created['id']}"
    for role, verb in (("requester", "submit"), ("approver", "approve"), ("buyer", "issue")):
        assert set((await card_of(clients["buyer"], supplier)).values()) == {None}
        assert (await clients[role].post(f"{path}/{verb}")).status_code == 200
    desk = await client_of(supplier.order_desk)
    return (await desk.post(f"{path}/responses", json={"code": "AP"})).json()["order"]


async def test_the_score_follows_from_order_to_invoice(clock, client_of):
    company, supplier = await trading_pair()
    buyer, receiver = await client_of(company.buyer), await client_of(company.receiver)
    desk, billing = await client_of(supplier.order_desk), await client_of(supplier.billing)
    await clock(datetime(2026, 12, 1, 9, tzinfo=UTC))
    order = await order_accepted_over_http(company, supplier, client_of)
    assert (await card_of(desk, supplier))["responsiveness"] == "1.0000"

    for day, accepted, rejected in ((8, "4", "0"), (9, "5", "1")):
        await clock(datetime(2026, 12, day, 9, tzinfo=UTC))
        came = {"order_line_id": order["lines"][0]["id"], "accepted": accepted, "rejected": rejected, "reason": "Bent"}
        booked = await receiver.post("/api/v1/goods-receipts", json={"lines": [came]})
        assert booked.status_code == 201, booked.text
    seen = await card_of(buyer, supplier)
    assert (seen["quality"], seen["on_time_requested"]) == ("0.9000", None)

    sent = {"order_id": order["id"], "number": "R-1", "issue_date": "2026-12-09"}
    invoice = (await billing.post("/api/v1/invoices", json=sent)).json()
    submitted = await billing.post(f"/api/v1/invoices/{invoice['id']}/submit")
    assert submitted.status_code == 200, submitted.text
    assert (await card_of(buyer, supplier))["price"] == "1.0000"

    await clock(noon(date(2026, 12, 11)))
    assert await card_of(desk, supplier) == dict.fromkeys(CRITERIA, "1.0000") | {"quality": "0.9000"}
    await run_jobs("scorecards.recompute")
    async with viewing(company.buyer) as view:
        score = await view.value("select score from trading_relationship where supplier_id = $1", supplier.id)
    assert score == Decimal("97.5")


async def test_a_receipt_that_was_a_mistake_is_taken_out_of_the_score(clock, client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(requested_date="2026-11-20"))
    [fact] = await facts_of(company.buyer, order.id)
    receiver, buyer = await client_of(company.receiver), await client_of(company.buyer)
    wrong = {"order_line_id": str(fact["line_id"]), "accepted": "1", "rejected": "9", "reason": "Broken"}
    receipt = (await receiver.post("/api/v1/goods-receipts", json={"lines": [wrong]})).json()
    path = f"/api/v1/suppliers/{supplier.id}/scorecard?period=all"
    assert (await buyer.get(path)).json()["criteria"][3]["value"] == "0.1000"

    undone = await receiver.post(f"/api/v1/goods-receipts/{receipt['id']}/reverse", json={"reason": "Another order's"})
    assert undone.status_code == 200, undone.text
    assert (await buyer.get(path)).json()["criteria"][3]["value"] is None
    assert [dict(row) for row in await facts_of(company.buyer, order.id)] == [dict(fact)]


async def test_goods_that_come_before_the_answer_fill_the_promise_that_follows(clock):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(requested_date=WANTED.isoformat()))
    await received(company, order.id, 7, at=noon(date(2026, 12, 1)))
    parts = [
        {"line": 1, "code": "3", "quantity": q, "promised_date": days_after(WANTED, d)} for q, d in (("4", 0), ("6", 5))
    ]
    await countered(company, supplier, order.id, *parts)
    await clock(noon(date(2026, 12, 16)))

    facts = await facts_of(company.buyer, order.id)
    assert [(fact["received"], fact["last_in_time"]) for fact in facts] == [(4, 4), (3, 3)]
    assert await kept(company, supplier, WANTED, ("requested", "last_confirmed")) == [(0, 1), (1, 2)]


async def test_the_score_stands_on_the_suppliers_page_for_both_sides(connected, client_of):
    company, supplier = await trading_pair()
    for person, buyer_id in ((company.buyer, ""), (supplier.order_desk, f"&amp;buyer_id={company.id}")):
        shown = await (await client_of(person)).get(f"/suppliers/{supplier.id}")
        assert shown.status_code == 200
        assert f"/suppliers/{supplier.id}/scorecard?period=last-12-months{buyer_id}" in shown.text

    async with viewing(company.buyer) as view:
        record = await view.one("select * from trading_relationship where supplier_id = $1", supplier.id)
        assert record is not None
        panel = next(p for p in WIRING.panels["supplier"] if p.template.startswith("scorecards/"))
        data = await panel.load(view, TradingRelationship.of(record))
    assert "No data" in render(panel.template, panel=data)
