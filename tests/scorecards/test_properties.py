"""However receipts are booked, the facts are the same; however figures are read, they are the sum of their facts."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.orders.events import OrderReleased
from portal.orders.tables import PurchaseOrder
from portal.platform.work import View, changing, viewing
from portal.scorecards import commands, queries
from portal.scorecards.forms import FactOut
from portal.scorecards.rules import CRITERIA, WEIGHTS, Figure, Period, score_of, standing_of
from tests.harness.deliveries_facts import countered, facts_of, invoiced, noon, on, received
from tests.harness.scores import AFTER, OCTOBER, excused, facts_behind
from tests.harness.world import Organised, days_after, issued_order, line, trading_pair

WANTED = date(2026, 10, 15)
ANYTHING = {"receive": {"unlimited": True}}
WITH_A_DATABASE = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
PARTS = st.lists(st.tuples(st.integers(1, 6), st.integers(-6, 12)), min_size=1, max_size=4)
CAME = st.tuples(st.integers(-8, 14), st.integers(0, 5), st.integers(0, 3)).filter(lambda came: came[1] + came[2] > 0)
RECEIPTS = st.lists(CAME, max_size=5)
IDENTITY = {"id", "order_id", "line_id", "order_number", "issued_at", "response_due_at", "responded_at"}


async def split_order(company: Organised, supplier: Organised, parts: list[tuple[int, int]]) -> PurchaseOrder:
    """Ordered 10, promised in these parts (quantity, days after the requested date)."""
    promised = [{"quantity": str(q), "promised_date": days_after(WANTED, after)} for q, after in parts]
    with on(noon(WANTED - timedelta(days=30))):
        order = await issued_order(company, supplier, line(requested_date=WANTED.isoformat()))
        await countered(company, supplier, order.id, *({"line": 1, "code": "3"} | part for part in promised))
    return order


async def plain_facts(company: Organised, order_id: UUID) -> list[dict[str, Any]]:
    facts = await facts_of(company.buyer, order_id)
    return [{name: value for name, value in fact.items() if name not in IDENTITY} for fact in facts]


async def all_facts(view: View, pair: queries.Pair, period: Period, criterion: str) -> list[FactOut]:
    """Every page of a list, two at a time."""
    asked = queries.AskedFacts(criterion)
    page = await queries.facts(view, pair, period, asked, limit=2)
    found = list(page.items)
    while page.next_cursor is not None:
        page = await queries.facts(view, pair, period, asked, cursor=page.next_cursor, limit=2)
        found += page.items
    return found


@WITH_A_DATABASE
@given(parts=PARTS, receipts=RECEIPTS, data=st.data())
async def test_any_order_of_booking_gives_the_same_facts(connected, parts, receipts, data):
    company, supplier = await trading_pair(tolerances=ANYTHING)
    facts = []
    for booked in (receipts, data.draw(st.permutations(receipts))):
        order = await split_order(company, supplier, parts)
        for after, accepted, rejected in booked:
            await received(company, order.id, accepted, rejected, at=noon(WANTED + timedelta(days=after)))
        facts.append(await plain_facts(company, order.id))

    assert facts[0] == facts[1]


@WITH_A_DATABASE
@given(parts=PARTS, receipts=RECEIPTS)
async def test_facts_are_what_somebody_with_a_pencil_would_write(connected, parts, receipts):
    """Each piece that comes is put, one after the other, on the earliest promise that is still open."""
    company, supplier = await trading_pair(tolerances=ANYTHING)
    order = await split_order(company, supplier, parts)
    for after, accepted, rejected in receipts:
        await received(company, order.id, accepted, rejected, at=noon(WANTED + timedelta(days=after)))

    pieces = sorted((after, bad) for after, good, wrong in receipts for bad in [False] * good + [True] * wrong)
    by_date = sorted(range(len(parts)), key=lambda number: (parts[number][1], number))
    places = [number for number in by_date for _piece in range(parts[number][0])]
    places += [by_date[-1]] * max(0, len(pieces) - len(places))
    for number, fact in enumerate(await facts_of(company.buyer, order.id)):
        own = [piece for place, piece in zip(places, pieces, strict=False) if place == number]
        quantity, after = parts[number]
        assert (fact["accepted"], fact["rejected"]) == (
            sum(not bad for _day, bad in own),
            sum(bad for _day, bad in own),
        )
        in_time = sum(came <= after for came, _bad in own[:quantity])
        assert fact["last_in_time"] == fact["first_in_time"] == in_time
        if number == 0:
            assert fact["requested_in_time"] == min(10, sum(came <= 0 for came, _bad in pieces))
            assert fact["filled_quantity"] == min(10, len(pieces))


@WITH_A_DATABASE
@given(parts=PARTS, receipts=RECEIPTS)
async def test_working_everything_out_again_changes_nothing(connected, parts, receipts):
    company, supplier = await trading_pair(tolerances=ANYTHING)
    order = await split_order(company, supplier, parts)
    for after, accepted, rejected in receipts:
        await received(company, order.id, accepted, rejected, at=noon(WANTED + timedelta(days=after)))
    before = await facts_of(company.buyer, order.id)
    async with changing(company.buyer, PurchaseOrder, order.id) as (change, row):
        commands.derive(change, [before[0]["line_id"]], terms=True)
        change.record(OrderReleased(order.id), row)

    assert await facts_of(company.buyer, order.id) == before


@WITH_A_DATABASE
@given(
    orders=st.lists(st.tuples(PARTS, RECEIPTS, st.integers(1, 40)), min_size=1, max_size=3),
    forgives=st.booleans(),
    freezes=st.booleans(),
)
async def test_every_figure_is_the_sum_of_the_facts_that_its_list_shows(connected, orders, forgives, freezes):
    """Also of invoices of several orders, of facts that are excused, and of frozen months beside those that are not."""
    company, supplier = await trading_pair(tolerances=ANYTHING)
    mixed = None
    for parts, receipts, price in orders:
        order = await split_order(company, supplier, parts)
        for after, accepted, rejected in receipts:
            await received(company, order.id, accepted, rejected, at=noon(WANTED + timedelta(days=after)))
        with on(AFTER):
            await invoiced(company.payable, order.id, 3, str(price), matched=price <= 12)
            mixed = await invoiced(company.payable, order.id, 1, str(price), matched=price <= 12, invoice_id=mixed)

    if forgives:
        await _one_of_each_excused(company, supplier)
    with on(AFTER):
        await _adds_up(company, supplier)
        if freezes:
            await commands.freeze(company.supplier_manager, OCTOBER)
            await _adds_up(company, supplier)


async def _one_of_each_excused(company: Organised, supplier: Organised) -> None:
    for criterion in ("on_time_requested", "quality", "price", "invoice_accuracy", "responsiveness"):
        for fact in (await facts_behind(company, supplier, criterion))[:1]:
            await excused(company.supplier_manager, fact.id, criterion)


async def _adds_up(company: Organised, supplier: Organised) -> None:
    async with viewing(company.supplier_manager) as view:
        pair = await queries.pair_of(view, supplier.id)
        for code in ("2026-10", "last-12-months", "all"):
            period = pair.period(code)
            scored = await queries.score(view, pair, period)
            for name in CRITERIA:
                facts = await all_facts(view, pair, period, name)
                figure = scored.figures.get(name, Figure(name, 0, Decimal(0), Decimal(0)))
                assert len({fact.id for fact in facts}) == len(facts) == figure.count + figure.excused.count
                _sums_up([fact for fact in facts if fact.excuse is None], figure.count, figure.base, figure.achieved)
                _sums_up([fact for fact in facts if fact.excuse is not None], *figure.excused)


def _sums_up(facts: list[FactOut], count: int, base: Decimal, achieved: Decimal) -> None:
    assert (len(facts), sum(f.base for f in facts), sum(f.achieved for f in facts)) == (count, base, achieved)


FIGURES = st.fixed_dictionaries(
    {},
    optional={
        name: st.integers(1, 50).flatmap(
            lambda base: st.integers(0, base).map(lambda done, base=base: (Decimal(base), Decimal(done)))
        )
        for name in WEIGHTS
    },
)


@given(FIGURES)
def test_a_score_is_the_weighted_mean_of_the_criteria_that_have_data(given_figures):
    figures = [Figure(name, int(base), base, done) for name, (base, done) in given_figures.items()]
    scored = score_of(figures)
    known = [figure for figure in figures if WEIGHTS[figure.criterion]]
    weight = sum(Fraction(WEIGHTS[figure.criterion]) for figure in known)
    expected = sum(
        Fraction(WEIGHTS[figure.criterion]) * Fraction(figure.achieved) / Fraction(figure.base) for figure in known
    )

    assert Fraction(scored.coverage) == weight
    assert (scored.value is None) == (weight == 0)
    if scored.value is not None:
        assert abs(Fraction(scored.value) - 100 * expected / weight) < Fraction(1, 10**9)
        assert scored.standing in (None, standing_of(scored.value))
