"""Quality weighs order lines by what of them came: unlike units are never added, and splitting helps nobody."""

from datetime import date, timedelta
from decimal import Decimal

from portal.orders import commands as orders
from portal.platform.work import viewing
from portal.scorecards import queries
from tests.harness.deliveries_facts import noon, promised_order, received, score_in
from tests.harness.world import answer, issued_order, line, trading_pair

WANTED = date(2030, 5, 15)
SCREWS = line(description="Screws", quantity="10000", unit_price="0.01", requested_date=WANTED.isoformat())
RESIN = line(description="Resin", quantity="3", unit="KGM", unit_price="9000", requested_date=WANTED.isoformat())


async def quality(company, supplier):
    return (await score_in(company, supplier, WANTED)).figures["quality"]


async def test_many_good_pieces_do_not_drown_the_kilograms_that_were_all_rejected(clock, client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, SCREWS, RESIN)
    await orders.respond(supplier.order_desk, order.id, answer("AP"))
    await received(company, order.id, 10_000, at=noon(WANTED))
    await received(company, order.id, 0, 3, at=noon(WANTED), number=2)
    await clock(noon(WANTED + timedelta(days=1)))

    figure = await quality(company, supplier)
    assert (figure.count, figure.base, figure.achieved) == (2, 2, 1)
    async with viewing(company.supplier_manager) as view:
        pair = await queries.pair_of(view, supplier.id)
        asked = queries.AskedFacts("quality")
        units = await queries.by_unit(view, pair, pair.period("2030-05"), asked)
    assert [(each.unit, each.expected, each.actual) for each in units] == [("C62", 10_000, 10_000), ("KGM", 3, 0)]
    page = await (await client_of(company.supplier_manager)).get(
        f"/suppliers/{supplier.id}/scorecard/lines?criterion=quality&period=2030-05"
    )
    assert "50.0%" in page.text
    assert "0.00%" in page.text


async def test_a_supplier_cannot_improve_its_quality_by_delivering_in_small_parts(clock):
    company, supplier = await trading_pair()
    for parts in ((1, 1, 1, 1), (4,)):
        order = await promised_order(company, supplier, WANTED)
        for part in parts:
            await received(company, order.id, part, at=noon(WANTED))
        await received(company, order.id, 0, 6, at=noon(WANTED))
    await clock(noon(WANTED + timedelta(days=1)))

    figure = await quality(company, supplier)
    assert (figure.count, figure.base, figure.achieved) == (7, 2, Decimal("0.8"))
