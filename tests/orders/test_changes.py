"""Change orders: an issued order changes by proposal, approval where it costs more, and the next revision."""

from decimal import Decimal
from typing import Any

import pytest

from portal.orders import commands as orders
from portal.orders.queries import changes_of, order_out, revisions_of
from portal.platform.refusals import Conflict, Denied, Invalid
from portal.platform.work import viewing
from tests.harness.changes import added, changed, to, without
from tests.harness.deliveries import despatched_goods, received_goods
from tests.harness.world import SOON, accepted_order, answer, days_after, issued_order, line, trading_pair


async def now(actor: Any, order: Any) -> Any:
    async with viewing(actor) as view:
        return await order_out(view, order.id)


async def proposed(actor: Any, order: Any) -> list[Any]:
    async with viewing(actor) as view:
        return await changes_of(view, order.id)


async def revisions(actor: Any, order: Any) -> list[Any]:
    async with viewing(actor) as view:
        return await revisions_of(view, order.id)


async def test_a_buyer_orders_less_and_the_supplier_answers_the_second_revision(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)

    done = await orders.propose(company.buyer, order.id, changed(to(quantity="8")))

    assert done.asked.state == "approved"
    out = await now(supplier.order_desk, order)
    assert (out.state, out.revision, out.lines[0].quantity, out.lines[0].confirmed) == ("issued", 2, 8, 0)
    assert out.totals.gross == Decimal("119.00")

    await orders.respond(supplier.order_desk, order.id, answer("AP"))
    out = await now(company.buyer, order)
    assert (out.state, out.revision, out.lines[0].confirmed) == ("accepted", 2, 8)
    (change,) = await proposed(supplier.order_desk, order)
    assert (change.state, change.becomes, change.effect) == ("accepted", 2, Decimal("-29.75"))
    assert [(d.line, d.field, d.before, d.after) for d in change.differences] == [(1, "quantity", "10", "8")]


async def test_more_than_was_approved_waits_for_another_approver_unseen_by_the_supplier(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)

    done = await orders.propose(company.buyer, order.id, changed(to(quantity="12"), reason="More is needed"))

    assert done.asked.state == "proposed"
    assert (await now(company.buyer, order)).revision == 1
    assert await proposed(supplier.order_desk, order) == []
    with pytest.raises(Denied):
        await orders.approve_change(company.buyer, order.id, done.asked.id)

    await orders.approve_change(company.approver, order.id, done.asked.id)
    out = await now(supplier.order_desk, order)
    assert (out.state, out.revision, out.lines[0].quantity, out.lines[0].ordered_quantity) == ("issued", 2, 12, 10)
    (change,) = await proposed(supplier.order_desk, order)
    assert change.lines[0].quantity == 12


async def test_steps_add_up_against_what_was_approved_last(connected):
    company, supplier = await trading_pair(tolerances={"confirm_quantity": {"percent": "10"}})
    order = await accepted_order(company, supplier)

    assert (await orders.propose(company.buyer, order.id, changed(to(quantity="11")))).asked.state == "approved"
    assert (await orders.propose(company.buyer, order.id, changed(to(quantity="12")))).asked.state == "proposed"


async def test_who_proposed_a_change_does_not_approve_it_whatever_their_roles(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    import msgspec

    both = msgspec.structs.replace(company.approver, roles=frozenset({"buyer", "approver", "anyone"}))
    with pytest.raises(Denied):
        await orders.propose(both, order.id, changed(to(quantity="12")))


async def test_lines_are_added_and_taken_off_by_the_next_revision(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line(description="Washers"))

    done = await orders.propose(
        company.buyer, order.id, changed(without(2), added(line(description="Nuts", quantity="4")))
    )
    assert done.asked.state == "proposed"
    await orders.approve_change(company.approver, order.id, done.asked.id)
    await orders.respond(supplier.order_desk, order.id, answer("AP"))

    out = await now(supplier.order_desk, order)
    assert out.state == "accepted"
    assert [(x.line, x.confirmed, x.short_closed, x.net) for x in out.lines] == [
        (1, 10, False, 125),
        (2, 0, True, 0),
        (3, 4, False, 50),
    ]
    assert [(d.line, d.field) for d in (await revisions(company.buyer, order))[1].differences] == [
        (2, "line"),
        (3, "line"),
    ]
    with pytest.raises(Conflict):
        await orders.reopen_line(company.buyer, order.id, out.lines[1].id)


async def test_nothing_falls_below_what_left_already(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    await despatched_goods(company, supplier, order)

    for wish in (to(quantity="9"), without(1)):
        with pytest.raises(Invalid):
            await orders.propose(company.buyer, order.id, changed(wish))


async def test_goods_that_came_before_a_change_still_count(connected):
    company, supplier = await trading_pair(tolerances={"confirm_quantity": {"percent": "50"}})
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order)
    await received_goods(company, order, "10", advice=advice)

    await orders.propose(company.buyer, order.id, changed(to(quantity="14")))
    out = await now(company.buyer, order)
    assert (out.receipt_status, out.despatch_status, out.lines[0].received) == ("partial", "partial", 10)
    await orders.respond(supplier.order_desk, order.id, answer("AP"))
    assert (await now(company.buyer, order)).receipt_status == "partial"


async def test_a_counter_offer_that_waited_is_overtaken_by_the_next_revision(connected):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    offer = {"line": 1, "code": "3", "quantity": "5"}
    given = await orders.respond(supplier.order_desk, order.id, answer("CA", offer))

    await orders.propose(company.buyer, order.id, changed(to(quantity="6")))

    out = await now(supplier.order_desk, order)
    assert (out.state, [response.state for response in out.responses]) == ("issued", ["stale"])
    with pytest.raises(Conflict):
        await orders.accept_counter_offer(company.buyer, order.id, given.response.id)


async def test_a_suppliers_change_changes_nothing_until_the_buyer_accepts_it(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    later = days_after(SOON, 9)

    wish = to(quantity="7", promised_date=later, reason="Short of steel")
    done = await orders.propose(supplier.order_desk, order.id, changed(wish))
    assert done.asked.state == "proposed"
    out = await now(company.buyer, order)
    assert (out.revision, out.lines[0].quantity, str(out.lines[0].promised_date)) == (1, 10, str(SOON))

    await orders.accept_change(company.buyer, order.id, done.asked.id)
    out = await now(supplier.order_desk, order)
    assert (out.state, out.revision, out.lines[0].quantity, out.lines[0].confirmed) == ("accepted", 2, 7, 7)
    assert (str(out.lines[0].promised_date), str(out.lines[0].requested_date)) == (later, str(SOON))


async def test_a_declined_or_withdrawn_change_leaves_the_order_as_it_was(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    done = await orders.propose(supplier.order_desk, order.id, changed(to(quantity="7")))
    await orders.decline_change(company.buyer, order.id, done.asked.id, "We need all of it")
    again = await orders.propose(supplier.order_desk, order.id, changed(to(quantity="8")))
    await orders.withdraw_change(supplier.order_desk, order.id, again.asked.id)

    states = {change.state: change.decision_reason for change in await proposed(company.buyer, order)}
    assert states == {"declined": "We need all of it", "withdrawn": ""}
    assert (await now(company.buyer, order)).revision == 1


async def test_a_supplier_takes_the_buyers_tolerance_once_and_not_step_by_step(connected):
    company, supplier = await trading_pair(tolerances={"confirm_quantity": {"percent": "10"}})
    order = await accepted_order(company, supplier)

    first = await orders.propose(supplier.order_desk, order.id, changed(to(quantity="9")))
    second = await orders.propose(supplier.order_desk, order.id, changed(to(quantity="8.5")))

    assert (first.asked.state, second.asked.state) == ("accepted", "proposed")
    assert (await now(company.buyer, order)).revision == 2


async def test_a_buyers_change_overtakes_what_the_supplier_proposed(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    done = await orders.propose(supplier.order_desk, order.id, changed(to(quantity="7")))
    await orders.propose(company.buyer, order.id, changed(to(quantity="8")))

    with pytest.raises(Conflict):
        await orders.accept_change(company.buyer, order.id, done.asked.id)
    assert {change.state for change in await proposed(company.buyer, order)} == {"stale", "approved"}


async def test_the_end_of_an_order_overtakes_every_proposal(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    await orders.propose(supplier.order_desk, order.id, changed(to(quantity="7")))
    await orders.propose(company.buyer, order.id, changed(to(quantity="20")))
    await orders.cancel(company.buyer, order.id, "Not needed")

    assert {change.state for change in await proposed(company.buyer, order)} == {"stale"}


async def test_everything_wrong_with_a_change_is_said_at_once(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    with pytest.raises(Invalid) as refused:
        await orders.propose(
            company.buyer,
            order.id,
            changed(to(9, quantity="1"), {"code": "7", "line": 1, "quantity": "2"}, {"code": "1"}),
        )
    assert {error.field for error in refused.value.errors} >= {"lines.0.line", "lines.2.added"}
    with pytest.raises(Invalid):
        await orders.propose(company.buyer, order.id, changed(to(quantity="10")))
    with pytest.raises(Invalid):
        await orders.propose(supplier.order_desk, order.id, changed(added(line()), note="Ring first"))


async def test_a_rejected_order_is_issued_again_as_the_supplier_can_deliver_it(connected):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    await orders.respond(supplier.order_desk, order.id, answer("RE", reason="Too early"))
    await orders.propose(company.buyer, order.id, changed(to(requested_date=days_after(SOON, 20))))
    out = await now(supplier.order_desk, order)
    assert (out.state, out.revision, out.reason) == ("issued", 2, "")
    await orders.respond(supplier.order_desk, order.id, answer("AP"))
    assert str((await now(company.buyer, order)).lines[0].promised_date) == days_after(SOON, 20)


async def test_programs_propose_accept_and_compare_over_the_api(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    buyer, desk = await client_of(company.buyer), await client_of(supplier.order_desk)
    at = f"/api/v1/purchase-orders/{order.id}"

    asked = await buyer.post(f"{at}/changes", json={"lines": [{"line": 1, "code": "3", "quantity": "6"}]})
    assert (asked.status_code, asked.json()["state"], asked.json()["becomes"]) == (201, "approved", 2)
    assert (await buyer.post(f"{at}/changes/{asked.json()['id']}/accept")).status_code == 409
    agreed = await desk.post(f"{at}/changes/{asked.json()['id']}/accept")
    assert (agreed.status_code, agreed.json()["state"], agreed.json()["revision"]) == (200, "accepted", 2)
    assert (await desk.post(f"{at}/changes/{asked.json()['id']}/accept")).status_code == 409

    told = (await desk.get(f"{at}/revisions")).json()["items"]
    assert [(each["revision"], each["gross"]) for each in told] == [(1, "148.75"), (2, "89.25")]
    assert told[1]["differences"] == [{"line": 1, "field": "quantity", "before": "10", "after": "6"}]
    assert (await desk.get(f"{at}/changes")).json()["items"][0]["effect"] == "-59.50"
