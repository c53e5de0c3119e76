"""On the mapping page: kinds left out and added, the row with the columns' names, the encoding of a text."""

import pytest

from tests.harness.pages import Page, Reader
from tests.harness.world import buying_company
from tests.operations.desk.nordwerk import API, brought, ran, sent
from tests.operations.nordwerk import records

WIDE = (
    "PO;Vendor;Vendor Code;Order date;Part;Part Description;UOM;Qty;Unit price;Received;Received Date\n"
    "1;Foo Ltd;V-1;02-Jun-06;A-1;Bolt M8;Stk;5;2,5;5;5-Jun-06\n"
    "2;Bar Inc;V-2;02-Jun-06;A-2;Nut M8;Stk;5;2,5;4;5-Jun-06\n"
)


async def at_work(client_of):
    """An administrator before a browser, and as a program."""
    person = (await buying_company()).administrator
    return Reader(await client_of(person)), await client_of(person)


async def changed(reader, path, **typed):
    """What happens when a button of the mapping's form is pressed."""
    form = (await reader.open(path)).form(path)
    answer = await reader.client.post(f"{path}/parts", data={**form.values, **typed})
    assert answer.status_code == 303, answer.text
    return await reader.open(path)


async def test_a_kind_that_was_not_proposed_is_added_and_imported(client_of):
    reader, client = await at_work(client_of)
    page = await sent(reader, "/imports/new", "/imports", files=[("all.csv", WIDE)], kind="all")
    path = page.form("/mapping").action
    form = page.form(path)
    assert "orders.number.from" in form.values
    assert "suppliers.number.from" not in form.values, "without a country no supplier can be imported"
    page = await changed(reader, path, add="suppliers", **{"items.unit.value": "H87"})
    form = page.form(path)
    assert form.values["suppliers.number.from"] == "c:Vendor Code"
    assert form.values["suppliers.name.from"] == "c:Vendor"
    told = form.values | {
        "suppliers.country.from": "constant", "suppliers.country.value": "DE", "items.tax_rate.from": "constant",
        "items.tax_rate.value": "19",
    }  # fmt: skip
    answer = await reader.client.post(path, data=told)
    assert answer.status_code == 303, answer.text
    done = await ran(client, path.split("/")[2], trial=True)
    assert (done["state"], done["errors"]) == ("tried", 0), done
    assert done["counts"]["suppliers"]["created"] == 2


async def test_a_kind_is_left_out_and_what_was_typed_of_the_others_stays(client_of):
    reader, _client = await at_work(client_of)
    page = await sent(reader, "/imports/new", "/imports", files=[("all.csv", WIDE)], kind="all")
    path = page.form("/mapping").action
    typed = {
        "drop": "prices",
        "items.name.from": "",
        "items.category.from": "constant",
        "items.category.value": "Metal",
    }
    form = (await changed(reader, path, **typed)).form(path)
    assert "prices.item.from" not in form.values
    assert (form.values["items.name.from"], form.values["items.category.value"]) == ("", "Metal")
    for kind in ("items", "orders"):
        form = (await changed(reader, path, drop=kind)).form(path)
    assert "orders.number.from" in form.values, "the last kind stays"
    assert "items.number.from" not in form.values


async def test_the_row_of_the_header_is_chosen_on_the_page(client_of):
    reader, client = await at_work(client_of)
    text = "Number;Title;Sort\nNr;Name;Einheit\nA-1;Bolt;Stk\nA-2;Nut;Stk\n"
    page = await sent(reader, "/imports/new", "/imports", files=[("items.csv", text)], kind="items")
    path = page.form("/mapping").action
    form = page.form(path)
    columns = {"items.number.from": "c:Nr", "items.name.from": "c:Name", "items.unit.from": "constant"}
    told = form.values | columns | {"items.unit.value": "H87", "items.header": "2"}
    answer = await reader.client.post(path, data=told)
    assert answer.status_code == 303, answer.text
    assert "Bolt" in (await reader.client.get(path.removesuffix("/mapping"))).text
    again = (await reader.open(path)).form(path)
    assert again.values["items.header"] == "2"
    done = await ran(client, path.split("/")[2], trial=False)
    assert (done["state"], done["counts"]["items"]["created"]) == ("imported", 2)


BROKEN = "\ufeffNr;Name\nA-1;Bolt\n".encode() + b"A-2;Stra\xdfe\n"


async def test_the_encoding_is_chosen_where_a_text_cannot_be_read(client_of):
    reader, _client = await at_work(client_of)
    refused = await sent(reader, "/imports/new", "/imports", files=[("items.csv", BROKEN)], kind="items")
    assert "Line 3 of items.csv is not written in UTF-8." in refused.text
    page = await sent(
        reader, "/imports/new", "/imports", files=[("items.csv", BROKEN)], kind="items", encoding="cp1252"
    )
    assert page.form(page.form("/mapping").action).values["format.encoding"] == "cp1252"
    assert "Straße" in (await reader.client.get(page.form("/mapping").action.removesuffix("/mapping"))).text


async def test_programs_choose_it_too(client_of):
    _reader, client = await at_work(client_of)
    made = await brought(client)
    at = f"{API}/{made['id']}/files/items.csv"
    assert (await client.put(at, content=BROKEN)).status_code == 422
    assert (await client.put(at, content=BROKEN, params={"encoding": "cp1252"})).status_code == 200
    odd = await client.put(at, content=BROKEN, params={"encoding": "rot13"})
    assert (odd.status_code, odd.json()["errors"][0]["field"]) == (422, "encoding")


@pytest.mark.parametrize(
    "typed", [{"items.number.like": "A-(.*)"}, {"items.number.split": "-", "items.number.part": "2"}]
)
async def test_keys_are_derived_on_the_page(client_of, typed):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    reader = Reader(await client_of(company.supplier_manager))
    text = "Nr;Name;Rate\nA-1;Bolt;0.19\nA-2;Nut;0.07\n"
    page = await sent(reader, "/imports/new", "/imports", files=[("items.csv", text)], kind="items")
    rate = {"items.tax_rate.from": "c:Rate", "items.tax_rate.times": "100", "items.unit.from": "constant"}
    told = page.form(page.form("/mapping").action).values | {"items.unit.value": "H87"} | rate | typed
    answer = await reader.client.post(page.form("/mapping").action, data=told)
    assert answer.status_code == 303, Page(answer).text
    again = (await reader.open(page.form("/mapping").action)).form(page.form("/mapping").action)
    assert again.values.items() >= (rate | typed).items()
    done = await ran(client, page.form("/mapping").action.split("/")[2], trial=False)
    assert done["counts"]["items"]["created"] == 2
    found = await records(company, "select number, tax_rate::text from item order by number")
    assert [tuple(row.values()) for row in found] == [("1", "19"), ("2", "7")]


async def test_a_mapping_that_lacks_a_needed_field_is_not_started(client_of):
    _reader, client = await at_work(client_of)
    made = await brought(client, ("o.csv", "Order;Vendor\nX1;V-1\n"), kind="orders")
    answer = await client.post(f"{API}/{made['id']}/start", json={})
    assert answer.status_code == 409, answer.text
    assert "The field quantity of lines is needed." in answer.json()["detail"]
