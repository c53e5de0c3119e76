"""A frozen figure opens to the lines that it was made of, whatever became of them; and goes by the rules of then."""

from datetime import timedelta

import psycopg
import pytest

from portal.platform.work import viewing
from portal.scorecards import commands, queries
from portal.scorecards.rules import CRITERIA
from tests.harness.deliveries_facts import noon, on, promised_order, received, score_in
from tests.harness.jobs import run_jobs
from tests.harness.pages import Reader
from tests.harness.scores import (
    LONG_AFTER,
    OCTOBER,
    USUAL,
    WANTED,
    excused,
    facts_behind,
    frozen,
    late_line,
    scored,
)
from tests.harness.settings import scored_by
from tests.harness.world import trading_pair

EARLY = {"early_days": None, "in_full_tolerance": "0", "weights": USUAL}


async def setting(company, **rules):
    await scored_by(company, EARLY | rules)
    await run_jobs("scorecards.windows")


async def figures_of_lines(company, supplier, **asked):
    """Each criterion's (count, base, achieved) as its listed lines add up."""
    found = {}
    for name in CRITERIA:
        facts = await facts_behind(company, supplier, name, at=LONG_AFTER, **asked)
        counted = [fact for fact in facts if fact.excuse is None]
        if facts:
            sums = sum(fact.base for fact in counted), sum(fact.achieved for fact in counted)
            found[name] = (len(counted), *sums)
    return found


def figures_told(score):
    return {name: (figure.count, figure.base, figure.achieved) for name, figure in score.figures.items()}


async def changed_since(company, supplier):
    """October was frozen; then a receipt of it is booked, a delay is excused, and other rules are set."""
    await scored(company, supplier, late=2)
    with on(noon(WANTED - timedelta(days=30))):
        forgotten = await promised_order(company, supplier, WANTED)
    fact = await late_line(company, supplier)
    await frozen(company)
    told = await score_in(company, supplier, OCTOBER)
    await excused(company.supplier_manager, fact)
    with on(LONG_AFTER):
        await received(company, forgotten.id, 7, 3, at=noon(WANTED))
        await setting(company, early_days=0, in_full_tolerance="50")
    return told


async def test_the_lines_of_a_frozen_month_add_up_to_what_it_says(connected):
    company, supplier = await trading_pair()
    told = await changed_since(company, supplier)

    assert await score_in(company, supplier, OCTOBER) == told
    assert await figures_of_lines(company, supplier) == figures_told(told)
    known = await figures_of_lines(company, supplier, now=True)
    assert known["quality"] != figures_told(told)["quality"]
    assert known["on_time_requested"][0] == told.figures["on_time_requested"].count - 1


async def test_each_revision_keeps_its_own_lines(connected):
    company, supplier = await trading_pair()
    told = await changed_since(company, supplier)
    with on(LONG_AFTER):
        card = await commands.restate(company.supplier_manager, supplier.id, OCTOBER, "A receipt was late.")
        restated = await score_in(company, supplier, OCTOBER)

    assert await figures_of_lines(company, supplier) == figures_told(restated)
    assert await figures_of_lines(company, supplier, revision=1) == figures_told(told)
    assert await figures_of_lines(company, supplier, now=True) == figures_told(restated)
    assert queries.told(card.figures, card.weights).figures["quality"].base == 8


async def test_a_restatement_goes_by_the_rules_of_then(connected):
    """Goods came three days before their day: then in time, by the window of now too early."""
    company, supplier = await trading_pair()
    for _number in range(5):
        with on(noon(WANTED - timedelta(days=30))):
            order = await promised_order(company, supplier, WANTED)
        await received(company, order.id, 9, at=noon(WANTED - timedelta(days=3)))
    with on(noon(WANTED - timedelta(days=2))):
        await setting(company, in_full_tolerance="10")
    await frozen(company)
    with on(noon(WANTED - timedelta(days=30))):
        forgotten = await promised_order(company, supplier, WANTED)
    with on(LONG_AFTER):
        await setting(company, early_days=0, in_full_tolerance="0")
        await received(company, forgotten.id, 9, at=noon(WANTED - timedelta(days=3)))
        card = await commands.restate(company.supplier_manager, supplier.id, OCTOBER, "A receipt was late.")
    figure = queries.told(card.figures, card.weights).figures["on_time_requested"]
    assert (figure.count, figure.achieved) == (6, 6)
    assert {"early_days": None, "in_full_tolerance": "10"}.items() <= card.rules.items()


async def test_another_window_is_worked_out_by_a_job_and_leaves_frozen_months(connected, counted):
    company, supplier = await trading_pair()
    orders = {}
    for month, day in (("2026-10", WANTED), ("2026-11", WANTED + timedelta(days=20))):
        with on(noon(WANTED - timedelta(days=30))):
            orders[month] = await promised_order(company, supplier, day)
        await received(company, orders[month].id, 10, at=noon(day - timedelta(days=3)))
    await frozen(company)
    with counted() as statements:
        await scored_by(company, EARLY | {"early_days": 0})
    assert not any("schedule_fact" in each for each in statements)
    with on(LONG_AFTER):
        await run_jobs("scorecards.windows", "scorecards.recompute")
        async with viewing(company.supplier_manager) as view:
            rows = await view.fetch(
                "select order_id, requested_in_time from schedule_fact where buyer_id = $1", company.id
            )
        november = await score_in(company, supplier, "2026-11")
    assert {row["order_id"]: row["requested_in_time"] for row in rows} == {
        orders["2026-10"].id: 10,
        orders["2026-11"].id: 0,
    }
    assert november.figures["on_time_requested"].value == 0


async def test_the_database_refuses_a_card_that_its_lines_do_not_add_up_to(connected, superuser):
    company, supplier = await trading_pair()
    await scored(company, supplier)
    await frozen(company)
    with pytest.raises(psycopg.errors.CheckViolation, match="never changes"):
        superuser.execute("update scorecard_fact set facts = '[]' where buyer_id = %s", [company.id])
    copied = "buyer_id, supplier_id, shown_to, buyer_name, supplier_name, month, figures, weights, rules, parties"
    with pytest.raises(psycopg.errors.SerializationFailure, match="sum of its lines"):
        superuser.execute(
            f"insert into scorecard ({copied}, revision, coverage, facts, reason, created_at) "
            f"select {copied}, 2, coverage, facts, 'Because', now() from scorecard where buyer_id = %s",
            [company.id],
        )


async def test_a_month_that_was_frozen_before_lines_were_kept_shows_what_is_known(connected, superuser):
    company, supplier = await trading_pair()
    await scored(company, supplier)
    await frozen(company)
    superuser.execute("set session_replication_role = replica")
    superuser.execute("delete from scorecard_fact where buyer_id = %s", [company.id])
    superuser.execute("set session_replication_role = default")
    assert await figures_of_lines(company, supplier) == figures_told(await score_in(company, supplier, OCTOBER))


async def test_a_page_leads_from_the_frozen_lines_to_those_known_now(client_of, clock):
    company, supplier = await trading_pair()
    await changed_since(company, supplier)
    await clock(LONG_AFTER)
    manager = Reader(await client_of(company.supplier_manager))
    path = f"/suppliers/{supplier.id}/scorecard/lines"
    then = await manager.open(f"{path}?criterion=quality&period={OCTOBER}")
    assert "70 pcs of 70 pcs accepted (100.00%)" in then.text
    now = await manager.open(then.links["Lines as known now"])
    assert "77 pcs of 80 pcs accepted (96.25%)" in now.text
    assert then.links["Lines as known now"] != now.links["Lines as they were frozen"]
    score = await manager.open(f"/suppliers/{supplier.id}/scorecard?period={OCTOBER}")
    card = await manager.open(next(href for href in score.links.values() if href.startswith("/scorecards/0")))
    assert any("revision=1" in href for href in card.links.values())
    assert (await manager.client.get(f"{path}?criterion=quality&period={OCTOBER}&revision=9")).status_code == 404
