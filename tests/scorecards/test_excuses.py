"""Excuses: the buyer grants, the supplier may ask; the raw figure stays beside the excused one."""

from datetime import timedelta

import msgspec
import pytest

from portal.platform.actor import Scope
from portal.platform.refusals import Conflict, Denied, NotFound
from portal.platform.work import viewing
from portal.scorecards import commands, queries
from tests.harness.deliveries_facts import noon, on, score_in
from tests.harness.jobs import run_jobs
from tests.harness.pages import Reader
from tests.harness.scores import AFTER, OCTOBER, WANTED, excused, facts_behind, kept, late_line, month_row, scored
from tests.harness.world import accepted_order, line, selling_company, trading_pair

LIST = "/scorecards/excuses"


async def test_an_excused_line_counts_in_the_raw_figure_alone(connected):
    company, supplier = await trading_pair()
    await scored(company, supplier, late=1)
    before = await score_in(company, supplier, OCTOBER)
    made = await excused(company.supplier_manager, await late_line(company, supplier))

    with on(AFTER):
        after = await score_in(company, supplier, OCTOBER)
        await run_jobs("scorecards.recompute")
    assert (made.state, made.asked_by) == ("granted", None)
    for name in ("on_time_requested", "on_time_first_confirmed", "on_time_last_confirmed", "fill_rate"):
        assert after.figures[name].raw == before.figures[name]
        assert after.figures[name].excused.count == 1
    assert after.figures["on_time_requested"].value == 1
    assert after.raw.value == before.value
    assert after.figures["quality"] == before.figures["quality"]
    row = await month_row(company.supplier_manager, supplier)
    assert (row["score"], str(row["raw_score"])) == (100, "91.7")
    assert [fact.excuse for fact in await facts_behind(company, supplier, "on_time_requested")].count(
        "buyer_change"
    ) == 1


async def test_a_supplier_asks_and_the_customer_decides(connected):
    company, supplier = await trading_pair()
    await scored(company, supplier, late=2)
    first, second = [f.id for f in await facts_behind(company, supplier, "on_time_requested") if f.achieved < f.base]
    asked = await excused(supplier.order_desk, first, code="carrier")
    other = await excused(supplier.order_desk, second, code="carrier")
    assert (asked.state, (await score_in(company, supplier, OCTOBER)).excused) == ("asked", 0)
    with pytest.raises(Conflict):
        await excused(company.supplier_manager, first)
    with pytest.raises(NotFound):  # the database lets nobody but the buyer lock it
        await commands.grant(supplier.order_desk, asked.id)
    with pytest.raises(Denied):
        await excused(company.buyer, first)

    await commands.grant(company.supplier_manager, asked.id)
    refused = await commands.refuse(company.supplier_manager, other.id, "The carrier was yours.")
    with on(AFTER):
        scored_now = await score_in(company, supplier, OCTOBER)
    assert scored_now.figures["on_time_requested"].excused.count == 1
    assert (refused.state, refused.decision_reason) == ("refused", "The carrier was yours.")

    await commands.withdraw(company.supplier_manager, asked.id, "It was not.")
    with on(AFTER):
        assert (await score_in(company, supplier, OCTOBER)).excused == 0
    again = await excused(company.supplier_manager, first)
    assert again.state == "granted"


@pytest.mark.parametrize("criterion", ["quality", "responsiveness", "price", "invoice_accuracy"])
async def test_what_is_no_fact_of_ones_own_cannot_be_excused(connected, criterion):
    company, supplier = await trading_pair()
    await scored(company, supplier, late=1)
    fact, rival = await late_line(company, supplier), await selling_company()
    for actor in (rival.order_desk, (await trading_pair())[0].supplier_manager):
        with pytest.raises(NotFound):
            await excused(actor, fact)
    if criterion != "responsiveness":
        with pytest.raises(NotFound):
            await excused(company.supplier_manager, fact, criterion)


async def test_excuses_are_asked_for_and_decided_on_pages(client_of):
    company, supplier = await trading_pair()
    await scored(company, supplier, late=1)
    desk, manager = Reader(await client_of(supplier.order_desk)), Reader(await client_of(company.supplier_manager))
    lines = await desk.open(
        f"/suppliers/{supplier.id}/scorecard/lines?criterion=on_time_requested&period={OCTOBER}&buyer_id={company.id}"
    )
    [form] = {href for href in lines.links.values() if href.startswith(f"{LIST}/new")}
    page = await desk.open(form)
    wrong = await desk.send(page, LIST, code="")
    assert wrong.status == 422
    asked = await desk.send(wrong, LIST, code="force_majeure", reason="The river flooded.")
    assert "The customer decides" in asked.text

    home = await manager.open("/")
    assert f"{LIST}?state=asked" in home.links.values()
    [one] = {
        href for href in (await manager.open(f"{LIST}?state=asked")).links.values() if href.startswith(f"{LIST}/0")
    }
    shown = await manager.open(one)
    assert "The river flooded." in shown.text
    assert "is excused." in (await manager.send(shown, f"{one}/grant")).text
    await kept(company)
    card = await manager.open(f"/suppliers/{supplier.id}/scorecard?period={OCTOBER}")
    assert "with the 1 excused" in card.text


async def test_a_stranger_sees_no_excuse(client_of):
    company, supplier = await trading_pair()
    await scored(company, supplier, late=1)
    made = await excused(company.supplier_manager, await late_line(company, supplier))
    rival = await selling_company()
    for actor in (rival.order_desk, (await trading_pair())[0].supplier_manager):
        client = await client_of(actor)
        assert (await client.get(f"/api/v1/score-excuses/{made.id}")).status_code == 404
        assert (await client.get("/api/v1/score-excuses")).json()["items"] == []
        assert (await client.get(f"{LIST}/{made.id}")).status_code == 404


async def test_who_looks_after_a_part_reads_the_lines_and_excuses_of_that_part(connected):
    """Figures are the whole company's; the orders behind them are their readers' own."""
    company, supplier = await trading_pair()
    for centre in ("CC-1", "CC-2"):
        with on(noon(WANTED - timedelta(days=30))):
            asked = line(requested_date=WANTED.isoformat())
            await accepted_order(company, supplier, asked, cost_centre=centre)
    for fact in [each.id for each in await facts_behind(company, supplier, "on_time_requested")]:
        await excused(supplier.order_desk, fact)
    for centres, seen in (((), 2), (("CC-1",), 1), (("CC-3",), 0)):
        narrow = msgspec.structs.replace(company.supplier_manager, scope=Scope(cost_centres=centres))
        with on(AFTER):
            async with viewing(narrow) as view:
                pair = await queries.pair_of(view, supplier.id)
                asked = queries.AskedFacts("on_time_requested")
                facts = (await queries.facts(view, pair, pair.period(str(OCTOBER)), asked)).items
                shown, waiting = await queries.excuses(view), await queries.excuses_waiting(view)
                figure = (await queries.score(view, pair, pair.period(str(OCTOBER)))).figures["on_time_requested"]
        assert (len(facts), len(shown.rows), waiting[0], figure.count) == (seen, seen, seen, 2), centres


async def test_who_buys_and_sells_finds_what_it_asked_for_as_a_supplier(client_of, superuser):
    company, supplier = await trading_pair()
    superuser.execute("update organisation set kind = 'both' where id = %s", [supplier.id])
    await scored(company, supplier, late=1)
    await excused(supplier.order_desk, await late_line(company, supplier))
    desk = await client_of(supplier.order_desk)
    found = await desk.get("/api/v1/score-excuses", params={"supplier_id": str(supplier.id)})
    assert len(found.json()["items"]) == 1
    assert (await desk.get("/api/v1/score-excuses")).json()["items"] == []
