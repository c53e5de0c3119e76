"""Goods and the state of their order: when they may leave, what charges are, and that undoing never waits."""

import psycopg
import pytest

from portal.invoicing import commands as invoices
from portal.orders import commands as orders
from portal.receipts import commands as receipts
from tests.harness.deliveries import (
    ADVICES,
    RECEIPTS,
    body,
    despatched,
    despatched_goods,
    drafted_advice,
    figures,
    line_ids,
    received,
    received_goods,
)
from tests.harness.invoices import invoice_body, submitted_invoice
from tests.harness.world import accepted_order, answer, issued_order, line, trading_pair

ORDERS = "/api/v1/purchase-orders"
LESS = {"line": 1, "code": "3", "quantity": "9"}


async def test_an_order_is_not_cancelled_once_goods_came_even_if_all_of_them_were_rejected(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    receipt = await received_goods(
        company, order, "0", lines=[received((await line_ids(company, order))[0], "0", rejected="10", reason="Rust")]
    )
    buyer = await client_of(company.buyer)
    assert (await buyer.get(f"{ORDERS}/{order.id}")).json()["receipt_status"] == "partial"
    assert "/cancel" not in (await buyer.get(f"/orders/{order.id}")).text

    refused = await buyer.post(f"{ORDERS}/{order.id}/cancel", json={"reason": "All of it is rusty"})
    assert refused.status_code == 409
    assert "received already" in refused.json()["detail"]

    await receipts.reverse(company.receiver, receipt.id, "It was another order's")
    assert (await buyer.post(f"{ORDERS}/{order.id}/cancel", json={"reason": "Not needed"})).status_code == 200


async def test_the_database_cancels_no_order_of_which_goods_came_and_receives_none_on_a_cancelled_one(superuser):
    company, supplier = await trading_pair()
    came, gone = await accepted_order(company, supplier), await accepted_order(company, supplier)
    await received_goods(company, came, "1")
    await orders.cancel(company.buyer, gone.id, "Not needed")

    with pytest.raises(psycopg.errors.CheckViolation, match="goods were received"):
        superuser.execute("update purchase_order set state = 'cancelled' where id = %s", [came.id])
    with pytest.raises(psycopg.errors.CheckViolation, match="cancelled"):
        superuser.execute("update purchase_order_line set received = 1, accepted = 1 where order_id = %s", [gone.id])


async def test_undoing_waits_for_no_release_from_hold(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    receipt = await received_goods(company, order, "10")
    invoice = await submitted_invoice(supplier, order)
    await orders.hold(company.buyer, order.id, "Under inquiry")

    assert (await invoices.reject(company.payable, invoice.id, "Wrong order")).state == "rejected"
    assert (await receipts.reverse(company.receiver, receipt.id, "Counted the wrong pallet")).state == "reversed"
    assert await figures(company, order, "received", "invoiced") == [("0", "0")]
    more = await (await client_of(company.receiver)).post(
        RECEIPTS, json=body(received((await line_ids(company, order))[0], "1"))
    )
    assert more.status_code == 409


async def test_goods_may_leave_before_the_order_is_answered(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    await despatched_goods(company, supplier, order, "4")
    assert await figures(company, order, "despatched") == [("4",)]


async def test_goods_do_not_leave_while_a_counter_offer_waits_nor_after_a_rejection(client_of):
    company, supplier = await trading_pair()
    shipping = await client_of(supplier.shipping)
    waiting, turned_down = await issued_order(company, supplier), await issued_order(company, supplier)
    begun = await drafted_advice(company, supplier, waiting, "4")
    await orders.respond(supplier.order_desk, waiting.id, answer("CA", LESS))
    await orders.respond(supplier.order_desk, turned_down.id, answer("RE", reason="No steel"))

    late = await shipping.post(f"{ADVICES}/{begun.id}/despatch")
    assert (late.status_code, "wait for the buyer’s decision" in late.json()["detail"]) == (409, True)
    for order, sentence in ((waiting, "wait for the buyer’s decision"), (turned_down, "not open any more")):
        sent = body(despatched((await line_ids(company, order))[0], "1"))
        refused = await shipping.post(ADVICES, json=sent)
        assert (refused.status_code, sentence in refused.json()["detail"]) == (409, True)
        assert (await shipping.get(f"/orders/{order.id}/despatch")).status_code == 409


async def test_what_left_before_a_counter_offer_may_still_arrive(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    advice = await despatched_goods(company, supplier, order, "4")
    await orders.respond(supplier.order_desk, order.id, answer("CA", LESS))

    await received_goods(company, order, "4", advice=advice)

    assert await figures(company, order, "accepted") == [("4",)]


async def test_an_order_of_which_goods_left_is_not_rejected_as_a_whole(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    await despatched_goods(company, supplier, order, "4")
    desk = await client_of(supplier.order_desk)

    refused = await desk.post(f"{ORDERS}/{order.id}/responses", json={"code": "RE", "reason": "No steel"})

    assert (refused.status_code, "left already" in refused.json()["detail"]) == (409, True)


async def test_an_order_with_a_charge_is_complete_when_its_goods_have_come_and_the_charge_is_billed(client_of):
    company, supplier = await trading_pair()
    freight = line(description="Freight", kind="charge", quantity="1", unit_price="40")
    order = await accepted_order(company, supplier, freight, line())
    charge, goods = await line_ids(company, order)
    buyer, shipping, receiver = [
        await client_of(actor) for actor in (company.buyer, supplier.shipping, company.receiver)
    ]
    for client, path in ((shipping, "despatch"), (receiver, "receive")):
        sheet = (await client.get(f"/orders/{order.id}/{path}")).text
        assert (goods in sheet, charge in sheet) == (True, False)
    refused = await shipping.post(ADVICES, json=body(despatched(charge, "1")))
    assert [error["field"] for error in refused.json()["errors"]] == ["lines.0.order_line_id"]
    refused = await receiver.post(RECEIPTS, json=body(received(charge, "1")))
    assert [error["field"] for error in refused.json()["errors"]] == ["lines.0.order_line_id"]

    sent = (await shipping.post(ADVICES, json=body(despatched(goods)))).json()
    assert (await shipping.post(f"{ADVICES}/{sent['id']}/despatch")).status_code == 200
    assert str(order.id) not in (await shipping.get("/")).text
    await receiver.post(RECEIPTS, json=body(received(goods)))
    now = (await buyer.get(f"{ORDERS}/{order.id}")).json()
    assert (now["despatch_status"], now["receipt_status"], now["invoice_status"]) == ("complete", "complete", "none")

    billing = await client_of(supplier.billing)
    invoice = (await billing.post("/api/v1/invoices", json=invoice_body(order))).json()
    assert [each["quantity"] for each in invoice["lines"]] == ["1", "10"]
    await billing.post(f"/api/v1/invoices/{invoice['id']}/submit")
    assert (await buyer.get(f"{ORDERS}/{order.id}")).json()["invoice_status"] == "complete"
