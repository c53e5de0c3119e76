"""Entering an order: what is typed stays, what is wrong is told all at once, and scripts only help."""

import json
import sys

from portal.orders import commands
from portal.orders.forms import OrderEdit
from portal.organisations.commands import approve_supplier
from portal.platform.convert import convert
from tests.harness.masters import set_price
from tests.harness.pages import Page, Reader
from tests.harness.world import an_item, draft_order, line, selling_company, trading_pair

FIRST = {
    "lines__0__description": "Hex bolt M8 × 40",
    "lines__0__quantity": "1200",
    "lines__0__unit": "C62",
    "lines__0__unit_price": "0.0825",
    "lines__0__tax_category": "S",
    "lines__0__tax_rate": "19",
    "lines__0__requested_date": "2030-05-15",
}


async def test_all_problems_are_told_at_once_and_nothing_typed_is_lost(client_of):
    company, _supplier = await trading_pair()
    requester = Reader(await client_of(company.requester))
    wrong = FIRST | {"lines__0__quantity": "-3", "lines__0__unit_price": "1,5", "lines__0__tax_rate": "0"}
    typed = wrong | {"lines__0__item": "NO-SUCH", "note": "Ring\ntwice", "incoterm": "DAP Berlin", "currency": "EUR"}
    page = await requester.send(await requester.open("/orders/new"), "/orders/new", **typed)
    assert page.status == 422
    for told in (
        "Supplier: This field is required.",
        "Line 1, Quantity: Enter a quantity above 0",
        "Line 1, Unit price: Enter a price from 0",
        "Line 1, Item: You have no item NO-SUCH.",
    ):
        assert told in page.text
    kept = page.form("/orders/new").values
    assert {name: kept[name.replace("__", ".")] for name in typed} == typed


async def test_lines_come_and_go_without_a_script(client_of):
    company, _supplier = await trading_pair()
    requester = Reader(await client_of(company.requester))
    form = await requester.open("/orders/new")
    two = await requester.send(form, "/orders/new", add_line="lines", **FIRST)
    assert two.status == 200
    assert "lines.1.quantity" in two.form("/orders/new").values
    one = await requester.send(two, "/orders/new", remove_line="lines.0", lines__1__description="Washer")
    values = one.form("/orders/new").values
    assert values["lines.0.description"] == "Washer"
    assert "lines.1.quantity" not in values


async def test_lines_that_hold_only_defaults_are_none(client_of, superuser):
    company, supplier = await trading_pair()
    requester = Reader(await client_of(company.requester))
    blank = {"lines__1__tax_category": "S", "lines__1__unit": "C62", "lines__1__requested_date": "2030-01-01"}
    third = {name.replace("__0__", "__2__"): value for name, value in FIRST.items()}
    typed = {"supplier_id": str(supplier.id), **FIRST, **blank, **third}
    page = await requester.send(await requester.open("/orders/new"), "/orders/new", **typed)
    assert "is saved as a draft" in page.text, page.text
    assert "Lines 2" in page.text


async def test_totals_by_tax_rate_are_reckoned_on_request(client_of):
    company, supplier = await trading_pair()
    requester = Reader(await client_of(company.requester))
    second = {name.replace("__0__", "__1__"): value for name, value in FIRST.items()} | {"lines__1__tax_rate": "7"}
    typed = {"supplier_id": str(supplier.id), "recalculate": "1", **FIRST, **second, "lines__2__description": "Later"}
    page = await requester.send(await requester.open("/orders/new"), "/orders/new", **typed)
    assert page.status == 200
    for told in ("Tax 19 % on 99.00 EUR", "Tax 7 % on 99.00 EUR", "223.74 EUR", "something is missing: 1"):
        assert told in page.text


async def test_typing_an_item_suggests_it_with_the_suppliers_price(client_of):
    company, supplier = await trading_pair()
    item = await an_item(company, tax_rate=19)
    await set_price(company.supplier_manager, item=item, supplier_id=supplier.id, currency="EUR", unit_price="0.0731")
    client = await client_of(company.requester)
    asked = {"supplier_id": str(supplier.id), "lines.3.item": item.number[:6]}
    some = await client.get("/orders/new/items", params=asked)
    assert f'value="{item.number}"' in some.text
    assert "0.0731" in some.text
    assert "hx-trigger" not in some.headers
    whole = await client.get("/orders/new/items", params=asked | {"lines.3.item": item.number})
    assert json.loads(whole.headers["hx-trigger"])["fill"] == {
        "lines.3.filled": item.number,
        "lines.3.description": "Hex bolt M8",
        "lines.3.unit": "C62",
        "lines.3.tax_category": "S",
        "lines.3.tax_rate": "19",
        "lines.3.unit_price": "0.0731",
        "lines.3.base_quantity": "",
        "lines.3.price_unit": "",
    }
    dollars = await client.get("/orders/new/items", params=asked | {"lines.3.item": item.number, "currency": "USD"})
    assert "lines.3.unit_price" not in json.loads(dollars.headers["hx-trigger"])["fill"]


async def test_no_price_of_another_supplier_is_suggested(client_of):
    company, supplier = await trading_pair()
    _other, rival = await trading_pair()
    item = await an_item(company)
    await set_price(company.supplier_manager, item=item, supplier_id=supplier.id, currency="EUR", unit_price="55.55")
    client = await client_of(company.requester)
    asked = {"supplier_id": str(rival.id), "lines.0.item": item.number}
    assert "55.55" not in (await client.get("/orders/new/items", params=asked)).text


async def test_totals_follow_while_somebody_types(client_of):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)
    typed = {name.replace("__", "."): value for name, value in FIRST.items()} | {"supplier_id": str(supplier.id)}
    told = Page(await client.post("/orders/new/totals", data=typed))
    assert "117.81 EUR" in told.text
    for changes in (
        {"lines.0.quantity": "9" * 44},
        {"lines.0.unit": "never"},
        {"currency": "XXX"},
        {"supplier_id": "x"},
    ):
        answer = await client.post("/orders/new/totals", data=typed | changes)
        assert answer.status_code == 200, changes


async def test_a_draft_is_edited_and_what_is_emptied_becomes_empty(client_of, superuser):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier, line(), line(), note="Ring twice", cost_centre="CC-1")
    requester = Reader(await client_of(company.requester))
    form = await requester.open(f"/orders/{order.id}/edit")
    page = await requester.send(form, "/edit", note="", cost_centre="", lines__1__quantity="7")
    assert "is saved as a draft" in page.text, page.text
    row = superuser.execute("select note, cost_centre, gross from purchase_order where id = %s", (order.id,)).fetchone()
    assert [str(value) for value in row] == ["", "", "252.88"]


async def test_two_people_editing_one_draft_do_not_overwrite_each_other(client_of):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier, note="First")
    requester = Reader(await client_of(company.requester))
    form = await requester.open(f"/orders/{order.id}/edit")
    await commands.edit(company.buyer, order.id, convert(OrderEdit, {"note": "Theirs"}))
    page = await requester.send(form, "/edit", note="Mine")
    assert page.status == 409
    assert page.form("/edit").values["note"] == "Mine"
    for told in ("Somebody changed this", "Theirs", company.buyer.name):
        assert told in page.text
    again = await requester.send(page, "/edit")
    assert "is saved as a draft" in again.text
    assert "Mine" in again.text


async def test_what_is_not_a_draft_cannot_be_edited(client_of):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    requester = Reader(await client_of(company.requester))
    form = await requester.open(f"/orders/{order.id}/edit")
    await requester.send(await requester.open(f"/orders/{order.id}"), "/submit")
    late = await requester.send(form, "/edit", note="Too late")
    assert late.status == 409
    assert "Only a draft can be edited" in late.text
    assert "Submitted for approval" in late.text


async def test_an_address_typed_by_hand_stands_on_the_order(client_of):
    company, supplier = await trading_pair()
    requester = Reader(await client_of(company.requester))
    typed = {"supplier_id": str(supplier.id), "ship_to__street": "Hafen 3", "ship_to__city": "Bremen", **FIRST}
    page = await requester.send(await requester.open("/orders/new"), "/orders/new", **typed)
    assert "Hafen 3" in page.text
    assert "Werkstrasse" not in page.text


async def test_who_may_not_order_finds_no_form(client_of):
    company, supplier = await trading_pair()
    for actor in (company.receiver, company.approver, supplier.order_desk):
        assert (await (await client_of(actor)).get("/orders/new")).status_code == 403


async def priced_item(company, supplier, **price):
    item = await an_item(company, tax_rate=19)
    named = {"currency": "EUR", "unit_price": "5", "base_quantity": "100"} | price
    await set_price(company.supplier_manager, item=item, supplier_id=supplier.id, **named)
    return item


async def test_an_emptied_price_basis_means_one_in_the_preview_and_in_the_draft(client_of, superuser):
    company, supplier = await trading_pair()
    item = await priced_item(company, supplier)
    requester = Reader(await client_of(company.requester))
    typed = FIRST | {"supplier_id": str(supplier.id), "lines__0__item": item.number, "lines__0__filled": item.number}
    typed |= {"lines__0__quantity": "10", "lines__0__unit_price": "0.5", "lines__0__base_quantity": ""}
    form = await requester.open("/orders/new")
    previewed = await requester.send(form, "/orders/new", recalculate="1", **typed)
    assert "Net5.00 EUR" in previewed.text
    told = await (await client_of(company.requester)).post("/orders/new/totals", data=previewed.form("/new").values)
    assert "Net5.00 EUR" in Page(told).text
    saved = await requester.send(form, "/orders/new", **typed)
    assert "Net5.00 EUR" in saved.text, saved.text
    assert "per 100" not in saved.text
    edit = await requester.open(saved.links["Edit"])
    assert edit.form("/edit").values["lines.0.base_quantity"] == ""
    again = await requester.send(edit, "/edit", then="submit")
    assert "was submitted" in again.text
    assert "Net5.00 EUR" in again.text


async def test_a_price_typed_beside_an_item_keeps_its_own_basis_without_a_script(client_of):
    company, supplier = await trading_pair()
    item = await priced_item(company, supplier)
    requester = Reader(await client_of(company.requester))
    typed = FIRST | {"supplier_id": str(supplier.id), "lines__0__item": item.number, "lines__0__unit_price": "0.5"}
    saved = await requester.send(await requester.open("/orders/new"), "/orders/new", **typed)
    assert "per 100" not in saved.text
    assert "600.00 EUR" in saved.text


async def test_recalculating_shows_what_the_item_fills_in_before_anything_is_saved(client_of):
    company, supplier = await trading_pair()
    item = await priced_item(company, supplier)
    requester = Reader(await client_of(company.requester))
    sparse = {"lines__0__item": item.number, "lines__0__quantity": "1000", "lines__0__requested_date": "2030-05-15"}
    typed = sparse | {"supplier_id": str(supplier.id), "recalculate": "1"}
    page = await requester.send(await requester.open("/orders/new"), "/orders/new", **typed)
    values = page.form("/orders/new").values
    assert {name: values[f"lines.0.{name}"] for name in ("description", "unit_price", "base_quantity", "tax_rate")} == {
        "description": "Hex bolt M8",
        "unit_price": "5",
        "base_quantity": "100",
        "tax_rate": "19",
    }
    assert "50.00 EUR" in page.text
    emptied = await requester.send(page, "/orders/new", lines__0__description="", then="save")
    assert "Line 1, Description: This field is required." in emptied.text
    assert emptied.form("/orders/new").values["lines.0.description"] == ""


async def test_each_line_shows_its_net_while_somebody_types(client_of):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)
    typed = {name.replace("__", "."): value for name, value in FIRST.items()} | {"supplier_id": str(supplier.id)}
    told = (await client.post("/orders/new/totals", data=typed)).text
    assert 'id="f-lines-0-net" hx-swap-oob="true"><span class="num">99.00' in told


async def test_only_what_a_person_can_mend_is_told(client_of):
    company, _supplier = await trading_pair()
    requester = Reader(await client_of(company.requester))
    page = await requester.send(await requester.open("/orders/new"), "/orders/new")
    assert page.status == 422
    assert "Supplier: This field is required." in page.text
    assert "Currency: " not in page.text
    assert "Lines: This field is required." not in page.text
    for field in ("Description", "Quantity", "Unit", "Unit price", "Tax %", "Wanted by"):
        assert f"Line 1, {field}: " in page.text, field


async def test_only_currencies_that_people_pay_in_are_offered(client_of):
    company, _supplier = await trading_pair()
    page = await Reader(await client_of(company.requester)).open("/orders/new")
    assert "EUR · Euro" in page.text
    for code in ("XAD", "USN", "UYW"):
        assert f'value="{code}"' not in page.html


async def test_the_purchasing_group_is_entered_like_the_cost_centre(client_of):
    company, supplier = await trading_pair()
    requester = Reader(await client_of(company.requester))
    typed = FIRST | {"supplier_id": str(supplier.id), "purchasing_group": "Fasteners", "cost_centre": "CC-9"}
    saved = await requester.send(await requester.open("/orders/new"), "/orders/new", **typed)
    assert "Purchasing groupFasteners" in saved.text


async def test_of_more_suppliers_than_a_select_holds_the_others_are_found_by_name(client_of, monkeypatch):
    company, first = await trading_pair()
    later = await selling_company(name="Zinc & Sons")
    await approve_supplier(company.supplier_manager, later.id)
    monkeypatch.setattr(sys.modules["portal.organisations.queries.suppliers"], "MOST_CHOICES", 1)
    client = await client_of(company.requester)

    form = (await client.get("/orders/new")).text
    assert (str(first.id) in form, str(later.id) in form, "There are more" in form) == (True, False, True)
    found = (await client.get("/orders/new/suppliers", params={"find_supplier": "sons ZINC"})).text
    assert (str(first.id) in found, str(later.id) in found, "There are more" in found) == (False, True, False)
    chosen = (await client.get("/orders/new", params={"supplier_id": str(later.id)})).text
    assert f'<option value="{later.id}" selected>' in chosen
    listed = (await client.get("/orders", params={"supplier_id": str(later.id)})).text
    assert "Supplier: Zinc &amp; Sons" in listed
