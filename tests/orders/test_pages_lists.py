"""Lists of orders: what narrows them stands in the address, what a role may not see stands nowhere."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from portal.orders import commands
from portal.orders.queries import OrderFilter, orders
from portal.organisations.commands import approve_supplier
from portal.platform.work import viewing
from tests.harness.pages import Page, Reader
from tests.harness.world import (
    an_item,
    answer,
    approved_order,
    draft_order,
    issued_order,
    line,
    selling_company,
    submitted_order,
    trading_pair,
)


async def numbers(client, path: str) -> list[str]:
    page = Page(await client.get(path))
    assert page.status == 200, page.text
    return [text for text in page.links if text.startswith("PO-")]


async def test_a_list_is_narrowed_by_state_supplier_words_and_days(client_of):
    company, supplier = await trading_pair()
    other = await selling_company()
    await approve_supplier(company.supplier_manager, other.id)
    draft = await draft_order(company, supplier, line(description="Grease, lithium"))
    waiting = await submitted_order(company, other, line(requested_date="2031-01-01"))
    buyer = await client_of(company.buyer)
    assert await numbers(buyer, "/orders") == [waiting.number, draft.number]
    assert await numbers(buyer, "/orders?state=draft") == [draft.number]
    assert await numbers(buyer, "/orders?state=draft,in_approval&sort=created") == [draft.number, waiting.number]
    assert await numbers(buyer, f"/orders?supplier_id={other.id}") == [waiting.number]
    assert await numbers(buyer, "/orders?query=LITHIUM+grease") == [draft.number]
    assert await numbers(buyer, "/orders?requested_before=2030-12-31") == [draft.number]
    assert await numbers(buyer, "/orders?created_from=2099-01-01&created_to=&kind=") == []
    assert await numbers(buyer, "/orders?mine=1") == []
    assert await numbers(await client_of(company.requester), "/orders?mine=1&state=draft") == [draft.number]


async def test_what_narrows_can_be_taken_away(client_of):
    company, supplier = await trading_pair()
    await draft_order(company, supplier)
    page = Page(await (await client_of(company.buyer)).get("/orders?state=issued&query=bolt&sort=-gross"))
    assert "No order fits" in page.text
    assert "Text: bolt" in page.text
    assert 'href="/orders?state=issued&amp;sort=-gross"' in page.html


async def test_pages_lead_on_and_back_again(client_of):
    company, supplier = await trading_pair()
    orders = [await draft_order(company, supplier) for _each in range(105)]
    newest = [order.number for order in reversed(orders)]
    client = await client_of(company.buyer)
    reader = Reader(client)
    first = await reader.open("/orders")
    second = await reader.open(first.links["Next"])
    third = await reader.open(second.links["Next"])
    assert [text for text in third.links if text.startswith("PO-")] == newest[100:]
    assert "Next" not in third.links
    back = await reader.open(third.links["Previous"])
    assert [text for text in back.links if text.startswith("PO-")] == newest[50:100]
    begin = await reader.open(back.links["Previous"])
    assert [text for text in begin.links if text.startswith("PO-")] == newest[:50]
    assert "Found: 105" in first.text


async def test_a_supplier_sees_orders_only_once_they_are_issued(client_of):
    company, supplier = await trading_pair()
    await draft_order(company, supplier)
    order = await issued_order(company, supplier)
    desk = await client_of(supplier.order_desk)
    assert await numbers(desk, "/orders") == [order.number]
    page = Page(await desk.get("/orders"))
    assert company.name in page.text
    assert "Draft" not in page.text


async def test_a_receiver_reads_no_price_anywhere(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(unit_price="987.65", quantity="3"))
    receiver = await client_of(company.receiver)
    for path in ("/orders", f"/orders/{order.id}", "/orders.csv", f"/search?query={order.number}", "/"):
        told = (await receiver.get(path, follow_redirects=True)).text
        for figure in ("987.65", "2,962.95", "2962.95", "3,525.91", "3525.91"):
            assert figure not in told, path
    assert (await receiver.get("/orders?sort=gross")).status_code == 400


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("supplier_id=1", 422),
        ("state=lost", 400),
        ("sort=price", 400),
        ("cursor=x", 400),
        ("kind=x", 400),
        ("open=x", 400),
    ],
)
async def test_an_address_that_makes_no_sense_is_explained(client_of, query, status):
    company, _supplier = await trading_pair()
    buyer = await client_of(company.buyer)
    assert (await buyer.get(f"/orders?{query}")).status_code == status
    if "cursor" not in query:
        assert (await buyer.get(f"/orders.csv?{query}")).status_code == status


async def test_a_file_holds_the_filtered_list_and_no_formula(client_of):
    company, _supplier = await trading_pair()
    supplier = await selling_company(name="=HYPERLINK(1)")
    await approve_supplier(company.supplier_manager, supplier.id)
    order = await issued_order(company, supplier)
    await draft_order(company, supplier)
    answer = await (await client_of(company.buyer)).get("/orders.csv?state=issued")
    assert answer.headers["content-disposition"] == 'attachment; filename="orders.csv"'
    titles, *rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert [dict(zip(titles, row, strict=True))["Order"] for row in rows] == [order.number]
    told = dict(zip(titles, rows[0], strict=True))
    assert (told["Supplier"], told["Total"], told["State"]) == ("'=HYPERLINK(1)", "148.75", "Issued")
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


async def test_a_number_typed_into_the_search_leads_to_its_order(client_of):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    item = await an_item(company)
    client = await client_of(company.buyer)
    straight = await client.get(f"/search?query={order.number.lower()}")
    assert (straight.status_code, straight.headers["location"]) == (303, f"/orders/{order.id}")
    assert (await client.get(f"/search?query={item.number}")).headers["location"] == f"/items/{item.id}"
    page = Page(await client.get("/search?query=bolt"))
    assert {order.number, supplier.name, item.number} <= set(page.links)
    assert "Nothing found" in Page(await client.get("/search?query=" + "x" * 300)).text


async def test_the_search_finds_nothing_of_others(client_of):
    company, supplier = await trading_pair()
    other, _their_supplier = await trading_pair()
    order = await draft_order(company, supplier, line(description="Unmistakable"))
    for actor in (other.buyer, supplier.order_desk):
        page = Page(await (await client_of(actor)).get("/search?query=unmistakable"))
        assert order.number not in page.links


PAGES = {
    "buyer": ("/", "/orders", "/suppliers", "/items", "/orders/new"),
    "requester": ("/orders/{first}", "/orders/{first}/edit"),
    "order_desk": ("/", "/orders", "/orders/{issued}", "/orders/{issued}/respond"),
}


async def test_more_rows_take_no_more_statements(client_of, counted):
    few, many = [], []
    for counts, times in ((few, 1), (many, 12)):
        company, supplier = await trading_pair()
        firsts = [await draft_order(company, supplier, *[line()] * times) for _each in range(times)]
        issued = [await issued_order(company, supplier, *[line()] * times) for _each in range(times)]
        for _each in range(times):
            await an_item(company)
            await approve_supplier(company.supplier_manager, (await selling_company()).id)
        for role, paths in PAGES.items():
            client = await client_of((company.people | supplier.people)[role])
            await client.get(f"/orders/{issued[0].id}")
            for path in paths:
                with counted() as statements:
                    answer = await client.get(path.format(first=firsts[0].id, issued=issued[0].id))
                assert answer.status_code == 200, path
                counts.append((path, len(statements)))
    assert few == many
    assert max(count for _path, count in few) <= 18


async def test_a_buyer_lists_what_one_colleague_entered(client_of):
    company, supplier = await trading_pair()
    theirs = await draft_order(company, supplier)
    buyer = await client_of(company.buyer)
    page = Page(await buyer.get("/orders"))
    assert f'<option value="{company.buyer.person_id}">Me</option>' in page.html
    assert f'<option value="{company.requester.person_id}">{company.requester.name}</option>' in page.html
    assert await numbers(buyer, f"/orders?created_by={company.requester.person_id}") == [theirs.number]
    assert await numbers(buyer, f"/orders?created_by={company.buyer.person_id}") == []
    desk = Page(await (await client_of(supplier.order_desk)).get("/orders"))
    assert "Entered by" not in desk.text


async def test_amounts_of_several_currencies_are_not_told_as_one_order(client_of):
    company, supplier = await trading_pair()
    euros = await draft_order(company, supplier)
    await draft_order(company, supplier, currency="CNY")
    buyer = Reader(await client_of(company.buyer))
    page = await buyer.open("/orders?sort=-gross")
    assert "sorted as figures, whatever their currency" in page.text
    assert "sorted as figures" not in (await buyer.open("/orders")).text
    only = await buyer.open(page.links["EUR"])
    assert [text for text in only.links if text.startswith("PO-")] == [euros.number]
    assert "sorted as figures" not in only.text
    assert "Currency: EUR" in only.text


async def test_a_file_tells_times_as_its_reader_s_clock_shows_them(client_of, superuser, clock):
    company, supplier = await trading_pair()
    superuser.execute("update person set time_zone = 'Asia/Shanghai' where id = %s", (company.buyer.person_id,))
    await clock(datetime(2030, 5, 15, 17, 5, 6, 123456, tzinfo=UTC))
    await draft_order(company, supplier)
    answer = await (await client_of(company.buyer)).get("/orders.csv")
    titles, row = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert dict(zip(titles, row, strict=True))["Created (Asia/Shanghai)"] == "2030-05-16 01:05"


async def test_the_signs_of_progress_are_explained(client_of):
    company, supplier = await trading_pair()
    await draft_order(company, supplier)
    told = Page(await (await client_of(company.buyer)).get("/orders")).text
    assert "Progress: despatched received invoiced not yet in part completely" in told


async def test_a_day_begins_where_its_reader_is(clock):
    company, supplier = await trading_pair()
    await clock(datetime(2030, 5, 15, 23, 30, tzinfo=UTC))
    order = await draft_order(company, supplier)
    found = {}
    for zone in ("UTC", "Asia/Shanghai"):
        async with viewing(msgspec.structs.replace(company.buyer, time_zone=zone)) as view:
            for day in (date(2030, 5, 15), date(2030, 5, 16)):
                page = await orders(view, OrderFilter(created_from=day, created_to=day))
                found[zone, day.day] = [row.id for row in page.items]
    mine = [order.id]
    assert found == {("UTC", 15): mine, ("UTC", 16): [], ("Asia/Shanghai", 15): [], ("Asia/Shanghai", 16): mine}


async def test_a_rejection_leaves_the_home_page_after_a_month_and_the_list_never(client_of, clock):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    await commands.respond(supplier.order_desk, order.id, answer("RE", reason="Sold out"))
    pages = [Reader(await client_of(person)) for person in (company.buyer, company.requester)]
    for reader in pages:
        assert order.number in (await reader.open("/")).links
    await clock(datetime.now(UTC) + timedelta(days=31))
    for reader in pages:
        assert order.number not in (await reader.open("/")).links
        assert order.number in (await reader.open("/orders", state="rejected")).links


async def test_a_queue_says_how_many_there_are_beyond_those_it_shows(client_of):
    company, supplier = await trading_pair()
    for _order in range(6):
        await issued_order(company, supplier)
    page = await Reader(await client_of(supplier.order_desk)).open("/")
    assert page.links["All 6"] == "/orders?open=answer"


async def test_an_approved_order_is_not_called_in_approval(client_of):
    company, supplier = await trading_pair()
    order = await approved_order(company, supplier)
    page = await Reader(await client_of(company.requester)).open("/")
    assert "Your orders to be approved or issued" in page.text
    assert order.number in page.links
