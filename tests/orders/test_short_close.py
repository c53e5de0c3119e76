"""A line is closed short: the ordered quantity stays, what is open of it goes, and all that follows says so."""

from datetime import date

import pytest

from portal.analytics.queries import Asked, every_item
from portal.orders import commands as orders
from portal.orders import queries
from portal.orders.commands import OverTolerance
from portal.platform.refusals import Conflict, Denied, Invalid, NotFound
from portal.platform.work import viewing
from portal.receipts import commands as receipts
from tests.harness.deliveries import despatched_goods, disagreements, events_of, ledger, received_goods
from tests.harness.invoices import billed, submitted_invoice
from tests.harness.world import accepted_order, answer, draft_order, issued_order, line, trading_pair

WHY = "The project ends earlier"
TWO = (line(), line(description="Washer M8", quantity="20", unit_price="1"))


async def closed(company, order, number=0, why=WHY):
    return await orders.close_line(company.buyer, order.id, (await ledger(company, order))[number].id, why)


async def standing(company, order):
    async with viewing(company.buyer) as view:
        row = await queries.order_row(view, order.id)
    return row.state, row.despatch_status, row.receipt_status, row.invoice_status


async def open_items(actor, order):
    async with viewing(actor) as view:
        found = [each async for each in every_item(view, Asked(date(2040, 1, 1)))]
    return [
        (each.kind, each.line, f"{each.quantity:f}", f"{each.amount:f}") for each in found if each.record_id == order.id
    ]


async def test_what_came_stays_and_what_is_open_goes(connected, superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, *TWO)
    await received_goods(company, order, "4", "20")
    assert (await standing(company, order))[2] == "partial"

    await closed(company, order)

    short = (await ledger(company, order))[0]
    assert (short.quantity, short.closed_to, short.short_close_reason) == (10, 4, WHY)
    assert (await standing(company, order))[0::2] == ("accepted", "complete")
    assert await open_items(company.payable, order) == [
        ("not_invoiced", 1, "4", "50.00"),
        ("not_invoiced", 2, "20", "20.00"),
    ]
    assert "purchase-order.line-closed" in await events_of(supplier.order_desk, order.id)
    assert disagreements(superuser, company) == []
    with pytest.raises(OverTolerance, match="closed short"):
        await received_goods(company, order, "1")
    with pytest.raises(OverTolerance, match="closed short"):
        await despatched_goods(company, supplier, order, "5")
    with pytest.raises(OverTolerance, match="closed short"):
        await submitted_invoice(supplier, order, billed(short.id, "5"))


async def test_what_is_on_its_way_may_still_come_and_is_waited_for(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, *TWO)
    advice = await despatched_goods(company, supplier, order, "6")
    await received_goods(company, order, "4", advice=advice)

    await closed(company, order)

    assert (await ledger(company, order))[0].closed_to == 6
    assert ("not_received", 1, "2", "25.00") in await open_items(supplier.billing, order)
    await received_goods(company, order, "2", advice=advice)
    assert [kind for kind, number, *_ in await open_items(supplier.billing, order) if number == 1] == ["not_invoiced"]


async def test_the_last_open_line_closes_the_order(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    done = await closed(company, order)
    assert done.over
    assert (await standing(company, order))[0] == "closed"
    assert (await events_of(company.buyer, order.id))[-2:] == ["purchase-order.line-closed", "purchase-order.closed"]


async def test_a_line_is_wanted_again_while_the_order_goes_on(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, *TWO)
    await closed(company, order)
    line_id = (await ledger(company, order))[0].id

    await orders.reopen_line(company.buyer, order.id, line_id)

    await received_goods(company, order, "10", "20")
    assert (await standing(company, order))[2] == "complete"
    assert (await events_of(supplier.order_desk, order.id)).count("purchase-order.line-reopened") == 1
    with pytest.raises(Conflict, match="was not closed short"):
        await orders.reopen_line(company.buyer, order.id, line_id)


async def test_a_count_that_was_wrong_is_booked_anew_below_what_stays_wanted(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, *TWO)
    booked = await received_goods(company, order, "6")
    await closed(company, order)

    await receipts.reverse(company.receiver, booked.id, "Counted the wrong pallet")
    await received_goods(company, order, "5")

    assert (await ledger(company, order))[0].closed_to == 6


async def test_nothing_is_closed_without_a_reason_or_where_nothing_is_open(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, *TWO)
    first, second = (each.id for each in await ledger(company, order))
    with pytest.raises(Invalid):
        await orders.close_line(company.buyer, order.id, first, " ")
    with pytest.raises(Denied):
        await orders.close_line(company.receiver, order.id, first, WHY)
    with pytest.raises(NotFound):
        await orders.close_line(supplier.order_desk, (await draft_order(company, supplier)).id, first, WHY)
    await received_goods(company, order, "10")
    with pytest.raises(Conflict, match="Nothing of line 1 is open"):
        await orders.close_line(company.buyer, order.id, first, WHY)
    await orders.hold(company.buyer, order.id, "Certificate missing")
    with pytest.raises(Conflict, match="on hold"):
        await orders.close_line(company.buyer, order.id, second, WHY)
    draft = await draft_order(company, supplier)
    with pytest.raises(Conflict, match="while their order goes on"):
        await closed(company, draft)


async def test_a_supplier_answers_the_rest_of_an_order(connected):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, *TWO)
    await closed(company, order)
    with pytest.raises(Invalid) as refused:
        await orders.respond(supplier.order_desk, order.id, answer("CA", {"line": 1, "code": "3", "quantity": "5"}))
    assert "closed short" in str(refused.value.errors[0].message)

    given = await orders.respond(supplier.order_desk, order.id, answer("CA", {"line": 2, "code": "3", "quantity": "5"}))
    with pytest.raises(Conflict, match="supplier’s changes"):
        await closed(company, order, 1)
    await orders.accept_counter_offer(company.buyer, order.id, given.response.id)

    assert [each.closed_to for each in await ledger(company, order)] == [0, None]
    with pytest.raises(OverTolerance, match="closed short"):
        await received_goods(company, order, "1")


async def test_both_sides_read_it_on_page_in_json_and_in_the_document(client_of, connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, *TWO)
    buyer, desk = await client_of(company.buyer), await client_of(supplier.order_desk)
    line_id = (await ledger(company, order))[0].id
    at = f"/orders/{order.id}/lines/{line_id}"

    assert f'action="{at}/close"' in (await buyer.get(f"/orders/{order.id}")).text
    assert f'action="{at}/close"' not in (await desk.get(f"/orders/{order.id}")).text
    asked = await buyer.post(f"{at}/close", data={"reason": ""})
    assert asked.status_code == 422
    done = await buyer.post(f"/api/v1/purchase-orders/{order.id}/lines/{line_id}/close", json={"reason": WHY})
    assert done.json()["lines"][0]["closed_to"] == "0"
    assert done.json()["lines_closed_short"] == 1

    page = (await desk.get(f"/orders/{order.id}")).text
    assert WHY in page
    assert "Closed short" in page
    assert f'action="{at}/reopen"' in (await buyer.get(f"/orders/{order.id}")).text
    form = (await (await client_of(supplier.shipping)).get(f"/orders/{order.id}/despatch")).text
    assert "Hex bolt" not in form
    assert "Washer" in form
    file = (await desk.get("/orders.csv")).text.splitlines()
    assert ",1," in file[1]
    async with viewing(supplier.order_desk) as view:
        told = await queries.snapshot_of_order(view, order.id)
    assert told["lines"][0]["closed_short"]["reason"] == WHY
    assert "closed_short" not in told["lines"][1]
