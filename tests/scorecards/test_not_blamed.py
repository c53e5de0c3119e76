"""What a supplier is not blamed for, without anybody's doing: short notice, the buyer's hold, days before the order."""

from datetime import date, timedelta

from portal.orders import commands as orders
from portal.platform.work import viewing
from tests.harness.deliveries import despatched_goods, received_goods
from tests.harness.deliveries_facts import countered, noon, on, promised_order, received, score_in
from tests.harness.masters import add_item, set_price
from tests.harness.scores import facts_behind
from tests.harness.world import days_after, issued_order, line, trading_pair

WANTED = date(2026, 10, 15)
NOVEMBER = noon(date(2026, 11, 3))


def day(after: int) -> date:
    return WANTED + timedelta(days=after)


async def judged(company, supplier, criterion="on_time_requested"):
    """(counted, in time, excused) in October."""
    with on(NOVEMBER):
        figure = (await score_in(company, supplier, WANTED)).figures[criterion]
    return figure.count, figure.achieved, figure.excused.count


async def test_a_day_before_the_order_was_issued_is_not_held_against_the_supplier(connected):
    company, supplier = await trading_pair()
    with on(noon(day(2))):
        order = await promised_order(company, supplier, WANTED)
    await received(company, order.id, 10, at=noon(day(4)))

    assert await judged(company, supplier) == (0, 0, 1)
    assert await judged(company, supplier, "on_time_first_confirmed") == (0, 0, 1)
    [fact] = await facts_behind(company, supplier, "on_time_requested")
    assert (fact.excuse, fact.achieved) == ("short_notice", 0)


async def test_a_request_shorter_than_the_agreed_lead_time_counts_in_the_raw_figure_alone(connected):
    """The word that the supplier gives counts: by its own promise it is late."""
    company, supplier = await trading_pair()
    with on(noon(day(-40))):
        item = await add_item(company.supplier_manager, number="B-1")
        await set_price(
            company.supplier_manager,
            item=item,
            supplier_id=supplier.id,
            unit_price="12.50",
            unit="C62",
            lead_time_days=10,
        )
    for issued, came in ((-5, 2), (-5, 0), (-10, 2)):
        with on(noon(day(issued))):
            order = await promised_order(company, supplier, WANTED, item_id=str(item.id))
        await received(company, order.id, 10, at=noon(day(came)))

    assert await judged(company, supplier) == (2, 1, 1)
    assert await judged(company, supplier, "on_time_first_confirmed") == (3, 1, 0)


async def test_a_day_on_which_the_buyer_held_the_order_is_excused(connected):
    company, supplier = await trading_pair()
    for _held in (True, False):
        with on(noon(day(-30))):
            order = await promised_order(company, supplier, WANTED)
        if _held:
            with on(noon(day(-5))):
                await orders.hold(company.buyer, order.id, "The hall is full")
            with on(noon(day(10))):
                await orders.release(company.buyer, order.id)
        await received(company, order.id, 10, at=noon(day(11)))

    assert await judged(company, supplier) == (1, 0, 1)
    assert await judged(company, supplier, "on_time_last_confirmed") == (1, 0, 1)
    assert await judged(company, supplier, "fill_rate") == (2, 2, 0)
    found = {fact.excuse for fact in await facts_behind(company, supplier, "on_time_requested")}
    assert found == {None, "held"}


async def test_a_hold_that_ended_before_the_day_excuses_nothing(connected):
    company, supplier = await trading_pair()
    with on(noon(day(-30))):
        order = await promised_order(company, supplier, WANTED)
        await orders.hold(company.buyer, order.id, "Prices are being checked")
    with on(noon(day(-20))):
        await orders.release(company.buyer, order.id)
    await received(company, order.id, 10, at=noon(day(11)))

    assert await judged(company, supplier) == (1, 0, 0)


async def test_who_cancels_says_whose_doing_it_is_and_both_sides_read_it(connected, client_of):
    company, supplier = await trading_pair()
    causes = []
    for cause in ("buyer", "supplier", None):
        with on(noon(day(-30))):
            order = await promised_order(company, supplier, WANTED)
        with on(noon(day(3))):
            buyer = await client_of(company.buyer)
            told = {"reason": "Nothing came."} | ({"cause": cause} if cause else {})
            answered = await buyer.post(f"/api/v1/purchase-orders/{order.id}/cancel", json=told)
            assert answered.status_code == 200, answered.text
            shown = await (await client_of(supplier.order_desk)).get(f"/orders/{order.id}")
        causes.append(answered.json()["cancelled_cause"])
        assert ("Cancelled: the buyer’s doing" in shown.text) == (cause == "buyer")

    assert causes == ["buyer", "supplier", "supplier"]
    assert await judged(company, supplier) == (2, 0, 0)


async def test_an_order_that_ended_before_its_answer_was_due_asks_for_none(connected):
    """Nobody is late with an answer that was not needed any more; who let its time pass before is."""
    company, supplier = await trading_pair()
    for ends, after in ((orders.cancel, -29), (orders.close, -29), (orders.cancel, -10), (orders.close, -10)):
        with on(noon(day(-30))):
            order = await issued_order(company, supplier, line(requested_date=WANTED.isoformat()))
            assert order.response_due_at is not None
            assert noon(day(-29)) < order.response_due_at < noon(day(-10))
        with on(noon(day(after))):
            await ends(company.buyer, order.id)

    with on(NOVEMBER):
        answers = (await score_in(company, supplier, "2026-09")).figures["responsiveness"]
    assert (answers.count, answers.achieved) == (2, 0)


async def test_where_the_buyer_fetches_the_goods_the_day_of_their_despatch_counts(connected):
    company, supplier = await trading_pair()
    for term in ("EXW Köln", "FCA Hamburg", "DAP Munich"):
        with on(noon(day(-30))):
            order = await issued_order(company, supplier, line(requested_date=WANTED.isoformat()), incoterm=term)
            await countered(
                company, supplier, order.id, {"line": 1, "code": "3", "promised_date": days_after(WANTED, 1)}
            )
        with on(noon(WANTED)):
            advice = await despatched_goods(company, supplier, order)
        with on(noon(day(4))):
            await received_goods(company, order, "10", advice=advice)

    assert await judged(company, supplier) == (3, 2, 0)
    async with viewing(company.buyer) as view:
        days = await view.fetch("select delivered_on, counts_on from delivery_fact where buyer_id = $1", company.id)
    assert sorted(tuple(row) for row in days) == [(WANTED, day(4)), (WANTED, day(4)), (day(4), day(4))]
