"""Which lines are judged, and how lines of unlike units make one figure."""

from datetime import date, timedelta
from decimal import Decimal

from portal.orders import commands as orders
from portal.orders.events import DeliveriesPromised, Promise
from portal.orders.tables import PurchaseOrder
from portal.platform.work import changing
from tests.harness.deliveries_facts import facts_of, figure_in, kept, noon, received
from tests.harness.world import answer, issued_order, line, trading_pair

WANTED = date(2030, 5, 15)
BASES = ("requested", "first_confirmed", "last_confirmed")


def day(after: int) -> date:
    return WANTED + timedelta(days=after)


async def test_the_fill_rate_is_the_mean_of_its_lines_for_unlike_units_are_never_added(clock):
    """Of 1,000 pieces nothing came, of 1 kg all: half of the lines, not a thousandth of a sum of both."""
    company, supplier = await trading_pair()
    order = await issued_order(
        company,
        supplier,
        line(quantity="1000", requested_date=WANTED.isoformat()),
        line(quantity="1", unit="KGM", requested_date=WANTED.isoformat()),
    )
    await orders.respond(supplier.order_desk, order.id, answer("AP"))
    await received(company, order.id, 1, at=noon(WANTED), number=2)
    await clock(noon(day(1)))

    filled = await figure_in(company, supplier, WANTED, "fill_rate")
    assert filled is not None
    assert (filled.count, filled.base, filled.value) == (2, 2, Decimal("0.5"))


async def test_a_line_that_was_refused_and_is_promised_later_is_judged_like_any_other(clock):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(requested_date=WANTED.isoformat()))
    await orders.respond(supplier.order_desk, order.id, answer("RE", reason="Out of stock"))
    [fact] = await facts_of(company.buyer, order.id)
    async with changing(company.approver, PurchaseOrder, order.id) as (change, row):
        promise = Promise(fact["id"], fact["line_id"], Decimal(10), WANTED)
        change.record(DeliveriesPromised(order.id, (promise,)), row, root_id=order.id)
    await clock(noon(day(1)))

    [fact] = await facts_of(company.buyer, order.id)
    assert fact["refused_at"] is None
    assert await kept(company, supplier, WANTED, BASES) == [(0, 1)] * 3
