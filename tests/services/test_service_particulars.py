"""A service is ordered with its period and a contact besides its place."""

from portal.orders.queries import snapshot_of_order
from portal.platform.work import viewing
from tests.harness.services import hours
from tests.harness.world import issued_order, line, order_body, trading_pair

PERIOD = {"performed_from": "2030-05-01", "performed_until": "2030-05-31", "contact": "Ms Weber, gate 2"}


async def test_both_sides_read_when_and_with_whom_a_service_is_performed(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, hours(**PERIOD), line())
    desk = await client_of(supplier.order_desk)
    told = (await desk.get(f"/api/v1/purchase-orders/{order.id}")).json()["lines"]
    assert {name: told[0][name] for name in PERIOD} == PERIOD
    page = (await desk.get(f"/orders/{order.id}")).text
    assert "Ms Weber, gate 2" in page
    assert "1 May 2030 until 31 May 2030" in page
    async with viewing(supplier.order_desk) as view:
        assert (await snapshot_of_order(view, order.id))["lines"][0]["contact"] == PERIOD["contact"]


async def test_the_draft_is_edited_with_them_in_a_browser(client_of):
    company, supplier = await trading_pair()
    requester = await client_of(company.requester)
    body = order_body(supplier, [hours(**PERIOD)])
    order = (await requester.post("/api/v1/purchase-orders", json=body)).json()
    form = (await requester.get(f"/orders/{order['id']}/edit")).text
    assert [said for said in PERIOD.values() if f'value="{said}"' not in form] == []


async def test_goods_have_neither_and_a_period_ends_after_it_begins(client_of):
    company, supplier = await trading_pair()
    requester = await client_of(company.requester)
    wrong = [line(contact="Ms Weber"), hours(performed_from="2030-05-31", performed_until="2030-05-01")]
    refused = await requester.post("/api/v1/purchase-orders", json=order_body(supplier, wrong))
    assert [error["field"] for error in refused.json()["errors"]] == ["lines.0.contact", "lines.1.performed_until"]
