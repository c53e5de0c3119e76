"""What was approved of one line pays for no other: changes and counter-offers are measured line by line, too."""

from typing import Any

import pytest

from portal.orders import commands as orders
from portal.platform.refusals import Denied
from portal.platform.work import viewing
from tests.harness.changes import changed, to, without
from tests.harness.pages import Reader
from tests.harness.world import Organised, accepted_order, answer, issued_order, line, trading_pair

TWO = [line(quantity="10", unit_price="1.00"), line(quantity="1", unit_price="10000.00")]
DEARER = (to(1, unit_price="1000.00"), without(2))


async def test_a_line_a_thousand_times_as_dear_waits_for_an_approver_though_the_total_falls(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, *TWO)

    done = await orders.propose(company.buyer, order.id, changed(*DEARER))

    assert done.asked.state == "proposed"
    assert done.asked.gross < order.gross
    with pytest.raises(Denied):
        await orders.approve_change(company.buyer, order.id, done.asked.id)
    assert (await orders.approve_change(company.approver, order.id, done.asked.id)).revision == 2


@pytest.mark.parametrize("step", [{"quantity": "11", "unit_price": "0.50"}, {"quantity": "5", "unit_price": "2.00"}])
async def test_neither_quantity_pays_for_price_nor_price_for_quantity(connected, step):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, *TWO)

    assert (await orders.propose(company.buyer, order.id, changed(to(1, **step)))).asked.state == "proposed"


async def test_steps_within_the_tolerance_add_up_line_by_line(connected):
    company, supplier = await trading_pair(tolerances={"confirm_price": {"percent": "10"}})
    order = await accepted_order(company, supplier, *TWO)

    first = await orders.propose(company.buyer, order.id, changed(to(1, unit_price="1.10")))
    second = await orders.propose(company.buyer, order.id, changed(to(1, unit_price="1.20")))

    assert (first.asked.state, second.asked.state) == ("approved", "proposed")


async def countered(company: Organised, supplier: Organised) -> tuple[Any, Any]:
    order = await issued_order(company, supplier, *TWO)
    dearer = {"line": 1, "code": "3", "unit_price": "1000.00"}
    given = await orders.respond(supplier.order_desk, order.id, answer("CA", dearer, {"line": 2, "code": "7"}))
    return order, given.response


async def test_a_counter_offer_that_shifts_the_price_is_accepted_by_an_approver_alone(client_of):
    company, supplier = await trading_pair()
    order, offer = await countered(company, supplier)
    approver = Reader(await client_of(company.approver))
    assert order.number in (await approver.open("/")).links
    buyer = await Reader(await client_of(company.buyer)).open(f"/orders/{order.id}")
    assert not buyer.offers("/accept")
    assert "more of a line is ordered, or it costs more, than was approved" in buyer.text

    with pytest.raises(Denied, match="than was approved"):
        await orders.accept_counter_offer(company.buyer, order.id, offer.id)

    assert (await orders.accept_counter_offer(company.approver, order.id, offer.id)).state == "accepted"


async def test_a_suppliers_change_that_shifts_the_price_is_accepted_by_an_approver_alone(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, *TWO)
    done = await orders.propose(supplier.order_desk, order.id, changed(*DEARER, reason="Copper"))

    with pytest.raises(Denied):
        await orders.accept_change(company.buyer, order.id, done.asked.id)

    assert (await orders.accept_change(company.approver, order.id, done.asked.id)).revision == 2


async def test_what_was_approved_of_a_line_is_not_the_suppliers_to_read(client_of, superuser):
    company, supplier = await trading_pair(tolerances={"confirm_price": {"percent": "7"}})
    order, offer = await countered(company, supplier)
    await orders.accept_counter_offer(company.approver, order.id, offer.id)

    async with viewing(supplier.order_desk) as view:
        told = await view.value("select string_agg(body::text, '') from audit_entry where root_id = $1", order.id)

    assert told
    assert "approved_price" not in told
    assert "approved_price" not in (await (await client_of(supplier.order_desk)).get(f"/orders/{order.id}")).text
