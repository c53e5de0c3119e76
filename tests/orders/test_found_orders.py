"""Orders found by words: all of them, each once, however many were entered in the same moment."""

import re
from datetime import UTC, datetime

from portal.organisations.commands import approve_supplier
from tests.harness.world import buying_company, draft_order, issued_order, line, selling_company, trading_pair

API = "/api/v1/purchase-orders"


async def pages(client, words: str) -> list[str]:
    """The numbers of all that is found, page by page of two."""
    found, cursor = [], ""
    while True:
        answered = (
            await client.get(API, params={"query": words, "limit": 2} | ({"cursor": cursor} if cursor else {}))
        ).json()
        found += [each["number"] for each in answered["items"]]
        if answered["next_cursor"] is None:
            return found
        cursor = answered["next_cursor"]


async def test_pages_of_found_orders_leave_out_none_of_one_moment(client_of, clock):
    company, supplier = await trading_pair()
    await clock(datetime(2026, 11, 20, 9, tzinfo=UTC))
    made = [await draft_order(company, supplier, line(description="Grommet 12")) for _ in range(5)]
    await draft_order(company, supplier, line(description="Spacer"))
    found = await pages(await client_of(company.buyer), "grommet")
    assert sorted(found) == sorted(order.number for order in made)


async def test_a_supplier_finds_what_is_shown_to_it_and_nothing_else(client_of, clock):
    company, supplier = await trading_pair()
    await clock(datetime(2026, 11, 20, 9, tzinfo=UTC))
    shown = [await issued_order(company, supplier, line(description="Grommet 12")) for _ in range(3)]
    await draft_order(company, supplier, line(description="Grommet 12"))
    found = await pages(await client_of(supplier.order_desk), "grommet")
    assert sorted(found) == sorted(order.number for order in shown)


async def test_a_list_on_screen_shows_what_is_found_and_offers_its_filters_when_nothing_is(client_of):
    company, supplier = await trading_pair()
    made = [await draft_order(company, supplier, line(description="Grommet 12")) for _ in range(3)]
    buyer = await client_of(company.buyer)
    shown = (await buyer.get("/orders?query=grommet")).text
    assert all(order.number in shown for order in made)
    empty = (await buyer.get("/orders?query=nothing-of-that-kind")).text
    assert "No order fits" in empty
    assert supplier.name in empty
    assert company.requester.name in empty


async def test_words_that_many_orders_have_are_found_with_other_filters_and_to_the_last_page(client_of):
    company, supplier = await trading_pair()
    old = await issued_order(company, supplier, line(description="Grommet 12"))
    newer = [await draft_order(company, supplier, line(description="Grommet 12")) for _ in range(52)]
    await draft_order(company, supplier, line(description="Spacer"))
    buyer = await client_of(company.buyer)

    found, cursor = [], ""
    while cursor is not None:
        asked = {"query": "grommet 12", "limit": "20"} | ({"cursor": cursor} if cursor else {})
        answered = (await buyer.get(API, params=asked)).json()
        found += [each["number"] for each in answered["items"]]
        cursor = answered["next_cursor"]
    assert found == [order.number for order in reversed(newer)] + [old.number]

    narrowed = (await buyer.get(API, params={"query": "grommet", "state": "issued"})).json()["items"]
    assert [each["number"] for each in narrowed] == [old.number]
    shown = (await buyer.get("/orders?query=grommet&state=draft")).text
    assert "Found: 52" in shown
    assert "Spacer" not in shown


async def test_a_number_means_that_order_and_a_part_of_one_all_that_have_it(client_of):
    company, supplier = await trading_pair()
    first = await issued_order(company, supplier, line(description="Grommet 12"))
    second = await draft_order(company, supplier, line(description=f"As in {first.number}"))
    buyer, desk = await client_of(company.buyer), await client_of(supplier.order_desk)

    assert await pages(buyer, first.number.lower()) == [first.number]
    assert await pages(buyer, f"{first.number} as") == [second.number]
    assert await pages(buyer, first.number[:-1]) == [second.number, first.number]
    assert await pages(desk, first.number) == [first.number]
    assert await pages(buyer, "PO-1999-00001") == []


async def test_a_number_means_to_a_supplier_the_orders_that_its_customers_gave_it(client_of):
    one, supplier = await trading_pair()
    other, rival = await buying_company(), await selling_company()
    for each in (supplier, rival):
        await approve_supplier(other.supplier_manager, each.id)
    order = await issued_order(one, supplier)
    namesake = await issued_order(other, supplier)
    naming = await issued_order(one, supplier, line(description=f"As in {order.number}"))
    theirs = await issued_order(other, rival)
    desk = await client_of(supplier.order_desk)
    assert (order.number, naming.number) == (namesake.number, theirs.number)

    answered = (await desk.get(API, params={"query": order.number})).json()["items"]
    assert {each["id"] for each in answered} == {str(order.id), str(namesake.id)}
    answered = (await desk.get(API, params={"query": theirs.number})).json()["items"]
    assert [each["id"] for each in answered] == [str(naming.id)]


async def test_a_list_is_counted_as_it_is_narrowed(client_of):
    company, supplier = await trading_pair()
    other = await selling_company()
    await approve_supplier(company.supplier_manager, other.id)
    for partner in (supplier, supplier, other):
        await issued_order(company, partner)
    await draft_order(company, supplier)
    buyer, desk = await client_of(company.buyer), await client_of(supplier.order_desk)

    async def found(client, narrowed: str = "") -> str:
        return re.findall(r"Found: (\d+)", (await client.get(f"/orders?{narrowed}")).text)[0]

    assert [await found(buyer, f"state={each}") for each in ("issued", "issued,draft")] == ["3", "4"]
    assert [await found(buyer, f"supplier_id={each.id}") for each in (supplier, other)] == ["3", "1"]
    assert await found(buyer, f"supplier_id={supplier.id}&state=issued") == "2"
    assert [await found(desk, each) for each in ("", "state=issued", f"buyer_id={company.id}")] == ["2", "2", "2"]


async def test_words_that_the_newest_orders_lack_are_found_further_back(client_of, superuser):
    company, supplier = await trading_pair()
    rare = [await draft_order(company, supplier, line(description="Grommet 12")) for _ in range(4)]
    other = await draft_order(company, supplier, line(description="Spacer"))
    columns = ", ".join(
        name
        for (name,) in superuser.execute(
            "select attname from pg_attribute where attrelid = 'purchase_order'::regclass and attnum > 0 "
            "and not attisdropped and attgenerated = '' and attname not in ('id', 'number', 'created_at')"
        )
    )
    superuser.execute("set session_replication_role = replica")
    superuser.execute(
        f"insert into purchase_order (id, number, created_at, {columns}) select gen_random_uuid(), 'X-' || n, "
        f"created_at + interval '1 hour', {columns} from purchase_order, generate_series(1, 320) n where id = %s",
        [other.id],
    )
    superuser.execute("reset session_replication_role")

    found = await pages(await client_of(company.buyer), "grommet")
    superuser.execute("delete from purchase_order where buyer_id = %s and number like 'X-%%'", [company.id])
    assert found == [order.number for order in reversed(rare)]
