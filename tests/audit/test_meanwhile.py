"""Who comes too late is told what happened in between, as far as they may know it."""

from datetime import UTC, datetime, timedelta

from portal.orders import commands as orders
from tests.harness.invoices import approved_invoice, delivered_order
from tests.harness.world import answer, issued_order, submitted_order, trading_pair

API = "/api/v1"


async def test_a_program_that_lost_a_race_learns_who_was_faster(client_of):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier)
    await orders.approve(company.approver, order.id)

    late = await (await client_of(company.approver)).post(f"{API}/purchase-orders/{order.id}/approve")

    assert late.status_code == 409
    told = late.json()["meanwhile"]
    assert [(event["event"], event["who"]) for event in told] == [
        ("purchase-order.created", f"{company.requester.name} · {company.name}"),
        ("purchase-order.submitted", f"{company.requester.name} · {company.name}"),
        ("purchase-order.approved", f"{company.approver.name} · {company.name}"),
    ]
    assert datetime.now(UTC) - datetime.fromisoformat(told[-1]["at"]) < timedelta(minutes=1)


async def test_a_supplier_is_told_its_own_side_of_what_happened_and_no_more(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, internal_note="we would pay more")
    await orders.respond(supplier.order_desk, order.id, answer("AP"))

    late = await (await client_of(supplier.order_desk)).post(
        f"{API}/purchase-orders/{order.id}/responses", json={"code": "AP"}
    )

    assert late.status_code == 409
    assert [event["event"] for event in late.json()["meanwhile"]] == [
        "purchase-order.issued",
        "purchase-order.accepted",
    ]
    assert company.requester.name not in late.text


async def test_a_document_of_an_order_tells_its_own_last_events(client_of):
    company, supplier, order = await delivered_order()
    invoice = await approved_invoice(company, supplier, order)

    late = await (await client_of(company.payable)).post(f"{API}/invoices/{invoice.id}/approve")

    assert late.status_code == 409
    assert late.json()["meanwhile"][-1]["event"] == "invoice.approved"


async def test_who_acts_on_an_old_version_is_told_too_and_other_refusals_tell_nothing(client_of):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier)
    client = await client_of(company.approver)

    stale = await client.post(f"{API}/purchase-orders/{order.id}/approve", headers={"if-match": '"1"'})
    nothing = await client.get(f"{API}/purchase-orders/{company.id}")

    assert (stale.status_code, nothing.status_code) == (412, 404)
    assert stale.json()["meanwhile"][-1]["event"] == "purchase-order.submitted"
    assert "meanwhile" not in nothing.json()


async def test_the_description_of_the_api_tells_of_it(anonymous):
    described = (await anonymous.get(f"{API}/openapi.json")).json()["components"]["schemas"]["Problem"]
    assert set(described["properties"]["meanwhile"]["items"]["properties"]) == {"at", "event", "who"}
