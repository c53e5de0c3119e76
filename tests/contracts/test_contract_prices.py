"""Prices of contracts in orders: which one wins, what a line keeps of it, and why every other price lost."""

from decimal import Decimal

import pytest

from portal.contracts import commands as contracts
from portal.reorders import commands as reorders
from tests.harness.agreed import explained
from tests.harness.contracts import CONTRACTS, VALID, active_contract, draft_contract, terms_of
from tests.harness.masters import set_price
from tests.harness.pages import Reader
from tests.harness.world import accepted_order, an_item, line, order_body, trading_pair

ORDERS = "/api/v1/purchase-orders"
BREAKS = ({"unit_price": "9.50", "quantity": "1000"}, {"unit_price": "8.75", "minimum_quantity": "100"})


async def contracted(*breaks, **changes):
    """A company with a contract for an item."""
    company, supplier = await trading_pair()
    item = await an_item(company, tax_rate=Decimal(19))
    contract = await active_contract(company, supplier, terms=terms_of(item, *(breaks or BREAKS)), **changes)
    return company, supplier, item, contract


def of(item, quantity="10", price=None, **more):
    """A line of an item, without a price unless one is typed."""
    said = line(item_id=str(item.id), quantity=quantity, **more)
    return said | {"unit_price": price} if price else {name: said[name] for name in said if name != "unit_price"}


async def test_a_line_without_a_price_takes_the_contracts_at_the_break_of_its_quantity(client_of):
    company, supplier, item, contract = await contracted()
    await set_price(company.supplier_manager, item=item, supplier_id=supplier.id, unit_price="7.00")
    requester = await client_of(company.requester)
    made = await requester.post(ORDERS, json=order_body(supplier, [of(item), of(item, "100")]))
    assert made.status_code == 201, made.text
    few, many = made.json()["lines"]
    assert (few["unit_price"], many["unit_price"]) == ("9.50", "8.75")
    assert {few["contract_id"], many["contract_id"]} == {str(contract.id)}
    assert few["contract_price"] == "9.50"
    told = await explained(requester, made.json())
    assert [(each["source"], each["unit_price"], each["won"]) for each in told["candidates"]] == [
        ("contract", "9.50", True),
        ("contract", "8.75", False),
        ("list", "7.00", False),
    ]
    assert "begins at 100" in told["candidates"][1]["reason"]
    assert contract.number in told["candidates"][2]["reason"]


async def test_the_same_price_typed_is_the_contracts_and_another_one_departs_from_it(client_of):
    company, supplier, item, contract = await contracted()
    requester = await client_of(company.requester)
    lines = [of(item, price="9.5"), of(item, price="9.00"), of(item, price="950", base_quantity="100")]
    order = (await requester.post(ORDERS, json=order_body(supplier, lines))).json()
    same, other, basis = order["lines"]
    assert (same["contract_id"], other["contract_id"]) == (str(contract.id), None)
    assert (other["unit_price"], other["contract_price"]) == ("9.00", "9.50")
    assert (basis["contract_id"], basis["contract_price"]) == (str(contract.id), "950.00")
    told = await explained(requester, order, 2)
    assert (told["departs"], [each["won"] for each in told["candidates"]]) == (True, [False, False])
    assert "typed" in told["candidates"][0]["reason"]
    page = Reader(requester)
    shown = await page.open(f"/orders/{order['id']}")
    assert "Departs from the contract" in shown.text
    why = await page.open(f"/orders/{order['id']}/lines/{other['id']}/price")
    assert "does not count against its limits" in why.text
    assert contract.number in why.text


async def test_without_a_contract_the_list_has_its_price_and_without_both_one_is_asked_for(client_of):
    company, supplier = await trading_pair()
    listed, bare = await an_item(company), await an_item(company)
    await set_price(company.supplier_manager, item=listed, supplier_id=supplier.id, unit_price="7.00")
    requester = await client_of(company.requester)
    order = (await requester.post(ORDERS, json=order_body(supplier, [of(listed)]))).json()
    assert (order["lines"][0]["unit_price"], order["lines"][0]["contract_id"]) == ("7.00", None)
    assert (await explained(requester, order))["candidates"][0]["won"] is True
    refused = await requester.post(ORDERS, json=order_body(supplier, [of(bare)]))
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "lines.0.unit_price")
    by_text = {name: value for name, value in line().items() if name != "unit_price"}
    refused = await requester.post(ORDERS, json=order_body(supplier, [by_text | {"quantity": "-1"}]))
    assert {error["field"] for error in refused.json()["errors"]} == {"lines.0.unit_price", "lines.0.quantity"}


async def test_a_contract_to_come_in_another_currency_or_ended_has_no_price_for_an_order(client_of):
    company, supplier, item, contract = await contracted()
    await active_contract(
        company, supplier, terms=terms_of(item, *BREAKS), valid_from="2030-01-01", valid_to="2030-12-31"
    )
    requester = await client_of(company.requester)
    order = (await requester.post(ORDERS, json=order_body(supplier, [of(item)]))).json()
    reasons = [each["reason"] for each in (await explained(requester, order))["candidates"]]
    assert any("holds from" in reason for reason in reasons)
    dollars = await requester.post(ORDERS, json=order_body(supplier, [of(item, price="9.50")], currency="USD"))
    assert dollars.json()["lines"][0]["contract_price"] is None
    assert all("EUR" in each["reason"] for each in (await explained(requester, dollars.json()))["candidates"])
    await contracts.terminate(company.buyer, contract.id, "The works close")
    refused = await requester.post(ORDERS, json=order_body(supplier, [of(item)]))
    assert refused.json()["errors"][0]["field"] == "lines.0.unit_price"
    assert (await explained(requester, order))["candidates"][0]["won"] is True, "as it was when the line was entered"


async def test_of_two_contracts_the_cheaper_one_holds_unless_the_order_names_one(client_of):
    company, supplier, item, dearer = await contracted()
    cheaper = await active_contract(
        company, supplier, terms=terms_of(item, {"unit_price": "90", "base_quantity": "10", "quantity": "9"})
    )
    requester = await client_of(company.requester)
    order = (await requester.post(ORDERS, json=order_body(supplier, [of(item)]))).json()
    assert (order["lines"][0]["contract_id"], order["lines"][0]["base_quantity"]) == (str(cheaper.id), "10")
    named = order_body(supplier, [of(item), of(item, price="1"), line()], contract_id=str(dearer.id))
    order = (await requester.post(ORDERS, json=named)).json()
    assert order["contract_id"] == str(dearer.id)
    assert {each["contract_id"] for each in order["lines"]} == {str(dearer.id)}
    assert [each["unit_price"] for each in order["lines"]] == ["9.50", "1", "12.50"]


async def test_a_draft_in_another_currency_goes_by_no_contract_any_more(client_of):
    company, supplier, item, _contract = await contracted()
    requester = await client_of(company.requester)
    order = (await requester.post(ORDERS, json=order_body(supplier, [of(item)]))).json()
    moved = (await requester.patch(f"{ORDERS}/{order['id']}", json={"currency": "USD"})).json()
    assert (moved["lines"][0]["contract_id"], moved["lines"][0]["contract_price"]) == (None, None)


async def test_what_is_ordered_again_costs_what_a_contract_in_force_asks(client_of):
    company, supplier = await trading_pair()
    item = await an_item(company, tax_rate=Decimal(19))
    await set_price(company.supplier_manager, item=item, supplier_id=supplier.id, unit_price="7.00")
    order = await accepted_order(company, supplier, of(item))
    contract = await active_contract(company, supplier, terms=terms_of(item, *BREAKS))
    again = await reorders.copy(company.requester, order.id)
    draft = (await (await client_of(company.requester)).get(f"{ORDERS}/{again.order.id}")).json()
    assert (draft["lines"][0]["unit_price"], draft["lines"][0]["contract_id"]) == ("9.50", str(contract.id))


async def test_in_a_browser_an_item_fills_its_line_with_the_contracts_price_and_the_break_follows(client_of):
    company, supplier, item, contract = await contracted()
    reader = Reader(await client_of(company.requester))
    form = await reader.open("/orders/new", supplier_id=str(supplier.id))
    typed = {"lines__0__item": item.number, "lines__0__quantity": "20", "lines__0__requested_date": "2030-01-15"}
    filled = await reader.send(form, "/orders/new", recalculate="1", currency="EUR", **typed)
    assert filled.form("/orders/new").values["lines.0.unit_price"] == "9.50"
    more = await reader.send(filled, "/orders/new", lines__0__quantity="200", then="save")
    assert more.status == 200, more.text
    assert "8.75" in more.text
    assert "Price of the contract" in more.text
    assert contract.number in (await reader.open(more.links["Why this price?"])).text


async def test_the_supplier_reads_why_a_price_holds_and_nobody_else_outside(client_of):
    company, supplier, item, contract = await contracted()
    order = await accepted_order(company, supplier, of(item))
    desk, receiver = await client_of(supplier.order_desk), await client_of(company.receiver)
    shown = (await desk.get(f"{ORDERS}/{order.id}")).json()
    assert (await explained(desk, shown))["candidates"][0]["contract"] == contract.number
    at = f"{ORDERS}/{order.id}/lines/{shown['lines'][0]['id']}/explain-price"
    assert (await receiver.get(at)).status_code == 403
    _other, rival = await trading_pair()
    assert (await (await client_of(rival.order_desk)).get(at)).status_code == 404
    assert (await receiver.get(f"{ORDERS}/{order.id}")).json()["lines"][0]["contract_price"] is None


async def test_a_price_holds_on_its_own_days_and_two_never_hold_on_the_same_day(client_of):
    spring = {"unit_price": "9.00", "quantity": "1000", "valid_to": "2026-06-30"}
    since = {"unit_price": "9.90", "valid_from": "2026-07-01"}
    company, supplier, item, contract = await contracted(spring, since)
    requester = await client_of(company.requester)
    order = (await requester.post(ORDERS, json=order_body(supplier, [of(item)]))).json()
    assert order["lines"][0]["unit_price"] == "9.90"
    found = {each["unit_price"]: each for each in (await explained(requester, order))["candidates"]}
    assert "held until" in found["9.00"]["reason"]
    assert (found["9.90"]["valid_from"], found["9.90"]["won"]) == ("2026-07-01", True)
    buyer = await client_of(company.buyer)
    for began, field in (("2026-06-30", "terms.1.valid_from"), (None, "terms.1.minimum_quantity")):
        body = {"supplier_id": str(supplier.id), "title": "Bolts", "kind": "quantity", "currency": "EUR", **VALID}
        other = {"unit_price": "9.90", "valid_from": began}
        refused = await buyer.post(CONTRACTS, json=body | {"terms": terms_of(item, spring, other)})
        assert [error["field"] for error in refused.json()["errors"]] == [field]
    shown = (await buyer.get(f"{CONTRACTS}/{contract.id}")).json()
    assert [each["valid_to"] for each in shown["terms"]] == ["2026-06-30", None]
    page = await Reader(buyer).open(f"/contracts/{contract.id}")
    assert "Jun 2026" in page.text


async def test_a_contract_may_pick_its_prices_by_the_day_on_which_delivery_is_requested(client_of):
    this_year = {"unit_price": "9.00", "quantity": "1000", "valid_to": "2029-12-31"}
    next_year = {"unit_price": "9.90", "valid_from": "2030-01-01"}
    company, supplier, item, _contract = await contracted(this_year, next_year, price_day="delivery_date")
    requester = await client_of(company.requester)
    lines = [of(item, requested_date="2029-12-31"), of(item, requested_date="2030-01-01")]
    order = (await requester.post(ORDERS, json=order_body(supplier, lines))).json()
    assert [each["unit_price"] for each in order["lines"]] == ["9.00", "9.90"]
    told = await explained(requester, order, 2)
    assert "for deliveries until" in next(each for each in told["candidates"] if not each["won"])["reason"]
    again = (await requester.post(f"{ORDERS}/{order['id']}/copy")).json()
    assert [each["unit_price"] for each in again["order"]["lines"]] == ["9.00", "9.90"], "wanted as long after its day"
    reader = Reader(requester)
    form = await reader.open("/orders/new", supplier_id=str(supplier.id))
    typed = {"lines__0__item": item.number, "lines__0__quantity": "20", "lines__0__requested_date": "2030-01-15"}
    filled = await reader.send(form, "/orders/new", recalculate="1", currency="EUR", **typed)
    assert filled.form("/orders/new").values["lines.0.unit_price"] == "9.90"


async def test_the_database_lets_no_two_prices_hold_on_the_same_day(superuser):
    company, supplier = await trading_pair()
    item = await an_item(company)
    draft = await draft_contract(company, supplier, item=item)
    sql = """insert into contract_term (id, contract_id, buyer_id, supplier_id, position, item_id, item_number,
      description, unit, unit_price, valid_from) select uuidv7(), contract_id, buyer_id, supplier_id, 9, item_id,
      item_number, description, unit, 1, '2027-01-01' from contract_term where contract_id = %s and position = 1"""
    with pytest.raises(Exception, match="on the same day"), superuser.transaction():
        superuser.execute("select set_config('portal.organisation', %s, true)", [str(company.id)])
        superuser.execute(sql, [draft.id])
