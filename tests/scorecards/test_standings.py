"""Scores and standings are kept on the relationship: after receipts, and every night."""

from datetime import date

import msgspec

from portal.organisations.commands import approve_supplier
from portal.platform.actor import Actor
from portal.platform.jobs import JOBS, run
from portal.platform.wiring import WIRING
from portal.platform.work import viewing
from portal.scorecards.commands import recompute_standings
from tests.harness.deliveries_facts import imported_orders, noon, promised_order, received
from tests.harness.world import selling_company, trading_pair

WANTED = date(2030, 5, 15)


async def standing_of(company, supplier):
    async with viewing(company.buyer) as view:
        sql = "select standing, score, version from trading_relationship where buyer_id = $1 and supplier_id = $2"
        return next(tuple(row) for row in await view.fetch(sql, company.id, supplier.id))


async def five_orders(company, supplier, clock):
    """Five orders answered at once and delivered in full; the last of them with three rejected."""
    for number in range(5):
        order = await promised_order(company, supplier, WANTED)
        await received(company, order.id, 10 - 3 * (number == 4), 3 * (number == 4), at=noon(WANTED))
    await clock(noon(date(2030, 5, 20)))
    return order


async def test_the_nightly_job_brings_score_and_standing_and_is_safe_to_run_twice(clock):
    company, supplier = await trading_pair()
    await five_orders(company, supplier, clock)
    system = Actor.system(company.id)

    assert await recompute_standings(system) == 1
    kept = await standing_of(company, supplier)
    assert (kept[0], str(kept[1])) == ("good", "97.9")
    assert await recompute_standings(system) == 0
    assert await standing_of(company, supplier) == kept


async def test_a_receipt_asks_for_the_suppliers_score_in_its_own_transaction(clock, superuser):
    company, supplier = await trading_pair()
    order = await five_orders(company, supplier, clock)
    queued = superuser.execute(
        "select message from dramatiq.queue where message->>'actor_name' = 'scorecards.recompute' "
        "and message->'kwargs'->>'order_id' = %s order by position",
        [str(order.id)],
    ).fetchall()
    acted = [message["kwargs"]["organisation_id"] for (message,) in queued]
    assert acted == [str(supplier.id), str(company.id)]  # the supplier answered, the buyer received
    message = queued[0][0]

    await run(message["actor_name"], **message["kwargs"])
    assert (await standing_of(company, supplier))[0] == "good"


WAITING = """
select count(*) from dramatiq.queue where state = 'queued' and message->>'actor_name' = 'scorecards.recompute'
  and (message->'kwargs'->>'order_id')::uuid in (select id from purchase_order where supplier_id = %s)
"""


async def test_what_waits_for_the_same_suppliers_other_orders_is_done_at_once(clock, superuser):
    company, supplier = await trading_pair()
    other = await selling_company()
    await approve_supplier(company.supplier_manager, other.id)
    await received(company, (await promised_order(company, other, WANTED)).id, 10, 0, at=noon(WANTED))
    first = await promised_order(company, supplier, date(2030, 3, 15))
    await received(company, first.id, 10, 0, at=noon(date(2030, 3, 15)))
    last = await five_orders(company, supplier, clock)
    [(waited,)], [(others,)] = (superuser.execute(WAITING, [each.id]).fetchall() for each in (supplier, other))
    assert (waited, others) == (12, 2)

    await run("scorecards.recompute", organisation_id=str(company.id), cause="tests", order_id=str(last.id))

    assert [superuser.execute(WAITING, [each.id]).fetchone()[0] for each in (supplier, other)] == [0, 2]
    months = "select period from supplier_score where supplier_id = %s order by period"
    known = {period for (period,) in superuser.execute(months, [supplier.id])}
    assert {"2030-03", "2030-05"} <= known
    assert await recompute_standings(Actor.system(company.id), [supplier.id]) == 0


async def test_the_scheduler_knows_the_nightly_job(connected):
    assert ("scorecards.recompute", "20 2 * * *") in WIRING.periodic
    assert "scorecards.recompute" in JOBS


async def test_a_supplier_without_facts_any_more_has_no_standing(clock):
    company, supplier = await trading_pair()
    await five_orders(company, supplier, clock)
    await recompute_standings(Actor.system(company.id))
    await clock(noon(date(2032, 1, 1)))
    await recompute_standings(Actor.system(company.id))

    assert (await standing_of(company, supplier))[:2] == ("no_data", None)


async def test_no_supplier_reads_anothers_score_in_the_log(clock):
    """What was reckoned of all is the buyer's own entry; each supplier's own row stands in the entry about it."""
    company, supplier = await trading_pair()
    await five_orders(company, supplier, clock)
    await recompute_standings(Actor.system(company.id))

    sql = "select event, body::text as body from audit_entry where event like 'score%' or event like '%standing%'"
    async with viewing(supplier.auditor) as view:
        seen = {row["event"]: msgspec.json.decode(row["body"]) for row in await view.fetch(sql)}
    assert set(seen) == {"supplier.standing-changed"}
    assert [row["table"] for row in seen["supplier.standing-changed"]["rows"]] == ["trading_relationship"]
    async with viewing(company.auditor) as view:
        kept = {row["event"]: msgspec.json.decode(row["body"]) for row in await view.fetch(sql)}
    assert [row["after"]["standing"] for row in kept["supplier.standing-changed"]["rows"]] == ["good"]


async def test_all_suppliers_are_scored_in_one_reading(connected, counted):
    company, first = await trading_pair()
    second = await selling_company()
    await approve_supplier(company.supplier_manager, second.id)
    await imported_orders(company, first, [(10, 10, 1)], [(5, 0, 0)])
    await imported_orders(company, second, [(10, 10, 0)])
    with counted() as statements:
        assert await recompute_standings(Actor.system(company.id)) == 0

    assert len([sql for sql in statements if "schedule_fact" in sql]) == 1
    assert len(statements) == 10, statements
