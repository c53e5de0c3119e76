"""From which score on a supplier is good, and how much data that takes, is the buyer's; a frozen month keeps it."""

from portal.platform.jobs import run
from tests.harness.deliveries_facts import on
from tests.harness.pages import Reader
from tests.harness.scores import AFTER, LONG_AFTER, OCTOBER, USUAL, frozen, kept, month_row, scored
from tests.harness.settings import scored_by
from tests.harness.world import trading_pair

RULES = {"early_days": None, "in_full_tolerance": "0", "weights": USUAL}


async def ruled(company, supplier, **bounds):
    """By these rules from the day after October on, as the job that follows works it out."""
    with on(AFTER):
        await scored_by(company, RULES | bounds)
        await run("scorecards.recompute", organisation_id=str(company.id), cause="tests")
    row = await month_row(company.supplier_manager, supplier)
    return row["standing"], row["missing"]


async def test_the_buyer_says_from_which_score_on_a_supplier_is_good_and_the_top_is_inclusive(connected):
    company, supplier = await trading_pair()
    await scored(company, supplier, late=1, punctual=5)
    await kept(company)
    score = (await month_row(company.supplier_manager, supplier))["score"]
    assert 80 < score < 100
    just = {"warn": "50", "good": str(score)}
    assert await ruled(company, supplier, standings=just) == ("good", None)
    above = {"warn": str(score), "good": "100"}
    assert await ruled(company, supplier, standings=above) == ("warn", None)
    assert await ruled(company, supplier, standings={"warn": "99.5", "good": "100"}) == ("poor", None)


async def test_the_buyer_says_how_many_facts_and_how_much_data_a_standing_takes(connected):
    company, supplier = await trading_pair()
    await scored(company, supplier, punctual=6)
    assert await ruled(company, supplier, least_count=7) == (None, "too_few")
    assert await ruled(company, supplier, least_count=6) == ("good", None)
    assert await ruled(company, supplier, least_coverage="100") == (None, "low_coverage")


async def test_a_frozen_month_keeps_the_bounds_of_then(connected, client_of):
    company, supplier = await trading_pair()
    await scored(company, supplier, late=1, punctual=5)
    await ruled(company, supplier, standings={"warn": "98", "good": "99"})
    assert await frozen(company) == OCTOBER
    with on(LONG_AFTER):
        await scored_by(company, RULES | {"standings": {"warn": "10", "good": "20"}})
        await run("scorecards.recompute", organisation_id=str(company.id), cause="tests")
    assert (await month_row(company.supplier_manager, supplier))["standing"] == "poor"
    reader = Reader(await client_of(company.buyer))
    shown = await reader.open(f"/suppliers/{supplier.id}/scorecard", period=str(OCTOBER))
    assert "from 98, below 99" in shown.text
    assert "A standing takes 5 facts in each of criteria that weigh 60 %, and more than one order." in shown.text
