"""What is kept of scores is what the facts say: brought up fact by fact, or worked out again from all of them."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portal.platform.actor import Actor
from portal.platform.work import viewing
from portal.scorecards import commands, queries
from portal.scorecards.rules import CRITERIA
from tests.harness.deliveries_facts import countered, invoiced, noon, on, promised_order, received, score_in
from tests.harness.jobs import run_jobs
from tests.harness.scores import AFTER, OCTOBER, WANTED, excused, facts_behind, frozen, kept, month_row
from tests.harness.world import Organised, days_after, issued_order, line, trading_pair
from tests.scorecards.test_properties import WITH_A_DATABASE

ORDERS = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(0, 10), st.integers(0, 4), st.integers(-3, 5), st.sampled_from([11, 12, 20])
    ),
    min_size=1,
    max_size=5,
)


async def everything_kept(company: Organised) -> list[dict[str, Any]]:
    async with viewing(company.supplier_manager) as view:
        rows = await view.fetch("select * from supplier_score where buyer_id = $1 order by period", company.id)
    return [{name: value for name, value in row.items() if name not in ("id", "computed_at")} for row in rows]


async def acted_upon(company: Organised, supplier: Organised, orders: list[Any]) -> None:
    """Each order is promised, received and invoiced; the kept scores follow by the jobs of each step, and by nothing
    else: none of them works all months out."""
    mixed = None
    for months, accepted, rejected, late, price in orders:
        wanted = WANTED - timedelta(days=30 * months)
        with on(noon(wanted - timedelta(days=20))):
            order = await promised_order(company, supplier, wanted)
        if accepted + rejected:
            await received(company, order.id, accepted, rejected, at=noon(wanted + timedelta(days=late)))
        with on(AFTER):
            await run_jobs("scorecards.recompute")
            await invoiced(company.payable, order.id, 3, str(price), matched=price <= 12)
            mixed = await invoiced(company.payable, order.id, 1, str(price), matched=price <= 12, invoice_id=mixed)
            await run_jobs("scorecards.recompute")


@WITH_A_DATABASE
@given(orders=ORDERS, forgives=st.booleans())
async def test_recomputing_from_the_facts_gives_what_was_kept_fact_by_fact(connected, superuser, orders, forgives):
    company, supplier = await trading_pair(tolerances={"receive": {"unlimited": True}})
    await acted_upon(company, supplier, orders)
    failed = [f.id for f in await facts_behind(company, supplier, "on_time_requested") if f.achieved < f.base]
    if forgives and failed:
        await excused(company.supplier_manager, failed[0])
        with on(AFTER):
            await run_jobs("scorecards.recompute")
    before = await everything_kept(company)
    assert before

    superuser.execute("delete from supplier_score where buyer_id = %s", [company.id])
    await kept(company)
    assert await everything_kept(company) == before
    await kept(company)
    assert await everything_kept(company) == before


@WITH_A_DATABASE
@given(orders=ORDERS, freezes=st.booleans())
async def test_what_is_kept_of_a_month_is_the_sum_of_its_facts(connected, orders, freezes):
    company, supplier = await trading_pair(tolerances={"receive": {"unlimited": True}})
    await acted_upon(company, supplier, orders)
    if freezes:
        await frozen(company)
        await kept(company)
    row = await month_row(company.supplier_manager, supplier)
    shown = queries.told(row["figures"], row["weights"]) if row else None
    for name in CRITERIA:
        facts = await facts_behind(company, supplier, name)
        figure = shown.figures.get(name) if shown else None
        assert (sum(f.achieved for f in facts), sum(f.base for f in facts)) == (
            (figure.achieved, figure.base) if figure else (0, 0)
        )


@WITH_A_DATABASE
@given(orders=ORDERS)
async def test_what_is_kept_over_frozen_and_open_months_is_what_is_shown(connected, orders):
    company, supplier = await trading_pair(tolerances={"receive": {"unlimited": True}})
    await acted_upon(company, supplier, orders)
    with on(AFTER):
        await commands.freeze(company.supplier_manager, OCTOBER.plus(-1))
    await kept(company)
    with on(AFTER):
        for period in (str(OCTOBER.plus(-2)), str(OCTOBER), "last-12-months"):
            shown = (await score_in(company, supplier, period)).figures
            row = await month_row(company.supplier_manager, supplier, period)
            told = queries.told(row["figures"], row["weights"]).figures if row else {}
            if period == "last-12-months":
                shown = {name: figure._replace(median_hours=None) for name, figure in shown.items()}
            assert told == shown, period


async def test_a_month_whose_facts_are_gone_says_that_there_are_none(connected, superuser):
    company, supplier = await trading_pair()
    with on(noon(WANTED - timedelta(days=20))):
        order = await promised_order(company, supplier, WANTED)
    await kept(company)
    assert (await month_row(company.supplier_manager, supplier))["score"] == 0
    superuser.execute("set session_replication_role = replica")
    superuser.execute("update schedule_fact set refused_at = issued_at where order_id = %s", [order.id])
    superuser.execute("set session_replication_role = default")
    await kept(company)
    row = await month_row(company.supplier_manager, supplier, str(OCTOBER))
    assert (row["score"], row["figures"], row["missing"]) == (None, [], "no_data")


async def test_a_receipt_works_out_the_months_of_its_order_and_no_others(connected):
    """A supplier of years, and no month frozen: what is long over is not summed again for each pallet."""
    company, supplier = await trading_pair()
    for months in (0, 5):
        with on(noon(WANTED - timedelta(days=30 * months + 20))):
            order = await promised_order(company, supplier, WANTED - timedelta(days=30 * months))
    await kept(company)
    await received(company, order.id, 10, at=noon(WANTED - timedelta(days=150)))
    async with viewing(company.supplier_manager) as view:
        span = await queries.span_of_orders(view, [order.id])
    assert span is not None
    assert span.until <= OCTOBER.plus(-3).first
    before = await month_row(company.supplier_manager, supplier)
    with on(AFTER):
        assert await commands.recompute_order(Actor.system(supplier.id), order.id) == 1
        followed = await everything_kept(company)
        await commands.recompute_standings(Actor.system(company.id))
    assert await month_row(company.supplier_manager, supplier) == before
    assert await everything_kept(company) == followed


async def test_a_promise_that_moves_to_another_month_leaves_the_one_before(connected):
    company, supplier = await trading_pair()
    with on(noon(WANTED - timedelta(days=20))):
        order = await issued_order(company, supplier, line(requested_date=WANTED.isoformat()))
        later = {"line": 1, "code": "3", "promised_date": days_after(WANTED, 30)}
        await countered(company, supplier, order.id, later)
    with on(noon(WANTED + timedelta(days=60))):
        await run_jobs("scorecards.recompute")
        followed = await everything_kept(company)
        await commands.recompute_standings(Actor.system(company.id))
    assert await everything_kept(company) == followed
    assert {row["period"] for row in followed} >= {"2026-10", "2026-11"}
