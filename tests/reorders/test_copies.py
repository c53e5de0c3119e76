"""An order is ordered again: the same goods at today's prices, and what differs is told."""

from datetime import date
from decimal import Decimal

from portal.orders import commands as orders
from tests.harness.pages import Page
from tests.harness.reorders import asked_for, order_of, priced_item
from tests.harness.world import accepted_order, an_item, answer, draft_order, issued_order, line, trading_pair

ORDERS = "/api/v1/purchase-orders"
LOOSE = {"receive": {"percent": "5"}, "invoice_price": {"absolute": "0.01", "combine": "all", "percent": "1"}}


async def test_a_copy_takes_todays_prices_and_tells_what_differs(client_of):
    company, supplier = await trading_pair()
    bolts = await priced_item(company, supplier, "12.50")
    nuts = await priced_item(company, supplier, "12.50")
    order = await order_of(
        company, supplier, bolts, nuts, note="Ring twice", internal_note="Budget 7", tolerances=LOOSE
    )
    await asked_for(company, supplier, bolts, "13.75", valid_from=date(2026, 1, 1))
    requester = await client_of(company.requester)

    made = await requester.post(f"{ORDERS}/{order.id}/copy")
    assert made.status_code == 201, made.text
    shown = Page(await requester.get(f"/orders/{made.json()['order']['id']}"))
    assert f"Copy of {order.number}" in shown.text
    draft, differs = made.json()["order"], made.json()["differences"]
    assert (draft["state"], draft["note"], draft["internal_note"]) == ("draft", "Ring twice", "Budget 7")
    assert draft["tolerances"] == LOOSE
    assert draft["number"] != order.number
    assert [line["unit_price"] for line in draft["lines"]] == ["13.75", "12.50"]
    assert [line["quantity"] for line in draft["lines"]] == ["10", "10"]
    told = [(each["line"], each["field"], each["why"], each["before"], each["now"]) for each in differs]
    assert told == [(1, "unit_price", "changed", "12.50", "13.75")]
    assert [line["confirmed"] for line in draft["lines"]] == ["0", "0"]


async def test_a_copy_asks_for_each_line_at_the_break_of_its_quantity(client_of):
    company, supplier = await trading_pair()
    bolts = await priced_item(company, supplier, "12.50")
    await asked_for(company, supplier, bolts, "9.00", minimum_quantity=Decimal(100))
    few, many = [line(item_id=str(bolts.id), quantity=q, unit_price="12.50") for q in ("99", "100")]
    order = await accepted_order(company, supplier, few, many)

    made = await (await client_of(company.requester)).post(f"{ORDERS}/{order.id}/copy")
    assert [line["unit_price"] for line in made.json()["order"]["lines"]] == ["12.50", "9.00"]


async def test_what_has_no_price_of_today_keeps_the_former_one_and_says_so(client_of, superuser):
    company, supplier = await trading_pair()
    bare = await an_item(company)
    gone = await priced_item(company, supplier, "12.50")
    order = await order_of(company, supplier, bare, gone)
    superuser.execute("update item set active = false where id = %s", [gone.id])
    requester = await client_of(company.requester)

    made = (await requester.post(f"{ORDERS}/{order.id}/copy")).json()
    assert [line["unit_price"] for line in made["order"]["lines"]] == ["12.50", "12.50"]
    why = {(each["line"], each["why"]) for each in made["differences"]}
    assert {(1, "no_price"), (2, "not_offered")} <= why


async def test_any_order_that_one_may_read_is_copied_and_no_other(client_of):
    company, supplier = await trading_pair()
    requester, desk = await client_of(company.requester), await client_of(supplier.order_desk)
    for make in (draft_order, issued_order, accepted_order):
        order = await make(company, supplier)
        assert (await requester.post(f"{ORDERS}/{order.id}/copy")).status_code == 201
        assert (await desk.post(f"{ORDERS}/{order.id}/copy")).status_code == 403
    stranger = await client_of((await trading_pair())[0].requester)
    assert (await stranger.post(f"{ORDERS}/{order.id}/copy")).status_code == 404


async def test_what_is_wanted_is_wanted_as_many_days_later_as_then(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(requested_date="2026-01-02"))
    requester = await client_of(company.requester)
    made = (await requester.post(f"{ORDERS}/{order.id}/copy")).json()["order"]
    assert made["lines"][0]["requested_date"] >= made["created_at"][:10]


async def test_a_copy_in_a_browser_leads_past_what_differs(client_of):
    company, supplier = await trading_pair()
    bolts = await priced_item(company, supplier, "12.50")
    order = await order_of(company, supplier, bolts)
    requester = await client_of(company.requester)

    assert Page(await requester.get(f"/orders/{order.id}")).offers("/copy")
    straight = await requester.post(f"/orders/{order.id}/copy", data={})
    assert "/again" not in straight.headers["location"]
    await asked_for(company, supplier, bolts, "13.75", valid_from=date(2026, 1, 1))
    led = await requester.post(f"/orders/{order.id}/copy", data={})
    shown = Page(await requester.get(led.headers["location"]))
    assert ("12.50" in shown.text, "13.75" in shown.text) == (True, True)


async def test_what_was_agreed_on_since_is_ordered_again(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(), line())
    less = {"line": 1, "code": "3", "quantity": "8", "reason": "Short of stock"}
    offered = (await orders.respond(supplier.order_desk, order.id, answer("CA", less))).response
    await orders.accept_counter_offer(company.buyer, order.id, offered.id)

    made = await (await client_of(company.requester)).post(f"{ORDERS}/{order.id}/copy")
    assert [line["quantity"] for line in made.json()["order"]["lines"]] == ["8", "10"]
