"""A receipt that was a mistake: undone once, unless the goods were invoiced."""

import pytest

from portal.orders import commands as orders
from tests.harness.credits import approved_credit, billed_lines, returned
from tests.harness.deliveries import (
    ADVICES,
    RECEIPTS,
    UNKNOWN,
    despatched_goods,
    disagreements,
    events_of,
    figures,
    ledger,
    received_goods,
)
from tests.harness.invoices import billed, submitted_invoice
from tests.harness.world import accepted_order, line, trading_pair

CAME = ("accepted", "rejected", "received")


async def test_a_reversal_leaves_everything_as_if_nothing_had_come(client_of, superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order)
    receipt = await received_goods(company, order, "6", advice=advice)
    receiver, shipping = await client_of(company.receiver), await client_of(supplier.shipping)

    undone = await receiver.post(f"{RECEIPTS}/{receipt.id}/reverse", json={"reason": "Counted twice"})
    assert undone.status_code == 200, undone.text
    assert (undone.json()["state"], undone.json()["reversal_reason"]) == ("reversed", "Counted twice")
    assert await figures(company, order, *CAME) == [("0", "0", "0")]
    told = (await shipping.get(f"{ADVICES}/{advice.id}")).json()
    assert (told["receipt_status"], told["lines"][0]["received"]) == ("none", "0")
    assert (await events_of(supplier.shipping, order.id))[-1] == "goods-receipt.reversed"
    assert (await shipping.get(f"/api/v1/purchase-orders/{order.id}")).json()["receipt_status"] == "none"
    assert disagreements(superuser, company) == []

    assert (await receiver.post(f"{RECEIPTS}/{receipt.id}/reverse")).status_code == 409
    await received_goods(company, order, "10", advice=advice)
    assert await figures(company, order, "accepted") == [("10",)]


async def test_goods_that_were_invoiced_stay_accepted(client_of, superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line())
    first, second = [await received_goods(company, order, accepted, accepted) for accepted in ("6", "4")]
    await submitted_invoice(supplier, order, billed((await ledger(company, order))[1].id, "5"))
    receiver = await client_of(company.receiver)

    refused = await receiver.post(f"{RECEIPTS}/{first.id}/reverse")
    assert (refused.status_code, refused.json()["title"]) == (409, "This was invoiced already")
    assert "Line 2: 5 pcs are invoiced already, and only 4 would remain" in refused.json()["detail"]
    assert await figures(company, order, "accepted") == [("10",), ("10",)]
    assert (await receiver.post(f"{RECEIPTS}/{second.id}/reverse")).status_code == 200
    assert await figures(company, order, "accepted") == [("6",), ("6",)]
    assert disagreements(superuser, company) == []


async def test_goods_that_went_back_have_come(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(match_basis="two_way"))
    receipt = await received_goods(company, order, "10")
    invoice = await submitted_invoice(supplier, order)
    [of] = await billed_lines(supplier.billing, invoice.id)
    await approved_credit(company, supplier, invoice, "goods", returned(of, "4"))

    refused = await (await client_of(company.receiver)).post(f"{RECEIPTS}/{receipt.id}/reverse")
    assert (refused.status_code, "went back already" in refused.json()["detail"]) == (409, True)


@pytest.mark.parametrize("stop", [orders.hold, orders.close])
async def test_a_mistake_is_undone_also_on_an_order_on_hold_or_closed(client_of, stop):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    receipt = await received_goods(company, order, "10")

    await stop(company.buyer, order.id)

    receiver = await client_of(company.receiver)
    assert (await receiver.post(f"{RECEIPTS}/{receipt.id}/reverse")).status_code == 200


async def test_an_unknown_receipt_cannot_be_reversed(client_of):
    company, _supplier = await trading_pair()
    assert (await (await client_of(company.receiver)).post(f"{RECEIPTS}/{UNKNOWN}/reverse")).status_code == 404
