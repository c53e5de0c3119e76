"""Orders that came with their history are scored for what is known of it, and for nothing else."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.platform.work import viewing
from tests.harness.deliveries_facts import adopted_again, facts_of, imported_orders, noon, received, score_in
from tests.harness.totals import history_of
from tests.harness.world import trading_pair

LINES = st.lists(
    st.tuples(st.integers(1, 500), st.integers(0, 600), st.integers(0, 600)).map(
        lambda line: (line[0], line[1], min(line[1], line[2]))
    ),
    min_size=1,
    max_size=4,
)


async def totals(company, supplier):
    async with viewing(company.supplier_manager) as view:
        return await history_of(view, supplier.id)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LINES, min_size=1, max_size=4))
async def test_quality_of_history_weighs_its_lines_by_what_came_and_the_fill_rate_is_their_mean(
    connected, given_orders
):
    company, supplier = await trading_pair()
    await imported_orders(company, supplier, *given_orders)
    lines = [line for order in given_orders for line in order]
    received_, rejected = sum(line[1] for line in lines), sum(line[2] for line in lines)
    filled = sum(Decimal(min(line[0], line[1])) / line[0] for line in lines)

    found = await totals(company, supplier)
    assert found is not None
    assert (found.received, found.rejected, found.lines) == (received_, rejected, len(lines))
    assert abs(found.filled - filled) < Decimal("1e-15")
    shares = [(Fraction(line[1], line[0]), Fraction(line[1] - line[2], line[0])) for line in lines]
    came = sum(share for share, _accepted in shares)
    assert (found.quality is None) == (came == 0)
    if found.quality is not None:
        assert abs(Fraction(found.quality) - sum(accepted for _share, accepted in shares) / came) < Fraction(1, 10**15)
    scored = await score_in(company, supplier, "all")
    assert scored.figures["fill_rate"].value == found.fill_rate
    assert set(scored.figures) <= {"quality", "fill_rate"}


async def test_history_says_nothing_about_punctuality_answers_or_prices(connected):
    company, supplier = await trading_pair()
    await imported_orders(company, supplier, [(10, 0, 0), (10, 10, 1)], state="issued")
    scored = await score_in(company, supplier, date(2025, 3, 1))

    assert set(scored.figures) == {"quality", "fill_rate"}
    assert (scored.coverage, scored.standing, scored.missing) == (35, None, "low_coverage")


async def test_what_was_never_issued_gets_no_facts(connected):
    company, supplier = await trading_pair()
    [order] = await imported_orders(company, supplier, [(10, 0, 0)], state="approved")

    assert await facts_of(company.buyer, order) == []
    assert await totals(company, supplier) is None


async def test_adopting_twice_changes_nothing_and_a_later_import_of_receipts_is_followed(connected, superuser):
    company, supplier = await trading_pair()
    [order] = await imported_orders(company, supplier, [(10, 4, 1)], state="issued")
    before, sums = await facts_of(company.buyer, order), await totals(company, supplier)
    await adopted_again(company, supplier)
    assert (await facts_of(company.buyer, order), await totals(company, supplier)) == (before, sums)

    superuser.execute(
        "update purchase_order_line set received = 9, accepted = 7, rejected = 2 where order_id = %s", [order]
    )
    await adopted_again(company, supplier)
    found = await totals(company, supplier)
    assert found is not None
    assert (found.received, found.rejected, found.filled) == (9, 2, Decimal("0.9"))


async def test_goods_that_come_for_an_imported_order_add_to_its_history(connected):
    company, supplier = await trading_pair()
    [order] = await imported_orders(company, supplier, [(10, 4, 1)], state="issued")
    await received(company, order, 5, 1, at=noon(date(2026, 11, 2)))
    await adopted_again(company, supplier)

    [fact] = await facts_of(company.buyer, order)
    assert (fact["received"], fact["accepted"], fact["rejected"], fact["filled_quantity"]) == (10, 8, 2, 10)
    found = await totals(company, supplier)
    assert found is not None
    assert (found.received, found.rejected) == (10, 2)
    november = await score_in(company, supplier, date(2026, 11, 1))
    assert november.figures["quality"].base == Decimal("0.6")
