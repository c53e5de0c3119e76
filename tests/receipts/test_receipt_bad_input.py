"""Nonsense in every field of a receipt gets a clear answer, never a fault."""

import pytest

from tests.harness.deliveries import RECEIPTS, body, despatched_goods, line_ids, received, received_goods
from tests.harness.world import accepted_order, trading_pair
from tests.promises.test_bad_input import CORPUS, RAW, check, places, replaced


async def test_every_field_of_a_receipt_refuses_nonsense_with_a_sentence(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order)
    [only] = await line_ids(company, order)
    receiver = await client_of(company.receiver)
    came = received(only, "0.000001", rejected="0.000001", reason="r")
    full = body(came, despatch_advice_id=str(advice.id), delivered_at="2026-01-31T07:30:00Z", delivery_note="LS")
    for bad in CORPUS:
        for place in places(full):
            check(await receiver.post(RECEIPTS, json=replaced(full, place, bad)), (place, bad))


@pytest.mark.parametrize("raw", RAW, ids=lambda raw: repr(raw[:12]))
async def test_a_body_that_is_no_receipt_is_422(client_of, raw):
    company, _supplier = await trading_pair()
    receiver = await client_of(company.receiver)
    answer = await receiver.post(RECEIPTS, content=raw, headers={"content-type": "application/json"})
    check(answer, raw)
    assert answer.status_code == 422


async def test_a_reason_that_cannot_be_kept_reverses_nothing(client_of):
    company, supplier = await trading_pair()
    receipt = await received_goods(company, await accepted_order(company, supplier), "1")
    receiver = await client_of(company.receiver)
    for bad in ("\x00", "x" * 5000, 1, ["x"]):
        answer = await receiver.post(f"{RECEIPTS}/{receipt.id}/reverse", json={"reason": bad})
        check(answer, bad)
        assert answer.status_code == 422
    assert (await receiver.get(f"{RECEIPTS}/{receipt.id}")).json()["state"] == "booked"


@pytest.mark.parametrize("query", ["cursor=zzz", "sort=x", "order_id=1", "state=%00", "delivered_from=x", "limit=0"])
async def test_a_query_that_cannot_be_read_is_never_a_fault(client_of, query):
    company, _supplier = await trading_pair()
    receiver = await client_of(company.receiver)
    check(await receiver.get(f"{RECEIPTS}?{query}"), query)
    assert (await receiver.get(f"/receipts?{query}")).status_code < 500
