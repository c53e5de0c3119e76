"""A month that is frozen says what it said; what comes later is a restatement, and both stay to be read."""

from datetime import date, timedelta

import psycopg
import pytest

from portal.organisations.commands import approve_supplier
from portal.platform.actor import Actor
from portal.platform.calendar import Month
from portal.platform.jobs import JOBS, run
from portal.platform.refusals import Conflict, Denied, Invalid
from portal.platform.wiring import WIRING
from portal.platform.work import viewing
from portal.scorecards import commands, queries
from tests.harness.deliveries_facts import imported_orders, noon, on, promised_order, received, score_in
from tests.harness.jobs import run_jobs
from tests.harness.scores import AFTER, LONG_AFTER, OCTOBER, WANTED, excused, frozen, kept, late_line, month_row, scored
from tests.harness.world import selling_company, trading_pair


async def cards(company, supplier):
    async with viewing(company.supplier_manager) as view:
        return await queries.cards_of(view, await queries.pair_of(view, supplier.id), OCTOBER)


async def test_the_scheduler_freezes_a_month_some_days_after_its_end(connected):
    company, supplier = await trading_pair()
    await scored(company, supplier, late=1)
    assert ("scorecards.freeze", "40 2 * * *") in WIRING.periodic
    assert "scorecards.freeze" in JOBS
    with on(noon(date(2026, 11, 9))):
        await run("scorecards.freeze", organisation_id=str(company.id))
    await kept(company, at=noon(date(2026, 11, 9)))
    assert (await month_row(company.supplier_manager, supplier))["revision"] == 0

    with on(noon(date(2026, 11, 11))):
        await run("scorecards.freeze", organisation_id=str(company.id))
    row = await month_row(company.supplier_manager, supplier)
    [card] = await cards(company, supplier)
    assert (row["revision"], row["figures"], row["score"]) == (1, card.figures, card.score)
    assert (card.revision, card.reason, card.supplier_name) == (1, "", supplier.name)
    assert await frozen(company) is None


async def test_a_later_fact_changes_a_frozen_month_only_as_a_restatement(connected):
    company, supplier = await trading_pair()
    await scored(company, supplier)
    assert await frozen(company) == OCTOBER
    before = (await score_in(company, supplier, OCTOBER)).value
    with on(noon(WANTED - timedelta(days=30))):
        forgotten = await promised_order(company, supplier, WANTED)
    with on(LONG_AFTER):
        await received(company, forgotten.id, 2, 8, at=noon(WANTED))
        assert (await score_in(company, supplier, OCTOBER)).value == before
        await kept(company, at=LONG_AFTER)
        assert (await month_row(company.supplier_manager, supplier))["revision"] == 1

        card = await commands.restate(company.supplier_manager, supplier.id, OCTOBER, "Booked a month late.")
        now = await score_in(company, supplier, OCTOBER)
    assert now.value is not None
    assert before is not None
    assert now.value < before
    assert [(each.revision, each.reason) for each in await cards(company, supplier)] == [
        (2, "Booked a month late."),
        (1, ""),
    ]
    assert card.revision == 2
    assert (await month_row(company.supplier_manager, supplier))["figures"] == card.figures


async def test_what_comes_to_the_same_is_not_restated_and_a_reason_is_asked_for(connected):
    company, supplier = await trading_pair()
    await scored(company, supplier)
    with on(LONG_AFTER):
        with pytest.raises(Conflict, match="not frozen"):
            await commands.restate(company.supplier_manager, supplier.id, OCTOBER, "Why not")
        await frozen(company)
        with pytest.raises(Conflict, match="comes to the same"):
            await commands.restate(company.supplier_manager, supplier.id, OCTOBER, "Why not")
        with pytest.raises(Invalid):
            await commands.restate(company.supplier_manager, supplier.id, OCTOBER, " ")
        with pytest.raises(Denied):
            await commands.restate(company.buyer, supplier.id, OCTOBER, "Why not")


async def test_a_supplier_of_which_nothing_was_known_has_no_frozen_month_until_the_next_one_is_frozen(connected):
    company, supplier = await trading_pair()
    assert await frozen(company) is None
    other = await selling_company()
    await approve_supplier(company.supplier_manager, other.id)
    await scored(company, other)
    await frozen(company)
    await scored(company, supplier)
    with on(LONG_AFTER):
        assert (await score_in(company, supplier, OCTOBER)).standing == "good"
        with pytest.raises(Conflict, match="not frozen"):
            await commands.restate(company.supplier_manager, supplier.id, OCTOBER, "All was booked late.")
        await commands.recompute_standings(Actor.system(company.id), [supplier.id])
        await kept(company, at=LONG_AFTER)
        assert (await month_row(company.supplier_manager, supplier))["standing"] == "good"
    assert await cards(company, supplier) == []

    with on(noon(date(2026, 12, 12))):
        assert await commands.freeze_due(Actor.system(company.id)) == Month(2026, 11)
    [card] = await cards(company, supplier)
    assert (card.revision, card.reason, card.standing) == (1, "", "good")
    [told] = await cards(company, other)
    assert told.revision == 1


async def test_history_that_is_imported_after_months_were_frozen_is_scored(connected):
    """Nobody froze a month of suppliers that were not there."""
    company, other = await trading_pair()
    await scored(company, other)
    await frozen(company)
    supplier = await selling_company()
    await approve_supplier(company.supplier_manager, supplier.id)
    await imported_orders(company, supplier, [(10, 10, 1), (20, 15, 0)])
    await run_jobs("scorecards.recompute")

    scored_now = await score_in(company, supplier, "2025-03")
    row = await month_row(company.supplier_manager, supplier, "2025-03")
    assert set(scored_now.figures) == {"quality", "fill_rate"}
    assert (row["revision"], row["figures"]) == (0, queries.kept_figures(scored_now))


async def test_a_frozen_scorecard_keeps_its_hash_and_no_row_of_it_ever_changes(connected, superuser):
    company, supplier = await trading_pair()
    await scored(company, supplier, late=1)
    await frozen(company)
    [card] = await cards(company, supplier)
    digest = superuser.execute(
        "select digest, portal.digest_of(c) from scorecard c where id = %s", [card.id]
    ).fetchone()
    assert digest == (card.digest, card.digest)
    for sql in ("update scorecard set score = 100 where id = %s", "delete from scorecard where id = %s"):
        with pytest.raises(psycopg.errors.CheckViolation, match="never changes"):
            superuser.execute(sql, [card.id])
    for sql in (
        "update supplier_score set score = 100 where supplier_id = %s and period = '2026-10'",
        "update supplier_score set revision = 0 where supplier_id = %s and period = '2026-10'",
    ):
        with pytest.raises(psycopg.errors.CheckViolation, match="restatement"):
            superuser.execute(sql, [supplier.id])
    with pytest.raises(psycopg.errors.CheckViolation, match="stays frozen"):
        superuser.execute("update organisation set scores_frozen_until = null where id = %s", [company.id])


async def test_a_manager_freezes_without_waiting_but_never_a_month_that_still_runs(connected):
    company, supplier = await trading_pair()
    await scored(company, supplier)
    with on(AFTER):
        with pytest.raises(Conflict, match="not ended"):
            await commands.freeze(company.supplier_manager, Month(2026, 11))
        with pytest.raises(Denied):
            await commands.freeze(company.buyer, OCTOBER)
        assert await commands.freeze(company.supplier_manager, OCTOBER) == OCTOBER
        with pytest.raises(Conflict, match="frozen already"):
            await commands.freeze(company.supplier_manager, OCTOBER)


async def test_other_weights_and_later_excuses_leave_a_frozen_month_as_it_was(connected):
    company, supplier = await trading_pair()
    await scored(company, supplier, late=2)
    fact = await late_line(company, supplier)
    await frozen(company)
    before = await score_in(company, supplier, OCTOBER)
    await excused(company.supplier_manager, fact)
    with on(LONG_AFTER):
        await kept(company, at=LONG_AFTER)
        assert (await score_in(company, supplier, OCTOBER)) == before
        await commands.restate(company.supplier_manager, supplier.id, OCTOBER, "One delay was ours.")
        after = await score_in(company, supplier, OCTOBER)
    assert (before.excused, after.excused, after.raw.value) == (0, 4, before.value)


async def test_twelve_months_are_the_sum_of_what_their_months_say(connected):
    """Frozen months by their scorecards, open ones by their facts."""
    company, supplier = await trading_pair()
    await scored(company, supplier, late=1)
    await frozen(company)
    with on(noon(WANTED - timedelta(days=30))):
        forgotten = await promised_order(company, supplier, WANTED)
    with on(LONG_AFTER):
        await received(company, forgotten.id, 0, 10, at=noon(WANTED))
        await kept(company, at=LONG_AFTER)
        lately = await score_in(company, supplier, "last-12-months")
    row = await month_row(company.supplier_manager, supplier, "last-12-months")
    assert lately.figures["quality"].base == 6
    assert row["figures"] == [dict(each) | {"median_hours": None} for each in queries.kept_figures(lately)]


async def test_the_median_of_answers_is_none_where_some_of_them_are_frozen(connected):
    """It cannot be made of the medians of months, and what is known of frozen ones is what they said."""
    company, supplier = await trading_pair()
    for day in (WANTED, WANTED + timedelta(days=30)):
        with on(noon(day - timedelta(days=30))):
            await promised_order(company, supplier, day)
    with on(LONG_AFTER):
        assert (await score_in(company, supplier, "all")).figures["responsiveness"].median_hours == 0
        await commands.freeze(company.supplier_manager, Month(2026, 9))
        both = (await score_in(company, supplier, "all")).figures["responsiveness"]
        frozen_one = (await score_in(company, supplier, Month(2026, 9))).figures["responsiveness"]
        open_one = (await score_in(company, supplier, Month(2026, 10))).figures["responsiveness"]
    assert (both.count, both.median_hours) == (2, None)
    assert (frozen_one.median_hours, open_one.median_hours) == (0, 0)
