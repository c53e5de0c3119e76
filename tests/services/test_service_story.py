"""A service from the order to the invoice, over HTTP: entered, accepted in part, matched, reversed."""

from tests.harness.days import today
from tests.harness.deliveries import events_of, figures, line_ids
from tests.harness.pages import Page
from tests.harness.services import ENTRIES, a_limit, accepted_services, entered, entry_body, hours, service_order
from tests.harness.world import trading_pair

INVOICES = "/api/v1/invoices"


async def test_services_are_entered_accepted_and_paid_as_far_as_they_are_accepted(client_of):
    company, supplier = await trading_pair()
    order = await service_order(company, supplier, hours("10"), a_limit("5000"))
    press, repairs = await line_ids(company, order)
    desk = await client_of(supplier.order_desk)
    receiver = await client_of(company.receiver)

    body = entry_body(order, entered(press, "6"), entered(repairs, None, amount="1234.56", text="Pump 3"))
    made = await desk.post(ENTRIES, json=body)
    assert made.status_code == 201, made.text
    entry = made.json()
    assert (entry["number"][:3], entry["state"]) == ("SE-", "draft")
    assert [line["net"] for line in entry["lines"]] == ["480.00", "1234.56"]
    at = f"{ENTRIES}/{entry['id']}"
    assert (await receiver.get(at)).status_code == 404

    assert (await desk.post(f"{at}/submit")).json()["state"] == "submitted"
    assert await figures(company, order, "accepted") == [("0",), ("0",)]
    seen = (await receiver.get(at)).json()
    assert [line["net"] for line in seen["lines"]] == [None, None], "a receiver sees no prices"

    first, second = (line["id"] for line in seen["lines"])
    some = {"lines": [{"line_id": first, "decision": "accept"}]}
    assert (await receiver.post(f"{at}/decide", json=some)).json()["state"] == "submitted"
    assert await figures(company, order, "accepted", "received") == [("6", "6"), ("0", "0")]
    rest = {"lines": [{"line_id": second, "decision": "reject", "reason": "Pump 3 is not ours"}]}
    decided = (await receiver.post(f"{at}/decide", json=rest)).json()
    assert decided["state"] == "accepted"
    assert [line["state"] for line in decided["lines"]] == ["accepted", "rejected"]
    assert await figures(company, order, "accepted", "rejected") == [("6", "0"), ("0", "0")]

    told = await events_of(company.buyer, order.id)
    assert [event for event in told if event.startswith("service-entry")] == [
        "service-entry.submitted",
        "service-entry.accepted",
        "service-entry.rejected",
    ]


async def test_what_was_accepted_is_invoiced_matched_and_then_not_taken_back(client_of):
    company, supplier = await trading_pair()
    order = await service_order(company, supplier, hours("10"), a_limit("5000"))
    entry = await accepted_services(company, supplier, order, "6")
    receiver = await client_of(company.receiver)

    billing = await client_of(supplier.billing)
    billed = {"order_id": str(order.id), "number": "R-1", "issue_date": "2026-11-21"}
    invoice = (await billing.post(INVOICES, json=billed)).json()
    assert [(line["line"], line["quantity"]) for line in invoice["lines"]] == [(1, "6")]
    assert (await billing.post(f"{INVOICES}/{invoice['id']}/submit")).status_code == 200
    payable = await client_of(company.payable)
    assert (await payable.get(f"{INVOICES}/{invoice['id']}/matching")).json()["state"] == "matched"

    refused = await receiver.post(f"{ENTRIES}/{entry.id}/reverse", json={"reason": "A mistake"})
    assert (refused.status_code, refused.json()["title"]) == (409, "This was invoiced already")


async def test_an_acceptance_that_was_a_mistake_is_undone_once(client_of):
    company, supplier = await trading_pair()
    order = await service_order(company, supplier)
    (press,) = await line_ids(company, order)
    desk, receiver = await client_of(supplier.order_desk), await client_of(company.receiver)
    entry = (await desk.post(ENTRIES, json=entry_body(order, entered(press, "10")))).json()
    at = f"{ENTRIES}/{entry['id']}"
    await desk.post(f"{at}/submit")
    assert (await receiver.post(f"{at}/accept")).json()["state"] == "accepted"
    shown = (await receiver.get(f"/api/v1/purchase-orders/{order.id}")).json()
    assert (shown["receipt_status"], shown["despatch_status"]) == ("complete", "none")

    assert (await receiver.post(f"{at}/reverse", json={"reason": "Not done yet"})).json()["state"] == "reversed"
    assert (await receiver.post(f"{at}/reverse", json={"reason": "Not done yet"})).status_code == 409
    assert await figures(company, order, "accepted", "received") == [("0", "0")]
    again = await desk.post(ENTRIES, json=entry_body(order, entered(press, "10")))
    assert again.status_code == 201


async def test_seven_and_a_half_hours_are_entered_accepted_and_invoiced_to_the_cent(client_of):
    company, supplier = await trading_pair()
    order = await service_order(company, supplier, hours("20", unit_price="80"))
    desk, receiver = await client_of(supplier.order_desk), await client_of(company.receiver)
    form = Page(await desk.get(f"/orders/{order.id}/service-entry")).form("service-entry")
    when = {"performed_from": "2026-11-01", "performed_until": "2026-11-03"}
    sent = await desk.post(
        f"/orders/{order.id}/service-entry",
        data=form.values | when | {"lines.0.quantity": "7.5", "act": "submit"},
    )
    assert sent.status_code == 303, sent.text
    entry = sent.headers["location"]
    answers = Page(await receiver.get(entry)).form("/decide").values | {"lines.0.decision": "accept"}
    assert (await receiver.post(f"{entry}/decide", data=answers)).status_code == 303
    assert await figures(company, order, "accepted") == [("7.5",)]
    billing = await client_of(supplier.billing)
    body = {"order_id": str(order.id), "number": "R-7.5", "issue_date": str(today())}
    invoice = (await billing.post("/api/v1/invoices", json=body)).json()
    assert ([each["quantity"] for each in invoice["lines"]], invoice["totals"]["net"]) == (["7.5"], "600.00")
    sent = (await billing.post(f"/api/v1/invoices/{invoice['id']}/submit")).json()
    assert sent["match_state"] == "matched"
