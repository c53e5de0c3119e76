"""A supplier flips an order to an invoice; the payable approves what matches."""

from datetime import date
from decimal import Decimal

from portal.orders import commands as orders
from tests.harness.invoices import (
    TODAY,
    approved_invoice,
    billed,
    delivered,
    delivered_order,
    invoice_body,
    lines_of,
    submitted_invoice,
)
from tests.harness.world import accepted_order, answer, issued_order, line, trading_pair

INVOICES = "/api/v1/invoices"


async def test_an_order_becomes_an_approved_invoice_without_a_line_typed(client_of):
    company, supplier, order = await delivered_order(
        line(), line(unit_price="0.3333", quantity="7", tax_rate="7"), accepted=(10, 7)
    )
    billing, payable = await client_of(supplier.billing), await client_of(company.payable)

    created = await billing.post(INVOICES, json=invoice_body(order, issue_date="2026-11-02"))
    assert created.status_code == 201, created.text
    draft = created.json()
    path = f"{INVOICES}/{draft['id']}"
    assert (draft["state"], draft["match_state"], draft["status_code"]) == ("draft", "unmatched", None)
    assert [draft["totals"][name] for name in ("net", "tax", "gross", "due")] == ["127.33", "23.91", "151.24", "151.24"]
    assert [(tax["tax_rate"], tax["base"], tax["tax"]) for tax in draft["taxes"]] == [
        ("7", "2.33", "0.16"),
        ("19", "125.00", "23.75"),
    ]
    assert draft["due_date"] == "2026-12-02"
    assert (await payable.get(path)).status_code == 404

    submitted = await billing.post(f"{path}/submit")
    assert submitted.status_code == 200, submitted.text
    assert (submitted.json()["state"], submitted.json()["match_state"]) == ("submitted", "matched")
    assert submitted.json()["payment"]["owner"] == "payable"

    approved = await payable.post(f"{path}/approve")
    assert approved.status_code == 200, approved.text
    assert approved.json()["status_code"] == "AP"
    assert approved.json()["payment"] == {"date": "2026-12-02", "blocker": None, "owner": None}
    seen = (await billing.get(f"/api/v1/purchase-orders/{order.id}")).json()
    assert seen["invoice_status"] == "complete"
    assert [each["invoiced"] for each in seen["lines"]] == ["10", "7"]


async def test_a_paid_invoice_tells_when_and_the_log_tells_its_way(client_of, superuser):
    company, supplier, order = await delivered_order()
    invoice = await approved_invoice(company, supplier, order)
    payable = await client_of(company.payable)
    paid = {"date": TODAY, "reference": "SEPA 7"}
    settled = (await payable.post(f"{INVOICES}/{invoice.id}/settle", json=paid)).json()
    assert (settled["status_code"], settled["payment"]["date"]) == ("PD", TODAY)
    happened = superuser.execute(
        "select event from audit_entry where root_id = %s and subject_kind = 'invoice' order by id", [order.id]
    ).fetchall()
    assert [event for (event,) in happened] == [
        "invoice.created",
        "invoice.submitted",
        "invoice.matched",
        "invoice.approved",
        "invoice.settled",
    ]


async def test_before_any_delivery_the_flip_bills_what_was_confirmed(client_of):
    company, supplier = await trading_pair(tolerances={"confirm_quantity": {"percent": "50"}})
    order = await issued_order(company, supplier)
    counter = {"line": 1, "code": "3", "quantity": "8"}
    await orders.respond(supplier.order_desk, order.id, answer("CA", counter))
    billing = await client_of(supplier.billing)

    draft = (await billing.post(INVOICES, json=invoice_body(order))).json()
    assert [each["quantity"] for each in draft["lines"]] == ["8"]

    submitted = (await billing.post(f"{INVOICES}/{draft['id']}/submit")).json()
    assert submitted["match_state"] == "exceptions"
    assert submitted["payment"]["owner"] == "payable"


async def test_after_a_part_delivery_the_flip_bills_what_was_accepted_and_not_billed_yet(client_of):
    company, supplier, order = await delivered_order(line(quantity="10"), line(quantity="5"), accepted=(6,))
    billing = await client_of(supplier.billing)

    first = (await billing.post(INVOICES, json=invoice_body(order))).json()
    assert [(each["quantity"], each["line"]) for each in first["lines"]] == [("6", 1)]
    await billing.post(f"{INVOICES}/{first['id']}/submit")
    nothing = await billing.post(INVOICES, json=invoice_body(order))
    assert nothing.status_code == 409

    await delivered(company.receiver, order, 4, 5)
    second = (await billing.post(INVOICES, json=invoice_body(order))).json()
    assert [each["quantity"] for each in second["lines"]] == ["4", "5"]
    assert (await billing.post(f"{INVOICES}/{second['id']}/submit")).json()["match_state"] == "matched"


async def test_what_was_rejected_at_the_door_is_not_proposed(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    await delivered(company.receiver, order, 7, rejected={0: "3"})
    billing = await client_of(supplier.billing)
    draft = (await billing.post(INVOICES, json=invoice_body(order))).json()
    assert [each["quantity"] for each in draft["lines"]] == ["7"]


async def test_an_unanswered_order_has_nothing_to_invoice(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    billing = await client_of(supplier.billing)
    assert (await billing.post(INVOICES, json=invoice_body(order))).status_code == 409


async def test_a_charge_of_the_order_is_billed_without_a_delivery():
    freight = line(kind="charge", description="Freight", quantity="1", unit_price="40.00")
    _company, supplier, order = await delivered_order(line(), freight, accepted=(10,))
    invoice = await submitted_invoice(supplier, order)
    assert (invoice.match_state, invoice.net) == ("matched", Decimal("165.00"))


async def test_the_agreed_discount_and_base_quantity_travel_with_the_line():
    _company, supplier, order = await delivered_order(
        line(quantity="250", unit_price="18.7500", base_quantity="100", discount="10"), accepted=(250,)
    )
    invoice = await submitted_invoice(supplier, order)
    assert (invoice.net, invoice.match_state) == (Decimal("42.19"), "matched")  # 46.88 - 4.69


async def test_billing_beyond_the_ordered_quantity_is_refused_and_every_line_is_named(client_of):
    _company, supplier, order = await delivered_order(line(), line(), accepted=(10, 10))
    ids = await lines_of(supplier.billing, order.id)
    billing = await client_of(supplier.billing)
    body = invoice_body(order, lines=[billed(ids[0], "10.000001"), billed(ids[1], "11")])
    draft = (await billing.post(INVOICES, json=body)).json()

    refused = await billing.post(f"{INVOICES}/{draft['id']}/submit")
    assert refused.status_code == 409
    assert [each["field"] for each in refused.json()["errors"]] == ["lines.0.quantity", "lines.1.quantity"]
    assert (await billing.get(f"{INVOICES}/{draft['id']}")).json()["state"] == "draft"


async def test_the_tolerance_of_invoiced_quantity_is_one_for_all_invoices_together(client_of):
    _company, supplier, order = await delivered_order(tolerances={"invoice_quantity": {"absolute": "1"}})
    (key,) = await lines_of(supplier.billing, order.id)
    first = await submitted_invoice(supplier, order, billed(key, "10.5"))
    assert first.match_state == "matched"
    billing = await client_of(supplier.billing)
    draft = (await billing.post(INVOICES, json=invoice_body(order, lines=[billed(key, "0.6")]))).json()
    assert (await billing.post(f"{INVOICES}/{draft['id']}/submit")).status_code == 409


async def test_a_closed_order_can_still_be_invoiced_for_what_came(client_of):
    company, supplier, order = await delivered_order(accepted=(6,))
    await orders.close(company.buyer, order.id)
    invoice = await submitted_invoice(supplier, order)
    assert (invoice.state, invoice.match_state) == ("submitted", "matched")


async def test_a_cancelled_order_cannot_be_invoiced(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    await orders.cancel(company.buyer, order.id, "No longer needed")
    billing = await client_of(supplier.billing)
    assert (await billing.post(INVOICES, json=invoice_body(order))).status_code == 409


async def test_an_order_on_hold_takes_no_invoice(client_of):
    company, supplier, order = await delivered_order()
    billing = await client_of(supplier.billing)
    draft = (await billing.post(INVOICES, json=invoice_body(order))).json()
    await orders.hold(company.buyer, order.id, "Certificate missing")
    refused = await billing.post(f"{INVOICES}/{draft['id']}/submit")
    assert (refused.status_code, "Certificate missing" in refused.json()["detail"]) == (409, True)


async def test_a_buyer_that_holds_invoices_takes_none(client_of):
    _company, supplier, order = await delivered_order(invoices_held_until=date(2199, 1, 1))
    billing = await client_of(supplier.billing)
    draft = (await billing.post(INVOICES, json=invoice_body(order))).json()
    assert (await billing.post(f"{INVOICES}/{draft['id']}/submit")).status_code == 409
