"""What an item's and a supplier's page show, for programs, page by page."""

from tests.harness.masters import set_price
from tests.harness.world import an_item, issued_order, line, trading_pair

API = "/api/v1"


async def test_an_items_orders_and_prices_go_on_by_cursor(client_of):
    company, supplier = await trading_pair()
    item = await an_item(company)
    orders = [
        await issued_order(company, supplier, line(item_id=str(item.id), unit_price=price)) for price in ("3", "4", "5")
    ]
    client = await client_of(company.supplier_manager)
    for path, told in (("orders", ["5", "4", "3"]), ("agreed-prices", ["5", "4", "3"])):
        seen, at = [], f"{API}/items/{item.id}/{path}?limit=2"
        while at:
            page = (await client.get(at)).json()
            seen += [(each["price"], each["order_id"]) for each in page["items"]]
            at = page["next_cursor"] and f"{API}/items/{item.id}/{path}?limit=2&cursor={page['next_cursor']}"
        assert seen == list(zip(told, [str(order.id) for order in reversed(orders)], strict=True))
    (by,) = (await client.get(f"{API}/items/{item.id}/suppliers")).json()["items"]
    assert (by["supplier_id"], by["orders"], by["last_price"]) == (str(supplier.id), 3, "5")


async def test_a_suppliers_items_and_months_are_its_buyers_alone(client_of):
    company, supplier = await trading_pair()
    item = await an_item(company)
    await set_price(company.supplier_manager, item=item, supplier_id=supplier.id, unit_price="3.5")
    await issued_order(company, supplier, line(item_id=str(item.id), unit_price="3"))
    client = await client_of(company.supplier_manager)
    (bought,) = (await client.get(f"{API}/suppliers/{supplier.id}/items")).json()["items"]
    assert (bought["number"], bought["last_price"], bought["asked"]) == (item.number, "3", "3.5")
    (month,) = (await client.get(f"{API}/suppliers/{supplier.id}/months")).json()["items"]
    assert month["orders"] == 1
    other, _theirs = await trading_pair()
    stranger = await client_of(other.supplier_manager)
    for path in (f"items/{item.id}/orders", f"items/{item.id}/agreed-prices", f"suppliers/{supplier.id}/items"):
        assert (await stranger.get(f"{API}/{path}")).status_code == 404


async def test_payment_terms_go_on_by_cursor(client_of):
    company, _supplier = await trading_pair()
    client = await client_of(company.supplier_manager)
    for days in (10, 20, 30):
        assert (
            await client.post(f"{API}/payment-terms", json={"name": f"{days} days", "days": days})
        ).status_code == 201
    first = (await client.get(f"{API}/payment-terms?limit=2")).json()
    rest = (await client.get(f"{API}/payment-terms?limit=2&cursor={first['next_cursor']}")).json()
    assert [each["days"] for each in first["items"] + rest["items"]] == [10, 20, 30]
    assert rest["next_cursor"] is None
