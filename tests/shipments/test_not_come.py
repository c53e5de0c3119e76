"""Goods that left and did not come: the delivery ends, and its rest is sent again, closed short or given up."""

from tests.harness.deliveries import ADVICES, RECEIPTS, body, despatched, despatched_goods, figures, line_ids, received
from tests.harness.pages import Page
from tests.harness.world import accepted_order, trading_pair

ORDERS = "/api/v1/purchase-orders"
LOST = {"reason": "Two pallets were lost in Hamburg."}


async def on_the_way(quantity: str = "10"):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order, quantity)
    return company, supplier, order, advice


async def test_goods_that_were_lost_are_sent_again(client_of):
    company, supplier, order, advice = await on_the_way()
    receiver, shipping = await client_of(company.receiver), await client_of(supplier.shipping)
    [line] = await line_ids(company, order)
    await receiver.post(RECEIPTS, json=body(received(line, "8"), despatch_advice_id=str(advice.id)))
    again = body(despatched(line, "2"))
    assert (await shipping.post(ADVICES, json=again)).status_code in (201, 409)
    ended = await receiver.post(f"{ADVICES}/{advice.id}/end", json=LOST)
    assert ended.status_code == 200, ended.text
    told = (await shipping.get(f"{ADVICES}/{advice.id}")).json()
    assert (told["receipt_status"], told["end_reason"], told["lines"][0]["missing"]) == (
        "complete",
        *LOST.values(),
        "2",
    )
    assert LOST["reason"] in Page(await shipping.get(f"/despatch-advices/{advice.id}")).text
    assert await figures(company, order, "despatched", "received") == [("8", "8")]
    second = (await shipping.post(ADVICES, json=again)).json()
    assert (await shipping.post(f"{ADVICES}/{second['id']}/despatch")).status_code == 200
    assert await figures(company, order, "despatched", "received") == [("10", "8")]
    assert (await receiver.post(f"{ADVICES}/{advice.id}/end", json=LOST)).status_code == 409


async def test_goods_that_were_lost_are_closed_short(client_of):
    company, _supplier, order, advice = await on_the_way()
    receiver, buyer = await client_of(company.receiver), await client_of(company.buyer)
    [line] = await line_ids(company, order)
    await receiver.post(RECEIPTS, json=body(received(line, "8"), despatch_advice_id=str(advice.id)))
    closing = f"{ORDERS}/{order.id}/lines/{line}/close"
    assert (await buyer.post(closing, json=LOST)).status_code == 409
    assert (await buyer.post(f"{ADVICES}/{advice.id}/end", json=LOST)).status_code == 200
    assert (await buyer.post(closing, json=LOST)).status_code == 200
    [pair] = (await buyer.get("/api/v1/open-items")).json()["pairs"]
    assert pair["not_received"] == "0.00"


async def test_an_order_does_not_end_while_its_goods_are_on_the_way(client_of):
    company, _supplier, order, advice = await on_the_way()
    buyer = await client_of(company.buyer)
    for verb in ("cancel", "close"):
        refused = await buyer.post(f"{ORDERS}/{order.id}/{verb}", json=LOST)
        assert (refused.status_code, advice.number in refused.json()["detail"]) == (409, True)
    page = Page(await buyer.get(f"/despatch-advices/{advice.id}"))
    form = page.form(f"/despatch-advices/{advice.id}/end")
    assert (await buyer.post(form.action, data=form.values)).status_code == 422
    assert (await buyer.post(form.action, data={**form.values, **LOST})).status_code == 303
    assert (await buyer.post(f"{ORDERS}/{order.id}/cancel", json=LOST)).status_code == 200


async def test_goods_that_turn_up_all_the_same_are_received_on_the_order(client_of):
    company, _supplier, order, advice = await on_the_way()
    receiver = await client_of(company.receiver)
    [line] = await line_ids(company, order)
    await receiver.post(f"{ADVICES}/{advice.id}/end", json=LOST)
    of_advice = body(received(line, "10"), despatch_advice_id=str(advice.id))
    assert (await receiver.post(RECEIPTS, json=of_advice)).status_code == 409
    assert (await receiver.post(RECEIPTS, json=body(received(line, "10")))).status_code == 201


async def test_a_supplier_does_not_say_what_did_not_come(client_of):
    company, supplier, _order, advice = await on_the_way()
    shipping, payable = await client_of(supplier.shipping), await client_of(company.payable)
    for client in (shipping, payable):
        assert (await client.post(f"{ADVICES}/{advice.id}/end", json=LOST)).status_code == 403
    assert not Page(await shipping.get(f"/despatch-advices/{advice.id}")).offers("/end")


async def test_after_a_receipt_is_reversed_its_goods_are_expected_again(client_of, superuser):
    company, _supplier, order, advice = await on_the_way()
    receiver = await client_of(company.receiver)
    [line] = await line_ids(company, order)
    came = body(received(line, "8"), despatch_advice_id=str(advice.id))
    receipt = (await receiver.post(RECEIPTS, json=came)).json()
    await receiver.post(f"{ADVICES}/{advice.id}/end", json=LOST)
    await receiver.post(f"{RECEIPTS}/{receipt['id']}/reverse", json={"reason": "Counted wrong"})
    assert (await receiver.get(f"{ADVICES}/{advice.id}")).json()["receipt_status"] == "partial"
    assert (await receiver.post(RECEIPTS, json=came)).status_code == 201
    assert superuser.execute("select count(*) from portal.despatched_otherwise").fetchone() == (0,)
