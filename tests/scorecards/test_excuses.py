"""Excuses: the buyer grants, the supplier may ask; the raw figure stays beside the excused one."""

import pytest

from portal.platform.refusals import Conflict, Denied, NotFound
from portal.scorecards import commands
from tests.harness.deliveries_facts import on, score_in
from tests.harness.jobs import run_jobs
from tests.harness.pages import Reader
from tests.harness.scores import AFTER, OCTOBER, excused, facts_behind, kept, late_line, month_row, scored
from tests.harness.world import selling_company, trading_pair

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
    [form] = [href for href in lines.links.values() if href.startswith(f"{LIST}/new")]
    page = await desk.open(form)
    wrong = await desk.send(page, LIST, code="")
    assert wrong.status == 422
    asked = await desk.send(wrong, LIST, code="force_majeure", reason="The river flooded.")
    assert "The customer decides" in asked.text

    home = await manager.open("/")
    assert f"{LIST}?state=asked" in home.links.values()
    [one] = [
        href for href in (await manager.open(f"{LIST}?state=asked")).links.values() if href.startswith(f"{LIST}/0")
    ]
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
