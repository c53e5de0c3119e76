"""Ten, twenty thousand and a million: round numbers stay what they are on the whole way, in JSON and in sentences."""

import re
from typing import Any

from tests.harness.world import line, order_body, trading_pair

API = "/api/v1"
EXPONENT = re.compile(r"\dE[+-]\d")
GOODS = (("10", "1000"), ("20000", "10"), ("1000000", "0.0000001"))


def plain(answer: Any) -> Any:
    assert answer.status_code in (200, 201), answer.text
    assert not EXPONENT.search(answer.text), EXPONENT.findall(answer.text)
    return answer.json()


def column(record: Any, name: str) -> list[str]:
    return [each[name] for each in record["lines"]]


async def test_round_quantities_are_written_out_from_order_to_invoice(client_of):
    company, supplier = await trading_pair()
    people = {name: await client_of(company.people[name]) for name in ("requester", "approver", "buyer", "receiver")}
    people |= {name: await client_of(supplier.people[name]) for name in ("order_desk", "shipping", "billing")}
    people["payable"] = await client_of(company.payable)

    async def post(who: str, path: str, body: Any = None) -> Any:
        return plain(await people[who].post(API + path, json=body))

    sent = order_body(supplier, [line(quantity=quantity, unit_price=price) for quantity, price in GOODS])
    order = await post("requester", "/purchase-orders", sent)
    assert column(order, "quantity") == ["10", "20000", "1000000"]
    assert column(order, "unit_price") == ["1000", "10", "0.0000001"]
    assert column(order, "net")[2] == "0.10"
    at = f"/purchase-orders/{order['id']}"
    for who, verb in (("requester", "submit"), ("approver", "approve"), ("buyer", "issue")):
        await post(who, f"{at}/{verb}")
    change = {"line": 3, "code": "3", "quantity": "2000000", "unit_price": "0.00000005"}
    answered = await post("order_desk", f"{at}/responses", {"code": "CA", "lines": [change]})
    offer = answered["order"]["responses"][0]
    assert (offer["lines"][0]["quantity"], offer["lines"][0]["unit_price"]) == ("2000000", "0.00000005")
    await post("buyer", f"{at}/responses/{answered['id']}/decline")
    order = (await post("order_desk", f"{at}/responses", {"code": "AP"}))["order"]
    assert column(order, "confirmed") == ["10", "20000", "1000000"]

    goods = [{"order_line_id": each["id"], "quantity": each["quantity"]} for each in order["lines"]]
    advice = await post("shipping", "/despatch-advices", {"lines": goods})
    assert column(advice, "quantity") == ["10", "20000", "1000000"]
    await post("shipping", f"/despatch-advices/{advice['id']}/despatch")
    came = [{"order_line_id": each["id"], "accepted": each["quantity"]} for each in order["lines"]]
    receipt = await post("receiver", "/goods-receipts", {"despatch_advice_id": advice["id"], "lines": came})
    assert column(receipt, "accepted") == ["10", "20000", "1000000"]
    bill = {"order_id": order["id"], "number": "R-1000000", "issue_date": "2026-11-20"}
    invoice = await post("billing", "/invoices", bill)
    assert column(invoice, "quantity") == ["10", "20000", "1000000"]
    await post("billing", f"/invoices/{invoice['id']}/submit")
    plain(await people["payable"].get(f"{API}/invoices/{invoice['id']}/matching"))
    for path in (f"/orders/{order['id']}", f"/despatch-advices/{advice['id']}", f"/invoices/{invoice['id']}"):
        shown = await people["payable"].get(path)
        assert not EXPONENT.search(shown.text), path

    more = {"lines": [{"order_line_id": order["lines"][2]["id"], "accepted": "1000000"}]}
    refused = await people["receiver"].post(f"{API}/goods-receipts", json=more)
    assert refused.status_code == 409
    assert "1,000,000 of 1,000,000" in refused.json()["detail"]


async def test_a_limit_is_told_with_all_its_digits(client_of):
    company, supplier = await trading_pair()
    requester, approver = await client_of(company.requester), await client_of(company.approver)
    for _order in range(11):
        body = order_body(supplier, [line(quantity="1", unit_price="1000000", tax_category="Z", tax_rate="0")])
        order = (await requester.post(f"{API}/purchase-orders", json=body)).json()
        await requester.post(f"{API}/purchase-orders/{order['id']}/submit")
        answer = await approver.post(f"{API}/purchase-orders/{order['id']}/approve")

    assert answer.status_code == 403
    assert "your limit is 10,000,000." in answer.json()["detail"]
