"""Many hands at once: what may happen once happens once, and no ceiling is passed together."""

import asyncio
from collections import Counter

from tests.harness.deliveries import (
    ADVICES,
    body,
    despatched,
    disagreements,
    drafted_advice,
    events_of,
    figures,
    line_ids,
)
from tests.harness.world import accepted_order, trading_pair


async def test_fifty_at_once_despatch_the_same_goods_and_they_leave_once(client_of, superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    draft = await drafted_advice(company, supplier, order)
    shipping = await client_of(supplier.shipping)

    answers = await asyncio.gather(*(shipping.post(f"{ADVICES}/{draft.id}/despatch") for _ in range(50)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 49}
    assert await figures(company, order, "despatched") == [("10",)]
    assert (await events_of(company.buyer, order.id)).count("despatch-advice.despatched") == 1
    assert disagreements(superuser, company) == []


async def test_twenty_lorries_with_three_each_bring_nine_of_ten(client_of, superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    drafts = [await drafted_advice(company, supplier, order, "3") for _ in range(20)]
    shipping = await client_of(supplier.shipping)

    answers = await asyncio.gather(*(shipping.post(f"{ADVICES}/{draft.id}/despatch") for draft in drafts))
    assert Counter(answer.status_code for answer in answers) == {200: 3, 409: 17}
    assert await figures(company, order, "despatched") == [("9",)]
    assert disagreements(superuser, company) == []


async def test_lorries_with_the_same_orders_in_other_sequences_never_wait_for_each_other(client_of, superuser):
    company, supplier = await trading_pair()
    orders = [await accepted_order(company, supplier) for _ in range(3)]
    lines = [(await line_ids(company, order))[0] for order in orders]
    shipping = await client_of(supplier.shipping)
    turned = [[*lines[turn % 3 :], *lines[: turn % 3]] for turn in range(9)]
    drafts = [
        (await shipping.post(ADVICES, json=body(*(despatched(each, "1") for each in line)))).json() for line in turned
    ]

    answers = await asyncio.gather(*(shipping.post(f"{ADVICES}/{draft['id']}/despatch") for draft in drafts))
    assert Counter(answer.status_code for answer in answers) == {200: 9}
    assert [await figures(company, order, "despatched") for order in orders] == [[("9",)]] * 3
    assert disagreements(superuser, company) == []


async def test_numbers_of_advices_made_at_once_have_no_gap(client_of):
    company, supplier = await trading_pair()
    sent = body(*(despatched(each, "1") for each in await line_ids(company, await accepted_order(company, supplier))))
    shipping = await client_of(supplier.shipping)

    answers = await asyncio.gather(*(shipping.post(ADVICES, json=sent) for _ in range(20)))
    assert sorted(int(answer.json()["number"][-5:]) for answer in answers) == list(range(1, 21))
