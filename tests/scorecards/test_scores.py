"""What a supplier's figures say, and what they refuse to say."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from portal.orders import commands as orders
from tests.harness.deliveries_facts import (
    countered,
    facts_of,
    figure_in,
    kept,
    noon,
    promised_order,
    received,
    score_in,
)
from tests.harness.world import answer, days_after, issued_order, line, trading_pair

WANTED = date(2030, 5, 15)
BASES = ("requested", "first_confirmed", "last_confirmed")


def day(after: int) -> date:
    return WANTED + timedelta(days=after)


async def test_a_supplier_cannot_improve_its_rate_by_moving_its_own_date(clock):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line())
    await countered(company, supplier, order.id, {"line": 1, "code": "3", "promised_date": days_after(WANTED, 10)})
    await received(company, order.id, 10, at=noon(day(9)))
    await clock(noon(day(12)))

    assert await kept(company, supplier, WANTED, BASES) == [(0, 1), (1, 1), (1, 1)]


async def test_a_promise_is_judged_when_it_expires_and_not_before(clock):
    company, supplier = await trading_pair()
    order = await promised_order(company, supplier, WANTED)
    await received(company, order.id, 10, at=noon(day(-1)))

    await clock(noon(day(0)))
    assert await kept(company, supplier, WANTED) == [None]
    await clock(noon(day(1)))
    assert await kept(company, supplier, WANTED) == [(1, 1)]


async def test_a_charge_is_never_late_nor_missing_for_it_is_no_delivery(clock):
    company, supplier = await trading_pair()
    freight = line(description="Freight", kind="charge", quantity="1")
    order = await issued_order(company, supplier, freight, line(requested_date=WANTED.isoformat()))
    await orders.respond(supplier.order_desk, order.id, answer("AP"))
    await received(company, order.id, 10, at=noon(day(0)), number=2)
    await clock(noon(day(30)))

    assert await kept(company, supplier, WANTED, BASES) == [(1, 1)] * 3
    filled = await figure_in(company, supplier, WANTED, "fill_rate")
    assert filled is not None
    assert (filled.count, filled.value) == (1, 1)


async def test_split_deliveries_that_are_all_on_time_are_on_time(clock):
    company, supplier = await trading_pair()
    order = await promised_order(company, supplier, WANTED)
    for after, quantity in ((-4, 3), (-2, 3), (0, 4)):
        await received(company, order.id, quantity, at=noon(day(after)))
    await clock(noon(day(1)))

    assert await kept(company, supplier, WANTED, BASES) == [(1, 1), (1, 1), (1, 1)]


async def test_splitting_the_promise_does_not_split_the_request(clock):
    """Nine small parts on time and a large one late would otherwise look like nine lines of ten."""
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line())
    parts = [{"line": 1, "code": "3", "quantity": "1", "promised_date": WANTED.isoformat()} for _ in range(4)]
    late = {"line": 1, "code": "3", "quantity": "6", "promised_date": days_after(WANTED, 10)}
    await countered(company, supplier, order.id, *parts, late)
    await received(company, order.id, 4, at=noon(WANTED))
    await received(company, order.id, 6, at=noon(day(10)))
    await clock(noon(day(11)))

    assert await kept(company, supplier, WANTED, BASES) == [(0, 1), (5, 5), (5, 5)]


async def test_one_piece_short_is_not_in_full_and_what_comes_later_does_not_mend_it(clock):
    company, supplier = await trading_pair()
    order = await promised_order(company, supplier, WANTED)
    await received(company, order.id, 9, at=noon(WANTED))
    await received(company, order.id, 1, at=noon(day(1)))
    await clock(noon(day(2)))

    assert await kept(company, supplier, WANTED) == [(0, 1)]
    filled = await figure_in(company, supplier, WANTED, "fill_rate")
    assert filled is not None
    assert filled.value == 1


async def test_a_line_never_delivered_is_late_from_the_day_after_it_was_due(clock):
    company, supplier = await trading_pair()
    await promised_order(company, supplier, WANTED)

    await clock(noon(day(1)))
    assert await kept(company, supplier, WANTED, BASES) == [(0, 1), (0, 1), (0, 1)]
    filled = await figure_in(company, supplier, WANTED, "fill_rate")
    assert filled is not None
    assert filled.value == 0


async def test_a_day_ends_at_midnight_of_the_buyers_site(clock):
    """The site is in Berlin (UTC+2 in May): 22:30 UTC on the 15th is the 16th there."""
    company, supplier = await trading_pair()
    punctual = await promised_order(company, supplier, WANTED)
    late = await promised_order(company, supplier, WANTED)
    await received(company, punctual.id, 10, at=datetime(2030, 5, 15, 21, 59, tzinfo=UTC))
    await received(company, late.id, 10, at=datetime(2030, 5, 15, 22, 0, tzinfo=UTC))

    await clock(datetime(2030, 5, 15, 21, 59, tzinfo=UTC))
    assert await kept(company, supplier, WANTED) == [None]
    await clock(datetime(2030, 5, 15, 22, 0, tzinfo=UTC))
    assert await kept(company, supplier, WANTED) == [(1, 2)]


async def test_an_order_cancelled_before_its_date_was_nobodys_delay(clock):
    company, supplier = await trading_pair()
    order = await promised_order(company, supplier, WANTED)
    await clock(noon(WANTED))
    await orders.cancel(company.buyer, order.id)
    await clock(noon(day(5)))

    assert await kept(company, supplier, WANTED, BASES) == [None, None, None]


async def test_an_order_cancelled_after_its_missed_date_counts_as_missed(clock):
    company, supplier = await trading_pair()
    order = await promised_order(company, supplier, WANTED)
    await clock(noon(day(3)))
    await orders.cancel(company.buyer, order.id, "We bought it elsewhere, since nothing came")

    assert await kept(company, supplier, WANTED, BASES) == [(0, 1), (0, 1), (0, 1)]


async def test_an_order_that_its_buyer_stopped_and_cancelled_does_not_count(clock):
    company, supplier = await trading_pair()
    order = await promised_order(company, supplier, WANTED)
    await orders.hold(company.buyer, order.id, "The building is not finished")
    await clock(noon(day(3)))
    await orders.cancel(company.buyer, order.id)

    assert await kept(company, supplier, WANTED, BASES) == [None, None, None]


async def test_an_order_closed_early_is_judged_only_if_it_had_come_in_full(clock):
    company, supplier = await trading_pair()
    full = await promised_order(company, supplier, WANTED)
    part = await promised_order(company, supplier, WANTED)
    await received(company, full.id, 10, at=noon(day(-9)))
    await received(company, part.id, 4, at=noon(day(-9)))
    await clock(noon(day(-5)))
    for order in (full, part):
        await orders.close(company.buyer, order.id)
    await clock(noon(day(1)))

    assert await kept(company, supplier, WANTED) == [(1, 1)]


async def test_a_line_closed_short_is_judged_for_what_was_wanted_by_then(clock):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(), line(requested_date=days_after(WANTED, 10)), line())
    await orders.respond(supplier.order_desk, order.id, answer("AP"))
    await received(company, order.id, 4, at=noon(day(-9)))
    await received(company, order.id, 10, at=noon(day(0)), number=3)
    await clock(noon(day(2)))
    missed, later, _ = (fact["line_id"] for fact in await facts_of(company.buyer, order.id))
    for line_id in (missed, later):
        await orders.close_line(company.buyer, order.id, line_id, "Bought elsewhere")
    await clock(noon(day(12)))
    assert await kept(company, supplier, WANTED) == [(1, 2)]

    await orders.reopen_line(company.buyer, order.id, later)
    assert await kept(company, supplier, WANTED) == [(1, 3)]


async def test_a_refused_order_was_answered_and_is_not_late(clock):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    await orders.respond(supplier.order_desk, order.id, answer("RE", reason="Out of production"))
    assert order.response_due_at is not None
    await clock(noon(day(5)))

    assert await kept(company, supplier, WANTED, BASES) == [None, None, None]
    answered = await figure_in(company, supplier, order.response_due_at.date(), "responsiveness")
    assert answered is not None
    assert answered.value == 1


async def test_refusing_after_the_date_is_late(clock):
    """A promise that was let pass is broken, whatever the supplier says afterwards."""
    company, supplier = await trading_pair()
    silent = await issued_order(company, supplier, line(requested_date=WANTED.isoformat()))
    await clock(noon(day(2)))
    await orders.respond(supplier.order_desk, silent.id, answer("RE", reason="We forgot"))
    await clock(noon(day(5)))

    assert await kept(company, supplier, WANTED) == [(0, 1)]
    filled = await figure_in(company, supplier, WANTED, "fill_rate")
    assert filled is not None
    assert (filled.base, filled.value) == (1, 0)


async def test_a_refusal_on_the_very_day_comes_in_time(clock):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(requested_date=WANTED.isoformat()))
    await clock(noon(WANTED))
    await orders.respond(supplier.order_desk, order.id, answer("RE", reason="Out of production"))
    await clock(noon(day(5)))

    assert await kept(company, supplier, WANTED) == [None]


async def test_cancelling_before_the_new_promise_does_not_mend_the_broken_ones(clock):
    """Wanted on the 15th, promised for the 25th, cancelled on the 20th: only the last promise was not broken."""
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(requested_date=WANTED.isoformat()))
    await countered(company, supplier, order.id, {"line": 1, "code": "3", "promised_date": days_after(WANTED, 10)})
    await clock(noon(day(5)))
    await orders.cancel(company.buyer, order.id, "We bought it elsewhere, since nothing came")
    await clock(noon(day(20)))

    assert await kept(company, supplier, WANTED, BASES) == [(0, 1), None, None]
    filled = await figure_in(company, supplier, WANTED, "fill_rate")
    assert filled is not None
    assert filled.value == 0


async def test_more_than_ordered_of_one_line_makes_up_for_nothing_of_another(clock):
    company, supplier = await trading_pair(tolerances={"receive": {"percent": "100"}})
    generous = await promised_order(company, supplier, WANTED)
    short = await promised_order(company, supplier, WANTED)
    await received(company, generous.id, 20, at=noon(WANTED))
    await received(company, short.id, 5, at=noon(WANTED))
    await clock(noon(day(1)))

    filled = await figure_in(company, supplier, WANTED, "fill_rate")
    assert filled is not None
    assert (filled.achieved, filled.base, filled.value) == (Decimal("1.5"), 2, Decimal("0.75"))
    assert await kept(company, supplier, WANTED) == [(1, 2)]


async def test_rejected_goods_lower_the_quality_of_the_month_in_which_they_came(clock):
    company, supplier = await trading_pair()
    order = await promised_order(company, supplier, WANTED)
    await received(company, order.id, 3, 1, at=noon(date(2030, 4, 30)))
    await received(company, order.id, 6, at=noon(date(2030, 5, 1)))

    april = await figure_in(company, supplier, date(2030, 4, 1), "quality")
    may = await figure_in(company, supplier, date(2030, 5, 1), "quality")
    assert april is not None
    assert may is not None
    assert (april.value, may.value) == (Decimal("0.75"), 1)


async def test_an_answer_after_its_due_time_is_late_and_receipt_acknowledged_is_no_answer(clock):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    silent = await issued_order(company, supplier)
    assert order.response_due_at is not None
    due = order.response_due_at
    await orders.respond(supplier.order_desk, order.id, answer("AB"))
    assert await figure_in(company, supplier, due.date(), "responsiveness") is None

    await clock(due + timedelta(minutes=1))
    await orders.respond(supplier.order_desk, order.id, answer("AP"))
    await clock(due + timedelta(minutes=10))
    late = await figure_in(company, supplier, due.date(), "responsiveness")
    assert late is not None
    assert (late.count, late.value) == (2, 0)
    assert late.median_hours is not None
    assert late.median_hours >= 48
    assert silent.state == "issued"


async def test_a_counter_offer_is_an_answer_although_nothing_is_agreed(connected):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    assert order.response_due_at is not None
    await orders.respond(supplier.order_desk, order.id, answer("CA", {"line": 1, "code": "3", "unit_price": "99"}))

    answered = await figure_in(company, supplier, order.response_due_at.date(), "responsiveness")
    assert answered is not None
    assert (answered.count, answered.value) == (1, 1)


async def test_no_data_is_no_data_and_neither_0_nor_100(connected):
    company, supplier = await trading_pair()
    scored = await score_in(company, supplier, WANTED)

    assert scored.figures == {}
    assert (scored.value, scored.standing, scored.missing, scored.coverage) == (None, None, "no_data", 0)
