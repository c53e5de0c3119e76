"""What a program is answered is what it reads right afterwards: answers are told from what the command knows."""

from typing import Any

import pytest

from tests.harness.world import line, order_body, trading_pair

API = "/api/v1"
LATER = "2027-03-01"


class Desk:
    """Both sides' people; whatever they do is read by the same person right after it was answered."""

    def __init__(self, clients: dict[str, Any]) -> None:
        self.clients = clients

    async def do(self, who: str, path: str, body: Any = None, method: str = "POST") -> Any:
        answered = await self.clients[who].request(method, API + path, json=body)
        assert answered.status_code in (200, 201), (path, answered.text)
        told = answered.json()
        told = told["order"] if "order" in told and "code" in told else told
        kind = path.split("/")[1]
        seen = await self.clients[who].get(f"{API}/{kind}/{told['id']}")
        assert seen.json() == told, path
        return told

    async def issued(self, supplier: Any, *lines: dict[str, Any]) -> Any:
        order = await self.do("requester", "/purchase-orders", order_body(supplier, lines))
        at = f"/purchase-orders/{order['id']}"
        await self.do("requester", at, {"note": "Deliver to gate 2", "lines": list(lines)}, "PATCH")
        await self.do("requester", f"{at}/submit")
        await self.do("approver", f"{at}/return", {"reason": "Say which gate"})
        await self.do("requester", f"{at}/submit")
        await self.do("approver", f"{at}/approve")
        return await self.do("buyer", f"{at}/issue")


@pytest.fixture
async def trade(client_of):
    company, supplier = await trading_pair()
    roles = ("requester", "approver", "buyer", "receiver", "payable")
    clients = {role: await client_of(company.people[role]) for role in roles}
    clients |= {role: await client_of(supplier.people[role]) for role in ("order_desk", "shipping", "billing")}
    return Desk(clients), supplier


async def test_of_an_order_that_is_bargained_over(trade):
    desk, supplier = trade
    order = await desk.issued(supplier, line(), line(unit_price="0.123456"), line(discount="5"))
    at = f"/purchase-orders/{order['id']}"
    await desk.do("order_desk", f"{at}/responses", {"code": "AB"})
    offer = [
        {"line": 2, "code": "3", "quantity": "4", "promised_date": LATER, "reason": "Half of it"},
        {"line": 2, "code": "3", "quantity": "6", "promised_date": "2027-04-01"},
        {"line": 1, "code": "3", "unit_price": "13.00"},
        {"line": 3, "code": "5"},
    ]
    fewer = {"line": 1, "code": "3", "quantity": "8"}
    countered = await desk.do("order_desk", f"{at}/responses", {"code": "CA", "lines": offer})
    declined = f"{at}/responses/{countered['responses'][-1]['id']}/decline"
    await desk.do("buyer", declined, {"reason": "Too dear"})
    countered = await desk.do("order_desk", f"{at}/responses", {"code": "CA", "lines": [*offer[:2], fewer]})
    await desk.do("buyer", f"{at}/responses/{countered['responses'][-1]['id']}/accept")
    await desk.do("buyer", f"{at}/hold", {"reason": "The building site waits"})
    await desk.do("buyer", f"{at}/release")
    lines = countered["lines"]
    closed = await desk.do("buyer", f"{at}/lines/{lines[2]['id']}/close", {"reason": "Not needed"})
    assert closed["lines_closed_short"] == 1
    await desk.do("buyer", f"{at}/lines/{lines[2]['id']}/reopen")
    assert (await desk.do("buyer", f"{at}/cancel", {"reason": "No site"}))["state"] == "cancelled"


async def test_of_an_order_from_its_draft_to_its_approved_invoice(trade):
    desk, supplier = trade
    order = await desk.issued(supplier, line(), line(unit_price="0.5"))
    await desk.do("order_desk", f"/purchase-orders/{order['id']}/responses", {"code": "AP"})
    goods = [{"order_line_id": each["id"], "quantity": each["quantity"]} for each in order["lines"]]
    advice = await desk.do("shipping", "/despatch-advices", {"lines": goods})
    await desk.do("shipping", f"/despatch-advices/{advice['id']}/despatch")
    came = [{"order_line_id": each["id"], "accepted": each["quantity"]} for each in order["lines"]]
    await desk.do("receiver", "/goods-receipts", {"despatch_advice_id": advice["id"], "lines": came})
    bill = {"order_id": order["id"], "number": "R-1", "issue_date": "2026-11-20"}
    invoice = await desk.do("billing", "/invoices", bill)
    assert (await desk.do("billing", f"/invoices/{invoice['id']}/submit"))["match_state"] == "matched"
    assert (await desk.do("payable", f"/invoices/{invoice['id']}/approve"))["state"] == "approved"


async def test_of_an_order_that_the_supplier_rejects(trade):
    desk, supplier = trade
    order = await desk.issued(supplier, line())
    rejected = await desk.do(
        "order_desk", f"/purchase-orders/{order['id']}/responses", {"code": "RE", "reason": "Sold out"}
    )
    assert rejected["state"] == "rejected"
    assert len(rejected["responses"]) == 1


async def test_of_a_delivery_of_which_not_all_is_taken_and_the_invoice_that_says_so(trade):
    desk, supplier = trade
    order = await desk.issued(supplier, line(), line())
    await desk.do("order_desk", f"/purchase-orders/{order['id']}/responses", {"code": "AP"})
    first, second = (each["id"] for each in order["lines"])
    goods = [{"order_line_id": first, "quantity": "10", "batch": "B1"}, {"order_line_id": second, "quantity": "4"}]
    advice = await desk.do("shipping", "/despatch-advices", {"lines": goods})
    await desk.do("shipping", f"/despatch-advices/{advice['id']}", {"lines": goods, "carrier": "By van"}, "PUT")
    await desk.do("shipping", f"/despatch-advices/{advice['id']}/despatch")
    came = [
        {"order_line_id": first, "accepted": "7", "rejected": "1", "reason": "Bent"},
        {"order_line_id": second, "accepted": "1", "in_inspection": "2"},
    ]
    receipt = await desk.do("receiver", "/goods-receipts", {"despatch_advice_id": advice["id"], "lines": came})
    assert receipt["has_rejected"]
    bill = {"order_id": order["id"], "number": "R-1", "issue_date": "2026-11-20"}
    billed = [{"order_line_id": first, "quantity": "10", "unit_price": "13.10", "charge": "2.50"}]
    invoice = await desk.do("billing", "/invoices", bill | {"lines": billed})
    at = f"/invoices/{invoice['id']}"
    await desk.do("billing", at, {"number": "R-2"}, "PATCH")
    sent = await desk.do("billing", f"{at}/submit")
    assert sent["match_state"] == "exceptions"
    await desk.do("payable", f"{at}/match")
    await desk.do("payable", f"{at}/dispute", {"reason": "The price"})
    assert (await desk.do("payable", f"{at}/reject", {"reason": "The price"}))["state"] == "rejected"
    await desk.do("receiver", f"/goods-receipts/{receipt['id']}/reverse", {"reason": "Counted wrongly"})
