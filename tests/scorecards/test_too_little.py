"""A month of which next to nothing is known is drawn as no score, on pages, in charts and on paper."""

from datetime import date

from portal.platform.work import viewing
from portal.scorecards import queries
from portal.scorecards.pages.charts import Chart
from tests.harness.pages import Reader
from tests.harness.scores import AFTER, LONG_AFTER, OCTOBER, excepted, frozen, kept, scored
from tests.harness.world import trading_pair


async def test_a_month_of_one_fact_is_no_green_hundred_in_chart_ring_and_table(client_of, clock):
    company, supplier = await trading_pair()
    await scored(company, supplier, punctual=1)
    await clock(AFTER)
    manager = Reader(await client_of(company.supplier_manager))
    shown = await manager.open(f"/suppliers/{supplier.id}/scorecard?period={OCTOBER}")

    assert "100.0, from too little data" in shown.text
    assert "<title>Oct 2026: too little data</title>" in shown.html
    assert 'class="score-arc"' not in shown.html
    assert "tone-success" not in shown.html.split('id="months"')[1]


async def test_a_comparison_and_a_frozen_scorecard_leave_it_out_too(client_of, clock):
    company, supplier = await trading_pair()
    await scored(company, supplier, punctual=1)
    await frozen(company)
    await clock(LONG_AFTER)
    await kept(company, at=LONG_AFTER)
    async with viewing(company.supplier_manager) as view:
        [card] = await queries.cards_of(view, await queries.pair_of(view, supplier.id), OCTOBER)
        said = await queries.snapshot_of_scorecard(view, card.id)
        found = await queries.compared(view, [supplier.id], OCTOBER, 12)
        beside = queries.Beside(
            supplier.id, "A", found[supplier.id][str(OCTOBER)], [(OCTOBER, found[supplier.id][str(OCTOBER)])]
        )
    assert (said["months"][-1]["score"], said["months"][-1]["standing"]) == (100, None)
    assert queries.compared_out(beside).months == {str(OCTOBER): None}
    [line] = Chart.of([beside]).series
    assert (line.scores, line.dots, line.thin) == ([None], "", {0})


async def test_an_exception_stands_on_the_score_page_of_the_buyer_alone(client_of, clock):
    company, supplier = await trading_pair()
    await clock(AFTER)
    await excepted(company, supplier, date(2026, 12, 24))
    path = f"/suppliers/{supplier.id}/scorecard"

    assert "Exception until 24 Dec 2026" in (await (await client_of(company.supplier_manager)).get(path)).text
    assert "Exception" not in (await (await client_of(supplier.order_desk)).get(path)).text
