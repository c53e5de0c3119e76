"""What a receiver books, against a despatch advice or an order, and what the ledger makes of it."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from portal.orders import commands as orders
from portal.organisations.commands import approve_supplier
from tests.harness.deliveries import (
    ADVICES,
    RECEIPTS,
    UNKNOWN,
    body,
    despatched,
    despatched_goods,
    disagreements,
    events_of,
    figures,
    line_ids,
    received,
    received_goods,
)
from tests.harness.deliveries_facts import on
from tests.harness.world import (
    accepted_order,
    buying_company,
    draft_order,
    issued_order,
    line,
    selling_company,
    trading_pair,
)

CAME = ("accepted", "rejected", "received")


async def test_a_receiver_books_a_delivery_and_says_what_was_wrong_with_it(client_of, superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line(quantity="7"))
    advice = await despatched_goods(company, supplier, order, "6", "7")
    first, second = await line_ids(company, order)
    receiver, shipping = await client_of(company.receiver), await client_of(supplier.shipping)

    came = [received(first, "4", rejected="2", reason="Bent in transit"), received(second, "7")]
    sent = body(*came, despatch_advice_id=str(advice.id), delivery_note="LS-4711")
    booked = await receiver.post(RECEIPTS, json=sent)
    assert booked.status_code == 201, booked.text
    receipt = booked.json()
    assert (receipt["state"], receipt["number"][:3], receipt["despatch_advice_number"]) == (
        "booked",
        "GR-",
        advice.number,
    )
    assert await figures(company, order, *CAME) == [("4", "2", "6"), ("7", "0", "7")]

    seen = (await shipping.get(f"{RECEIPTS}/{receipt['id']}")).json()
    assert [(each["rejected"], each["reason"]) for each in seen["lines"]] == [("2", "Bent in transit"), ("0", "")]
    assert [each["replacement"] for each in seen["lines"]] == [True, False]
    told = (await shipping.get(f"{ADVICES}/{advice.id}")).json()
    assert (told["receipt_status"], [each["received"] for each in told["lines"]]) == ("complete", ["6", "7"])
    assert (await shipping.get(f"/api/v1/purchase-orders/{order.id}")).json()["receipt_status"] == "partial"
    assert (await events_of(supplier.shipping, order.id))[-1] == "goods-receipt.booked"
    assert disagreements(superuser, company) == []


async def test_goods_that_nobody_announced_are_received_on_the_order(client_of, superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    [only] = await line_ids(company, order)
    receiver = await client_of(company.receiver)

    for accepted, status in (("4", "partial"), ("6", "complete")):
        assert (await receiver.post(RECEIPTS, json=body(received(only, accepted)))).status_code == 201
        assert (await receiver.get(f"/api/v1/purchase-orders/{order.id}")).json()["receipt_status"] == status
    refused = await receiver.post(RECEIPTS, json=body(received(only, "0.000001")))
    assert refused.status_code == 409
    assert [each["field"] for each in refused.json()["errors"]] == ["lines.0.accepted"]
    assert await figures(company, order, *CAME) == [("10", "0", "10")]
    assert disagreements(superuser, company) == []


@pytest.mark.parametrize(("accepted", "rejected", "status"), [("0", "3", 201), ("0", "0", 422), ("0", None, 422)])
async def test_all_of_a_delivery_may_be_rejected_but_something_must_have_come(client_of, accepted, rejected, status):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    [only] = await line_ids(company, order)
    came = received(only, accepted) | ({} if rejected is None else {"rejected": rejected})
    answer = await (await client_of(company.receiver)).post(RECEIPTS, json=body(came))
    assert answer.status_code == status
    assert [each["field"] for each in answer.json().get("errors", ())] == (
        ["lines.0.accepted"] if status == 422 else []
    )


async def test_when_goods_came_is_not_when_they_were_booked(client_of):
    company, supplier = await trading_pair()
    with on(datetime.now(UTC) - timedelta(days=4)):
        order = await accepted_order(company, supplier)
    [only] = await line_ids(company, order)
    receiver = await client_of(company.receiver)
    friday = datetime.now(UTC) - timedelta(days=3)

    receipt = (await receiver.post(RECEIPTS, json=body(received(only, "1"), delivered_at=f"{friday:%FT%TZ}"))).json()
    assert receipt["delivered_at"] == f"{friday:%FT%TZ}"
    assert receipt["booked_at"] > receipt["delivered_at"]
    ahead = f"{datetime.now(UTC) + timedelta(minutes=2):%FT%TZ}"
    refused = await receiver.post(RECEIPTS, json=body(received(only, "1"), delivered_at=ahead))
    assert (refused.status_code, [each["field"] for each in refused.json()["errors"]]) == (422, ["delivered_at"])
    before = f"{datetime.now(UTC) - timedelta(days=5):%FT%TZ}"
    refused = await receiver.post(RECEIPTS, json=body(received(only, "1"), delivered_at=before))
    assert (refused.status_code, [each["field"] for each in refused.json()["errors"]]) == (422, ["delivered_at"])
    assert "its goods cannot have come before" in refused.text


async def test_lines_and_deliveries_of_others_are_named_whatever_else_is_wrong(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    [own] = await line_ids(company, order)
    advice = await despatched_goods(company, supplier, order)
    stranger = await client_of((await buying_company()).receiver)

    refused = await stranger.post(RECEIPTS, json=body(received(own), received(UNKNOWN)))
    assert refused.status_code == 422
    assert [each["field"] for each in refused.json()["errors"]] == ["lines.0.order_line_id", "lines.1.order_line_id"]
    refused = await stranger.post(RECEIPTS, json=body(received(own), despatch_advice_id=str(advice.id)))
    assert [each["field"] for each in refused.json()["errors"]] == ["despatch_advice_id"]
    assert await figures(company, order, *CAME) == [("0", "0", "0")]


async def test_what_is_not_on_the_despatch_advice_is_not_received_with_it(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line())
    advice = await despatched_goods(company, supplier, order, "10")
    first, second = await line_ids(company, order)
    sent = body(received(first), received(second), despatch_advice_id=str(advice.id))
    refused = await (await client_of(company.receiver)).post(RECEIPTS, json=sent)
    assert (refused.status_code, [each["field"] for each in refused.json()["errors"]]) == (
        422,
        ["lines.1.order_line_id"],
    )


async def test_a_delivery_that_was_received_takes_no_more(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order, "4")
    [only] = await line_ids(company, order)
    receiver = await client_of(company.receiver)
    sent = body(received(only, "4"), despatch_advice_id=str(advice.id))

    assert (await receiver.post(RECEIPTS, json=sent)).status_code == 201
    again = await receiver.post(RECEIPTS, json=sent)
    assert (again.status_code, again.json()["title"]) == (409, "This was received already")
    assert (await receiver.post(RECEIPTS, json=body(received(only, "1")))).status_code == 201
    assert await figures(company, order, "accepted") == [("5",)]


async def test_batches_of_one_line_fill_in_their_sequence_or_as_they_are_named(client_of, superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    [only] = await line_ids(company, order)
    shipping, receiver = await client_of(supplier.shipping), await client_of(company.receiver)
    sent = body(despatched(only, "4", batch="A"), despatched(only, "3", batch="B"), despatched(only, "3", batch="C"))
    advice = (await shipping.post(ADVICES, json=sent)).json()
    await shipping.post(f"{ADVICES}/{advice['id']}/despatch")
    batch_c = advice["lines"][2]["id"]

    named = received(only, "2", despatch_line_id=batch_c)
    against = {"despatch_advice_id": advice["id"]}
    assert (await receiver.post(RECEIPTS, json=body(named, **against))).status_code == 201
    spread = await receiver.post(RECEIPTS, json=body(received(only, "5", rejected="1", reason="Rust"), **against))
    assert [(each["accepted"], each["rejected"]) for each in spread.json()["lines"]] == [("4", "0"), ("1", "1")]
    lines = (await shipping.get(f"{ADVICES}/{advice['id']}")).json()["lines"]
    assert [each["received"] for each in lines] == ["4", "2", "2"]
    assert disagreements(superuser, company) == []

    wrong = await receiver.post(RECEIPTS, json=body(received(only, "1", despatch_line_id=UNKNOWN), **against))
    assert [each["field"] for each in wrong.json()["errors"]] == ["lines.0.despatch_line_id"]
    without = await receiver.post(RECEIPTS, json=body(received(only, "1", despatch_line_id=batch_c)))
    assert [each["field"] for each in without.json()["errors"]] == ["lines.0.despatch_line_id"]


async def test_a_lorry_with_two_orders_is_one_receipt_and_two_stories(client_of, superuser):
    company, supplier = await trading_pair()
    one, other = [await accepted_order(company, supplier) for _ in range(2)]
    lines = [*(await line_ids(company, one)), *(await line_ids(company, other))]
    shipping, receiver = await client_of(supplier.shipping), await client_of(company.receiver)
    advice = (await shipping.post(ADVICES, json=body(*map(despatched, lines)))).json()
    await shipping.post(f"{ADVICES}/{advice['id']}/despatch")

    sent = body(*map(received, lines), despatch_advice_id=advice["id"])
    receipt = await receiver.post(RECEIPTS, json=sent)
    assert {each["number"] for each in receipt.json()["orders"]} == {one.number, other.number}
    for order in (one, other):
        assert await figures(company, order, "accepted") == [("10",)]
        assert (await events_of(company.buyer, order.id)).count("goods-receipt.booked") == 1
    assert disagreements(superuser, company) == []


async def test_goods_of_two_suppliers_are_two_receipts(client_of):
    company, supplier = await trading_pair()
    second = await selling_company()
    await approve_supplier(company.supplier_manager, second.id)
    made = [await accepted_order(company, each) for each in (supplier, second)]
    lines = [line_id for order in made for line_id in await line_ids(company, order)]
    refused = await (await client_of(company.receiver)).post(RECEIPTS, json=body(*map(received, lines)))
    assert (refused.status_code, [each["field"] for each in refused.json()["errors"]]) == (
        422,
        ["lines.1.order_line_id"],
    )


async def test_nothing_is_received_on_an_order_that_is_not_issued_on_hold_or_over(client_of):
    company, supplier = await trading_pair()
    receiver = await client_of(company.receiver)

    async def refused(order) -> str:
        answer = await receiver.post(RECEIPTS, json=body(*map(received, await line_ids(company, order))))
        assert answer.status_code == 409, answer.text
        return answer.json()["detail"]

    assert "not issued yet" in await refused(await draft_order(company, supplier))
    order = await issued_order(company, supplier)
    await orders.hold(company.buyer, order.id, "Wrong alloy")
    assert "Wrong alloy" in await refused(order)
    await orders.release(company.buyer, order.id)
    await orders.close(company.buyer, order.id)
    assert "not open any more" in await refused(order)


async def test_the_same_key_books_one_receipt(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    sent = body(*(received(each, "3") for each in await line_ids(company, order)))
    receiver = await client_of(company.receiver)

    answers = [await receiver.post(RECEIPTS, json=sent, headers={"idempotency-key": "once"}) for _ in range(3)]
    assert len({answer.content for answer in answers}) == 1
    assert await figures(company, order, "accepted") == [("3",)]


async def test_malformed_receipts_are_told_everything_at_once(client_of):
    company, _supplier = await trading_pair()
    sent = body(
        {"order_line_id": "x", "accepted": "-1", "rejected": "1.0000001", "reason": "\x07"},
        {"accepted": "NaN"},
        delivered_at="yesterday",
        delivery_note="",
        price="1",
    )
    refused = await (await client_of(company.receiver)).post(RECEIPTS, json=sent)
    assert refused.status_code == 422
    assert {each["field"] for each in refused.json()["errors"]} == {
        *("lines.0.order_line_id", "lines.0.accepted", "lines.0.rejected", "lines.0.reason", "lines.1.order_line_id"),
        *("lines.1.accepted", "delivered_at", "delivery_note", "price"),
    }


async def test_what_came_cannot_be_rewritten_only_reversed(superuser, connected):
    company, supplier = await trading_pair()
    receipt = await received_goods(company, await accepted_order(company, supplier), "3")
    for rewriting in (
        "update goods_receipt set delivered_at = delivered_at - interval '1 day' where id = %s",
        "update goods_receipt set state = 'reversed' where id = %s",
    ):
        with pytest.raises(psycopg.errors.CheckViolation):
            superuser.execute(rewriting.encode(), [receipt.id])
    rights = superuser.execute("select has_table_privilege('portal_app', 'goods_receipt_line', 'update, delete')")
    assert rights.fetchone() == (False,)
