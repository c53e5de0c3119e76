"""Items and what suppliers ask for them."""

from datetime import UTC, date, datetime
from decimal import Decimal

from portal.catalogue.queries import Needed, offered, offered_again
from portal.organisations.commands import approve_supplier
from portal.platform.work import viewing
from tests.harness.masters import set_price
from tests.harness.pages import Page
from tests.harness.world import an_item, buying_company, selling_company, trading_pair


async def test_items_are_found_by_number_and_words(client_of):
    company, _supplier = await trading_pair()
    items = [await an_item(company) for _each in range(3)]
    client = await client_of(company.buyer)
    numbers = [item["number"] for item in (await client.get("/api/v1/items")).json()["items"]]
    assert numbers == sorted(item.number for item in items)
    found = (await client.get(f"/api/v1/items?query=bolt+{items[1].number.lower()}")).json()["items"]
    assert [item["id"] for item in found] == [str(items[1].id)]
    first = (await client.get("/api/v1/items?limit=2")).json()
    rest = (await client.get(f"/api/v1/items?limit=2&cursor={first['next_cursor']}")).json()
    assert [item["number"] for item in first["items"] + rest["items"]] == numbers
    assert rest["next_cursor"] is None
    page = Page(await client.get("/items?query=bolt"))
    assert page.links[items[0].number] == f"/items/{items[0].id}"


async def test_an_item_shows_its_prices_to_who_may_see_prices(client_of):
    company, supplier = await trading_pair()
    item = await an_item(company)
    await set_price(company.supplier_manager, item=item, supplier_id=supplier.id, currency="EUR", unit_price="0.0731")
    buyer, receiver = await client_of(company.buyer), await client_of(company.receiver)
    told = (await buyer.get(f"/api/v1/items/{item.id}")).json()
    assert [(price["supplier"]["name"], price["unit_price"]) for price in told["prices"]] == [(supplier.name, "0.0731")]
    assert "0.0731 EUR" in Page(await buyer.get(f"/items/{item.id}")).text
    hidden = (await receiver.get(f"/api/v1/items/{item.id}")).json()
    assert hidden["prices"][0]["unit_price"] is None
    for path in (f"/items/{item.id}", f"/suppliers/{supplier.id}", "/items"):
        assert "0.0731" not in (await receiver.get(path)).text


async def test_items_of_others_are_not_there(client_of):
    company, _supplier = await trading_pair()
    other, _theirs = await trading_pair()
    item = await an_item(other)
    client = await client_of(company.buyer)
    for path in (f"/items/{item.id}", f"/api/v1/items/{item.id}"):
        assert (await client.get(path)).status_code == 404
    assert (await client.get(f"/api/v1/items?query={item.number}")).json()["items"] == []


async def test_a_supplier_looks_at_no_buyers_items(client_of):
    company, supplier = await trading_pair()
    item = await an_item(company)
    client = await client_of(supplier.order_desk)
    for path in ("/items", f"/items/{item.id}", "/api/v1/items"):
        assert (await client.get(path)).status_code == 403


async def test_a_price_begins_with_the_buyers_own_day(clock):
    company, supplier = await buying_company(time_zone="Asia/Shanghai"), await selling_company()
    await approve_supplier(company.supplier_manager, supplier.id)
    item = await an_item(company)
    tomorrow = {"unit_price": Decimal(9), "currency": "EUR", "valid_from": date(2030, 5, 16)}
    await set_price(company.supplier_manager, item=item, supplier_id=supplier.id, **tomorrow)

    async def price() -> Decimal | None:
        async with viewing(company.requester) as view:
            return (await offered(view, [item.number], supplier.id))[item.number].unit_price

    await clock(datetime(2030, 5, 15, 15, 30, tzinfo=UTC))
    assert await price() is None
    await clock(datetime(2030, 5, 15, 16, 30, tzinfo=UTC))
    assert await price() == 9


async def test_a_known_quantity_is_asked_for_at_the_price_of_its_break(connected):
    """From 1: 5.00, from 100: 4.00, from 1,000 up to 5,000: 3.00; in dollars from 1: 6.00."""
    company, supplier = await trading_pair()
    item = await an_item(company)
    for currency, price, least, most in (
        ("USD", 6, Decimal(1), None),
        ("EUR", 5, None, Decimal(99)),
        ("EUR", 4, Decimal(100), Decimal(999)),
        ("EUR", 3, Decimal(1000), Decimal(5000)),
    ):
        told = {"unit_price": Decimal(price), "minimum_quantity": least, "maximum_quantity": most}
        await set_price(company.supplier_manager, item=item, supplier_id=supplier.id, currency=currency, **told)
    asked = [Needed(item.id, Decimal(quantity), item.unit) for quantity in (1, 99, 100, 1000, 5001)]
    asked.append(Needed(item.id, Decimal(100), "DZN"))
    async with viewing(company.requester) as view:
        euros = await offered_again(view, asked, supplier.id, "EUR")
        dollars = await offered_again(view, asked, supplier.id, "USD")
        usual = (await offered(view, [item.number], supplier.id, "EUR"))[item.number]
    assert [euros[need].unit_price for need in asked] == [5, 5, 4, 3, None, 5]
    assert {dollars[need].unit_price for need in asked} == {6}
    assert (usual.unit_price, usual.currency) == (5, "EUR")


async def test_a_newer_price_list_ends_the_breaks_of_the_older_one(connected):
    """The list of May has one price; what the older one asked for 100 and more is over, in its own currency alone."""
    company, supplier = await trading_pair()
    item = await an_item(company)
    for currency, price, least, since in (
        ("EUR", 5, None, None),
        ("EUR", 4, Decimal(100), date(2026, 1, 1)),
        ("USD", 3, Decimal(100), date(2026, 1, 2)),
        ("EUR", 6, None, date(2026, 5, 1)),
        ("EUR", 1, None, date(2099, 5, 1)),
    ):
        told = {"unit_price": Decimal(price), "minimum_quantity": least, "valid_from": since}
        await set_price(company.supplier_manager, item=item, supplier_id=supplier.id, currency=currency, **told)
    many = Needed(item.id, Decimal(100), item.unit)
    async with viewing(company.requester) as view:
        euros = await offered_again(view, [many], supplier.id, "EUR")
        dollars = await offered_again(view, [many], supplier.id, "USD")
    assert (euros[many].unit_price, dollars[many].unit_price) == (6, 3)
