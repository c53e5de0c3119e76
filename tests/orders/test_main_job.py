"""From a draft to the supplier's answer, over HTTP as programs do it."""

from tests.harness.world import line, order_body, trading_pair


async def test_an_order_goes_from_draft_to_accepted(client_of):
    company, supplier = await trading_pair()
    requester, approver, buyer = [await client_of(company.people[r]) for r in ("requester", "approver", "buyer")]
    desk = await client_of(supplier.order_desk)
    body = order_body(supplier, [line(), line(unit_price="0.3333", quantity="7", tax_rate="7")])

    created = await requester.post("/api/v1/purchase-orders", json=body)
    assert created.status_code == 201, created.text
    order = created.json()
    path = f"/api/v1/purchase-orders/{order['id']}"
    assert order["totals"] == {"net": "127.33", "tax": "23.91", "gross": "151.24"}
    assert (await desk.get(path)).status_code == 404

    assert (await requester.post(f"{path}/submit")).json()["state"] == "in_approval"
    assert (await requester.post(f"{path}/approve")).status_code == 403
    assert (await approver.post(f"{path}/approve")).json()["state"] == "approved"
    assert (await desk.get(path)).status_code == 404
    assert (await buyer.post(f"{path}/issue")).json()["state"] == "issued"

    seen = (await desk.get(path)).json()
    assert seen["state"] == "issued"
    answered = await desk.post(f"{path}/responses", json={"code": "AP"})
    assert answered.status_code == 201, answered.text
    assert answered.json()["order"]["state"] == "accepted"
    assert [each["confirmed"] for each in answered.json()["order"]["lines"]] == ["10", "7"]
