"""What the buyer asks for moves by its own change alone; a supplier that moves its own days improves nothing."""

from datetime import date, timedelta

from portal.orders import commands as orders
from tests.harness.changes import added, changed, to, without
from tests.harness.deliveries_facts import facts_of, noon, received
from tests.harness.world import accepted_order, answer, days_after, line, trading_pair

WANTED = date(2030, 5, 15)
LATER = WANTED + timedelta(days=10)


async def test_a_buyers_own_change_moves_what_was_asked_for(clock):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line())
    asked = changed(to(1, quantity="8", requested_date=LATER.isoformat()), without(2))
    await orders.propose(company.buyer, order.id, asked)

    first, second = await facts_of(company.buyer, order.id)
    assert (first["ordered_quantity"], first["requested_date"]) == (8, LATER)
    assert (first["first_date"], first["first_quantity"], first["last_quantity"]) == (WANTED, 8, 8)
    assert second["closed_at"] is not None
    assert (second["ordered_quantity"], second["requested_date"]) == (10, WANTED)

    await orders.respond(supplier.order_desk, order.id, answer("AP"))
    await received(company, order.id, 8, at=noon(LATER))
    first, _second = await facts_of(company.buyer, order.id)
    assert (first["last_date"], first["requested_in_time"], first["last_in_time"]) == (LATER, 8, 8)


async def test_a_line_that_is_added_has_its_own_facts(clock):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    done = await orders.propose(company.buyer, order.id, changed(added(line(requested_date=LATER.isoformat()))))
    assert len(await facts_of(company.buyer, order.id)) == 1
    await orders.approve_change(company.approver, order.id, done.asked.id)

    first, second = await facts_of(company.buyer, order.id)
    assert (first["leads"], second["leads"]) == (True, False)
    assert (second["ordered_quantity"], second["requested_date"], second["first_date"]) == (10, LATER, None)


async def test_a_supplier_cannot_improve_its_rate_by_moving_its_own_date(clock):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    later = changed(to(promised_date=days_after(WANTED, 10), reason="Furnace"))
    done = await orders.propose(supplier.order_desk, order.id, later)
    await orders.accept_change(company.buyer, order.id, done.asked.id)
    await received(company, order.id, 10, at=noon(LATER))

    (fact,) = await facts_of(company.buyer, order.id)
    assert (fact["requested_date"], fact["first_date"], fact["last_date"]) == (WANTED, WANTED, LATER)
    assert (fact["requested_in_time"], fact["first_in_time"], fact["last_in_time"]) == (0, 0, 10)
