"""What a whole order costs the database: as many statements for thirty lines as for one, and few of them."""

from typing import Any

from portal.access.queries import identities
from tests.harness.world import line, order_body, trading_pair

API = "/api/v1"
MOST = 48


async def walk(client_of: Any, counted: Any, lines: int) -> dict[str, list[str]]:
    """One order from its draft to its approved invoice, over HTTP; the statements of every step."""
    company, supplier = await trading_pair()
    people = {name: await client_of(company.people[name]) for name in ("requester", "approver", "buyer", "receiver")}
    people |= {"payable": await client_of(company.payable)}
    people |= {name: await client_of(supplier.people[name]) for name in ("order_desk", "shipping", "billing")}
    for client in people.values():
        await client.get(f"{API}/me")
    spent: dict[str, list[str]] = {}

    async def step(name: str, who: str, path: str, body: Any = None) -> Any:
        with counted() as statements:
            answered = await people[who].post(API + path, json=body)
        assert answered.status_code in (200, 201), (name, answered.text)
        spent[name] = list(statements)
        return answered.json()

    order = await step("create", "requester", "/purchase-orders", order_body(supplier, [line() for _ in range(lines)]))
    at = f"/purchase-orders/{order['id']}"
    await step("submit", "requester", f"{at}/submit")
    await step("approve", "approver", f"{at}/approve")
    await step("issue", "buyer", f"{at}/issue")
    await step("answer", "order_desk", f"{at}/responses", {"code": "AP"})
    goods = [{"order_line_id": each["id"], "quantity": each["quantity"]} for each in order["lines"]]
    advice = await step("despatch", "shipping", "/despatch-advices", {"lines": goods, "leaves": True})
    came = [{"order_line_id": each["id"], "accepted": each["quantity"]} for each in order["lines"]]
    await step("receive", "receiver", "/goods-receipts", {"despatch_advice_id": advice["id"], "lines": came})
    bill = {"order_id": order["id"], "number": f"R-{lines}", "issue_date": "2026-11-20"}
    invoice = await step("invoice", "billing", "/invoices", bill)
    await step("send", "billing", f"/invoices/{invoice['id']}/submit")
    done = await step("pay", "payable", f"/invoices/{invoice['id']}/approve")
    assert done["state"] == "approved"
    return spent


async def test_a_cycle_takes_as_many_statements_for_thirty_lines_as_for_one(client_of, counted, monkeypatch):
    monkeypatch.setattr(identities, "_REMEMBERED", 600)  # else a session is asked for anew once a second
    one, thirty = [await walk(client_of, counted, lines) for lines in (1, 30)]
    counts = {name: (len(one[name]), len(thirty[name])) for name in one}
    assert {name: pair for name, pair in counts.items() if pair[0] != pair[1]} == {}
    assert sum(first for first, _ in counts.values()) <= MOST, counts
