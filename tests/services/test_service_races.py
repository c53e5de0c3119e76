"""Many acceptances at once, and in any order: no limit is passed together, and the ledger is the same."""

import asyncio
from collections import Counter
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.services import commands as services
from tests.harness.deliveries import disagreements, figures
from tests.harness.services import ENTRIES, a_limit, service_order, submitted_entry
from tests.harness.world import trading_pair


async def test_of_twenty_acceptances_of_three_on_a_line_of_ten_three_win(client_of, superuser):
    company, supplier = await trading_pair()
    order = await service_order(company, supplier)
    entries = [await submitted_entry(company, supplier, order, "3") for _ in range(20)]
    receiver = await client_of(company.receiver)

    answers = await asyncio.gather(*(receiver.post(f"{ENTRIES}/{entry.id}/accept") for entry in entries))
    assert Counter(answer.status_code for answer in answers) == {200: 3, 409: 17}
    assert await figures(company, order, "received", "accepted") == [("9", "9")]
    assert disagreements(superuser, company) == []


async def test_fifty_acceptances_of_one_entry_are_booked_once(client_of, superuser):
    company, supplier = await trading_pair()
    order = await service_order(company, supplier)
    entry = await submitted_entry(company, supplier, order, "5")
    receiver = await client_of(company.receiver)

    answers = await asyncio.gather(*(receiver.post(f"{ENTRIES}/{entry.id}/accept") for _ in range(50)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 49}
    assert await figures(company, order, "accepted") == [("5",)]
    assert disagreements(superuser, company) == []


async def test_a_buyers_tolerance_does_not_stretch_a_limit(client_of):
    company, supplier = await trading_pair(tolerances={"receive": {"percent": "50"}})
    order = await service_order(company, supplier, a_limit("100"))
    whole = await submitted_entry(company, supplier, order, "100")
    penny = await submitted_entry(company, supplier, order, "0.01")
    receiver = await client_of(company.receiver)

    assert (await receiver.post(f"{ENTRIES}/{whole.id}/accept")).status_code == 200
    refused = await receiver.post(f"{ENTRIES}/{penny.id}/accept")
    assert (refused.status_code, refused.json()["title"]) == (409, "This is more than the order allows")
    assert await figures(company, order, "accepted") == [("100",)]


PARTS = ("1", "2", "3", "4")


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order_of_acts=st.permutations(range(len(PARTS))),
    fates=st.lists(st.sampled_from(["accept", "reject", "reverse"]), min_size=len(PARTS), max_size=len(PARTS)),
)
async def test_any_order_of_partial_acts_gives_the_same_ledger(connected, superuser, order_of_acts, fates):
    company, supplier = await trading_pair()
    order = await service_order(company, supplier)
    entries = [await submitted_entry(company, supplier, order, part) for part in PARTS]

    for place in order_of_acts:
        if fates[place] == "reject":
            await services.reject(company.receiver, entries[place].id, "Not done")
            continue
        await services.accept(company.receiver, entries[place].id)
        if fates[place] == "reverse":
            await services.reverse(company.receiver, entries[place].id, "Not done")

    kept = sum((Decimal(part) for part, fate in zip(PARTS, fates, strict=True) if fate == "accept"), Decimal(0))
    assert await figures(company, order, "accepted", "received", "rejected") == [(f"{kept}", f"{kept}", "0")]
    assert disagreements(superuser, company) == []
