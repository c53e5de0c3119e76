"""Nonsense in every field of a despatch gets a clear answer, never a fault."""

import pytest

from tests.harness.deliveries import ADVICES, body, despatched, line_ids
from tests.harness.world import accepted_order, trading_pair
from tests.promises.test_bad_input import CORPUS, RAW, check, places, replaced


async def test_every_field_of_a_despatch_advice_refuses_nonsense_with_a_sentence(client_of):
    company, supplier = await trading_pair()
    [only] = await line_ids(company, await accepted_order(company, supplier))
    shipping = await client_of(supplier.shipping)
    packages = [{"sscc": "340123450000000017", "type": "PX", "weight": "1"}]
    full = body(
        despatched(only, "0.000001", batch="B", outstanding_quantity="1"),
        despatch_date="2030-05-01",
        expected_date="2030-05-02",
        carrier="C",
        tracking_number="T",
        packages=packages,
    )
    for bad in CORPUS:
        for place in places(full):
            check(await shipping.post(ADVICES, json=replaced(full, place, bad)), (place, bad))


@pytest.mark.parametrize("raw", RAW, ids=lambda raw: repr(raw[:12]))
async def test_a_body_that_is_no_despatch_advice_is_422(client_of, raw):
    _company, supplier = await trading_pair()
    shipping = await client_of(supplier.shipping)
    answer = await shipping.post(ADVICES, content=raw, headers={"content-type": "application/json"})
    check(answer, raw)
    assert answer.status_code == 422


@pytest.mark.parametrize("query", ["cursor=zzz", "sort=x", "order_id=1", "state=%00", "number=%00%25_", "limit=0"])
async def test_a_query_that_cannot_be_read_is_never_a_fault(client_of, query):
    _company, supplier = await trading_pair()
    shipping = await client_of(supplier.shipping)
    check(await shipping.get(f"{ADVICES}?{query}"), query)
    assert (await shipping.get(f"/despatch-advices?{query}")).status_code < 500
