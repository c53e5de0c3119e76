"""Many receivers at once: what may be booked once is booked once, and no ceiling is passed together."""

import asyncio
from collections import Counter

from tests.harness.deliveries import (
    RECEIPTS,
    body,
    despatched_goods,
    disagreements,
    figures,
    line_ids,
    received,
    received_goods,
)
from tests.harness.world import accepted_order, trading_pair


async def test_fifty_identical_receipts_of_an_order_are_booked_once(client_of, superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    sent = body(*map(received, await line_ids(company, order)))
    receiver = await client_of(company.receiver)

    answers = await asyncio.gather(*(receiver.post(RECEIPTS, json=sent) for _ in range(50)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 49}
    assert await figures(company, order, "accepted") == [("10",)]
    assert disagreements(superuser, company) == []


async def test_fifty_identical_receipts_of_a_part_delivery_are_booked_once(client_of, superuser):
    """The order has room for two of them; the despatch advice has not."""
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order, "5")
    sent = body(*(received(each, "5") for each in await line_ids(company, order)), despatch_advice_id=str(advice.id))
    receiver = await client_of(company.receiver)

    answers = await asyncio.gather(*(receiver.post(RECEIPTS, json=sent) for _ in range(50)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 49}
    assert await figures(company, order, "accepted") == [("5",)]
    assert disagreements(superuser, company) == []


async def test_of_twenty_receipts_of_three_on_a_line_of_ten_three_win(client_of, superuser):
    for announced in (False, True):
        company, supplier = await trading_pair()
        order = await accepted_order(company, supplier)
        advice = await despatched_goods(company, supplier, order) if announced else None
        against = {"despatch_advice_id": str(advice.id)} if advice else {}
        sent = body(
            *(received(each, "2", rejected="1", replacement=False) for each in await line_ids(company, order)),
            **against,
        )
        receiver = await client_of(company.receiver)

        answers = await asyncio.gather(*(receiver.post(RECEIPTS, json=sent) for _ in range(20)))
        assert Counter(answer.status_code for answer in answers) == {201: 3, 409: 17}
        assert await figures(company, order, "received", "accepted", "rejected") == [("9", "6", "3")]
        assert disagreements(superuser, company) == []


async def test_fifty_reversals_undo_a_receipt_once(client_of, superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    first, _second = [await received_goods(company, order, "4") for _ in range(2)]
    receiver = await client_of(company.receiver)

    answers = await asyncio.gather(*(receiver.post(f"{RECEIPTS}/{first.id}/reverse") for _ in range(50)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 49}
    assert await figures(company, order, "accepted") == [("4",)]
    assert disagreements(superuser, company) == []


async def test_receiving_and_undoing_the_same_delivery_at_once_never_loses_a_piece(client_of, superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order)
    booked = [await received_goods(company, order, "1", advice=advice) for _ in range(5)]
    [only] = await line_ids(company, order)
    sent = body(received(only, "1"), despatch_advice_id=str(advice.id))
    receiver = await client_of(company.receiver)

    undoing = [receiver.post(f"{RECEIPTS}/{receipt.id}/reverse") for receipt in booked]
    answers = await asyncio.gather(*undoing, *(receiver.post(RECEIPTS, json=sent) for _ in range(5)))
    assert Counter(answer.status_code for answer in answers) == {200: 5, 201: 5}
    assert await figures(company, order, "accepted") == [("5",)]
    assert disagreements(superuser, company) == []
