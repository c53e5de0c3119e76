"""Items and prices by hand."""

from tests.harness.masters import set_price
from tests.harness.pages import Page
from tests.harness.world import an_item, buying_company, trading_pair

AT = "/api/v1/items"
BOLT = {"number": "FA-1", "name": "Hex bolt", "unit": "C62", "tax_category": "S", "tax_rate": "19"}


def fields(answer):
    return {error["field"] for error in answer.json()["errors"]}


async def test_an_item_is_added_edited_and_found_by_its_new_name(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await client.post("/items/new", data=BOLT | {"gtin": "4006381333931", "category": "Fasteners"})
    assert made.status_code == 303, made.text
    item = (await client.get(f"{AT}?query=hex")).json()["items"][0]
    assert (item["number"], item["gtin"], item["category"]) == ("FA-1", "4006381333931", "Fasteners")
    assert made.headers["location"] == f"/items/{item['id']}"
    seen = (await client.get(f"{AT}/{item['id']}")).headers["etag"]
    edited = await client.put(f"{AT}/{item['id']}", json=BOLT | {"name": "Cap screw"}, headers={"if-match": seen})
    assert (edited.json()["name"], edited.json()["gtin"]) == ("Cap screw", "")
    assert (await client.put(f"{AT}/{item['id']}", json=BOLT, headers={"if-match": seen})).status_code == 412
    assert [each["number"] for each in (await client.get(f"{AT}?query=screw")).json()["items"]] == ["FA-1"]


async def test_all_that_is_wrong_with_an_item_is_said_and_nothing_typed_is_lost(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    page = await client.post(
        "/items/new", data={"number": " A", "unit": "XYZW", "tax_category": "S", "tax_rate": "0", "gtin": "1"}
    )
    assert page.status_code == 422
    read = Page(page)
    for said in ("Number:", "Name: This field is required", "Unit:", "Tax rate: The standard tax rate", "GTIN:"):
        assert said in read.text
    assert 'value="XYZW"' in page.text or ">XYZW" in page.text


async def test_the_same_number_is_refused_and_an_item_that_looks_the_same_asked_about(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    assert (await client.post(AT, json=BOLT)).status_code == 201
    same = await client.post(AT, json=BOLT)
    assert (same.status_code, fields(same)) == (409, {"number"})
    alike = await client.post(AT, json=BOLT | {"number": "FA-2", "name": "HEX BOLT"})
    assert (alike.status_code, fields(alike)) == (409, {"name"})
    assert (await client.post(AT, json=BOLT | {"number": "FA-2", "another": True})).status_code == 201


async def test_prices_by_quantity_are_entered_at_once_and_taken_over(client_of):
    company, supplier = await trading_pair()
    item = await an_item(company)
    client = await client_of(company.supplier_manager)
    typed = {
        "supplier_id": str(supplier.id), "currency": "EUR", "base_quantity": "100", "supplier_item_number": "B-77",
        "lead_time_days": "7", "valid_from": "2026-01-01",
        "breaks.0.minimum_quantity": "", "breaks.0.unit_price": "8.25",
        "breaks.1.minimum_quantity": "1000", "breaks.1.unit_price": "7.90", "breaks.2.unit_price": "",
    }  # fmt: skip
    wrong = await client.post(f"/items/{item.id}/prices/new", data=typed | {"breaks.1.minimum_quantity": "0"})
    assert wrong.status_code == 422
    assert "Break 2" in Page(wrong).text
    assert (await client.post(f"/items/{item.id}/prices/new", data=typed)).status_code == 303
    prices = (await client.get(f"{AT}/{item.id}")).json()["prices"]
    told = [(each["minimum_quantity"], each["unit_price"], each["base_quantity"]) for each in prices]
    assert told == [(None, "8.25", "100"), ("1000", "7.90", "100")]
    assert {each["supplier_item_number"] for each in prices} == {"B-77"}
    again = await client.post(f"/items/{item.id}/prices/new", data=typed)
    assert again.status_code == 409
    assert 'value="7.90"' in again.text
    assert (await client.post(f"/items/{item.id}/prices/new", data=typed | {"currency": "USD"})).status_code == 303


async def test_a_price_ends_and_is_never_somebody_elses(client_of):
    company, supplier = await trading_pair()
    item = await an_item(company)
    price = await set_price(company.supplier_manager, item=item, supplier_id=supplier.id, unit_price="5")
    client = await client_of(company.supplier_manager)
    at, body = f"/items/{item.id}/prices/{price.id}", {"currency": "EUR", "unit_price": "5"}
    assert (await client.get(f"{at}/edit")).status_code == 200
    backwards = {"valid_from": "2026-02-01", "valid_to": "2026-01-31"}
    assert fields(await client.put(f"/api/v1{at}", json=body | backwards)) == {"valid_to"}
    ended = await client.put(f"/api/v1{at}", json=body | {"valid_to": "2026-01-31"})
    assert ended.json()["prices"][0]["valid_to"] == "2026-01-31"
    other, _theirs = await trading_pair()
    stranger = await client_of(other.supplier_manager)
    assert (await stranger.put(f"/api/v1{at}", json=body)).status_code == 404
    assert (await (await client_of(supplier.administrator)).put(f"/api/v1{at}", json=body)).status_code == 403


async def test_the_unit_of_an_item_stays_once_prices_count_in_it(client_of):
    company, supplier = await trading_pair()
    item = await an_item(company)
    client = await client_of(company.supplier_manager)
    assert (await client.put(f"{AT}/{item.id}", json=BOLT | {"unit": "KGM"})).status_code == 200
    await set_price(company.supplier_manager, item=item, supplier_id=supplier.id, unit_price="5")
    refused = await client.put(f"{AT}/{item.id}", json=BOLT)
    assert (refused.status_code, fields(refused)) == (409, {"unit"})


async def test_an_item_that_is_not_ordered_any_more_is_offered_to_nobody(client_of):
    company = await buying_company()
    item = await an_item(company)
    client = await client_of(company.supplier_manager)
    assert (await client.post(f"/items/{item.id}/retire", data={"reason": ""})).status_code == 422
    assert (await client.post(f"/items/{item.id}/retire", data={"reason": "Replaced."})).status_code == 303
    assert "Not ordered any more" in Page(await client.get(f"/items/{item.id}")).text
    assert (await client.post(f"{AT}/{item.id}/retire")).status_code == 409
    assert (await client.post(f"{AT}/{item.id}/reinstate")).json()["active"] is True


async def test_who_only_orders_edits_no_items(client_of):
    company = await buying_company()
    item = await an_item(company)
    client = await client_of(company.buyer)
    assert "New item" not in Page(await client.get("/items")).text
    for path in ("/items/new", f"/items/{item.id}/edit", f"/items/{item.id}/prices/new"):
        assert (await client.get(path)).status_code == 403
    assert (await client.post(AT, json=BOLT)).status_code == 403
