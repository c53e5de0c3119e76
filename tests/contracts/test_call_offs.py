"""Orders take what they call off from their contracts: never past a cap, and what is wanted no more is given back."""

import asyncio

import pytest

from portal.contracts import commands as contracts
from portal.orders import commands as orders
from portal.orders.forms import ChangeForm
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.refusals import Conflict
from tests.harness.agreed import contracted, left_of, of
from tests.harness.contracts import CONTRACTS, active_contract, blanket
from tests.harness.credits import a_rate
from tests.harness.deliveries import disagreements, events_of
from tests.harness.pages import Reader
from tests.harness.world import (
    answer,
    approved_order,
    issued_order,
    line,
    submitted_order,
    trading_pair,
)

ORDERS = "/api/v1/purchase-orders"


async def test_an_issued_order_takes_from_the_contract_and_a_draft_does_not(client_of, superuser):
    company, supplier, contract, item = await contracted(allowance="10")
    order = await approved_order(company, supplier, of(item, 60))
    assert await left_of(client_of, company, contract) == ("0", "110")
    await orders.issue(company.buyer, order.id)
    assert await left_of(client_of, company, contract) == ("60", "50")
    shown = (await (await client_of(supplier.order_desk)).get(f"{CONTRACTS}/{contract.id}")).json()
    assert (shown["called_off_value"], shown["left_value"]) == ("60.00", None)
    listed = (await (await client_of(company.buyer)).get(ORDERS, params={"contract_id": str(contract.id)})).json()
    assert [each["number"] for each in listed["items"]] == [order.number]
    page = await Reader(await client_of(company.buyer)).open(f"/contracts/{contract.id}")
    assert order.number in page.text
    assert "Still to come" in page.text
    assert disagreements(superuser, company) == []


async def test_past_the_cap_and_its_allowance_no_order_is_issued_and_the_refusal_says_what_is_left(client_of):
    company, supplier, contract, item = await contracted(allowance="10")
    await issued_order(company, supplier, of(item, 60))
    order = await approved_order(company, supplier, of(item, 51))
    refused = await (await client_of(company.buyer)).post(f"{ORDERS}/{order.id}/issue")
    assert refused.status_code == 409
    assert "50" in refused.json()["detail"]
    assert contract.number in refused.json()["detail"]
    assert await left_of(client_of, company, contract) == ("60", "50")
    apart = await issued_order(company, supplier, of(item, 51, unit_price="1.10"))
    assert apart.shown_to == supplier.id, "at a price of its own it is ordered outside the contract"


async def test_twenty_orders_at_once_never_pass_cap_and_allowance_together(client_of, superuser):
    company, supplier, contract, item = await contracted(allowance="5")
    waiting = [await approved_order(company, supplier, of(item, 10)) for _each in range(20)]
    client = await client_of(company.buyer)
    answers = await asyncio.gather(*(client.post(f"{ORDERS}/{order.id}/issue") for order in waiting))
    assert sorted(each.status_code for each in answers) == [200] * 10 + [409] * 10
    assert await left_of(client_of, company, contract) == ("100", "5")
    assert disagreements(superuser, company) == []


async def test_what_is_cancelled_rejected_or_closed_short_is_given_back(client_of, superuser):
    company, supplier, contract, item = await contracted()
    cancelled, rejected, shorted = [await issued_order(company, supplier, of(item, 30)) for _each in range(3)]
    assert await left_of(client_of, company, contract) == ("90", "10")
    await orders.cancel(company.buyer, cancelled.id, "No need")
    await orders.respond(supplier.order_desk, rejected.id, answer("RE", reason="Sold out"))
    assert await left_of(client_of, company, contract) == ("30", "70")
    buyer = await client_of(company.buyer)
    line_id = (await buyer.get(f"{ORDERS}/{shorted.id}")).json()["lines"][0]["id"]
    closed = await buyer.post(f"{ORDERS}/{shorted.id}/lines/{line_id}/close", json={"reason": "Enough"})
    assert closed.status_code == 200, closed.text
    assert await left_of(client_of, company, contract) == ("0", "100")
    assert disagreements(superuser, company) == []


async def test_a_line_that_is_wanted_again_takes_only_what_is_left(client_of):
    company, supplier, _contract, item = await contracted()
    first = await issued_order(company, supplier, of(item, 80), line())
    buyer = await client_of(company.buyer)
    line_id = (await buyer.get(f"{ORDERS}/{first.id}")).json()["lines"][0]["id"]
    at = f"{ORDERS}/{first.id}/lines/{line_id}"
    assert (await buyer.post(f"{at}/close", json={"reason": "Enough"})).status_code == 200
    await issued_order(company, supplier, of(item, 50))
    refused = await buyer.post(f"{at}/reopen")
    assert (refused.status_code, "50" in refused.json()["detail"]) == (409, True)


async def test_a_revision_gives_back_or_takes_more_within_the_cap(client_of, superuser):
    company, supplier, contract, item = await contracted()
    order = await issued_order(company, supplier, of(item, 80))
    await orders.respond(supplier.order_desk, order.id, answer("AP"))

    async def wanting(quantity):
        form = convert(ChangeForm, {"reason": "Plan", "lines": [{"line": 1, "code": "3", "quantity": quantity}]})
        asked = (await orders.propose(company.buyer, order.id, form)).asked
        if asked.state == "proposed":
            await orders.approve_change(company.approver, order.id, asked.id)

    await wanting("20")
    assert await left_of(client_of, company, contract) == ("20", "80")
    await wanting("100")
    assert await left_of(client_of, company, contract) == ("100", "0")
    await orders.respond(supplier.order_desk, order.id, answer("AP"))
    with pytest.raises(Conflict, match="are left under contract"):
        await wanting("101")
    assert await left_of(client_of, company, contract) == ("100", "0")
    assert disagreements(superuser, company) == []


async def test_an_agreed_counter_offer_counts_what_the_supplier_confirmed(client_of, superuser):
    company, supplier, contract, item = await contracted()
    order = await issued_order(company, supplier, of(item, 80))
    less = answer("CA", {"line": 1, "code": "3", "quantity": "70", "reason": "Stock"})
    given = await orders.respond(supplier.order_desk, order.id, less)
    assert await left_of(client_of, company, contract) == ("80", "20")
    await orders.accept_counter_offer(company.buyer, order.id, given.response.id)
    assert await left_of(client_of, company, contract) == ("70", "30")
    assert disagreements(superuser, company) == []


async def test_a_blanket_without_prices_counts_the_money_of_orders_that_name_it(client_of, superuser):
    company, supplier = await trading_pair()
    body = blanket(supplier, "1000", allowance="0")
    contract = await active_contract(
        company, supplier, **{name: body[name] for name in ("kind", "value_cap")}, terms=[]
    )
    under = {"contract_id": str(contract.id)}
    await issued_order(company, supplier, line(quantity="50", unit_price="12.00"), **under)
    buyer = await client_of(company.buyer)
    shown = (await buyer.get(f"{CONTRACTS}/{contract.id}")).json()
    assert (shown["called_off_value"], shown["left_value"]) == ("600.00", "400.00")
    over = await approved_order(company, supplier, line(quantity="50", unit_price="8.01"), **under)
    refused = await buyer.post(f"{ORDERS}/{over.id}/issue")
    assert (refused.status_code, "400.00" in refused.json()["detail"]) == (409, True)
    assert disagreements(superuser, company) == []


async def test_money_in_another_currency_counts_by_the_rate_of_the_day_of_issue_for_good(client_of, superuser):
    company, supplier = await trading_pair()
    contract = await active_contract(company, supplier, kind="value", value_cap="1000", terms=[])
    await a_rate(company.payable, "USD", "0.8")
    dollars = {"contract_id": str(contract.id), "currency": "USD"}
    order = await submitted_order(company, supplier, line(quantity="50", unit_price="20.00"), **dollars)
    buyer, approver = await client_of(company.buyer), await client_of(company.approver)
    assert (await approver.post(f"{ORDERS}/{order.id}/approve")).status_code == 200
    await orders.issue(company.buyer, order.id)
    assert (await buyer.get(f"{CONTRACTS}/{contract.id}")).json()["called_off_value"] == "800.00"

    await a_rate(company.payable, "USD", "0.9", "2026-01-03")
    less = answer("CA", {"line": 1, "code": "3", "quantity": "40", "reason": "Stock"})
    given = await orders.respond(supplier.order_desk, order.id, less)
    await orders.accept_counter_offer(company.buyer, order.id, given.response.id)
    shown = (await buyer.get(f"{CONTRACTS}/{contract.id}")).json()
    assert (shown["called_off_value"], shown["left_value"]) == ("640.00", "360.00")
    assert disagreements(superuser, company) == []


async def test_an_order_under_a_contract_that_ended_is_not_issued_but_may_be_given_up(client_of):
    company, supplier, contract, item = await contracted()
    issued = await issued_order(company, supplier, of(item, 40))
    waiting = await approved_order(company, supplier, of(item, 10))
    await contracts.terminate(company.buyer, contract.id, "The works close")
    refused = await (await client_of(company.buyer)).post(f"{ORDERS}/{waiting.id}/issue")
    assert (refused.status_code, "not in force any more" in refused.json()["detail"]) == (409, True)
    await orders.cancel(company.buyer, issued.id, "No need")
    assert await left_of(client_of, company, contract) == ("0", "100")


async def test_the_database_lets_nobody_pass_a_cap_nor_move_a_call_off_to_another_contract(superuser):
    company, supplier, _contract, item = await contracted()
    order = await issued_order(company, supplier, of(item, 60))
    for sql in (
        "update contract_call_off set counted = 101 where order_id = %s",
        "update contract_call_off set contract_id = buyer_id where order_id = %s",
        "update contract_call_off set amount = -1 where order_id = %s",
        "update purchase_order_line set contract_id = null where order_id = %s",
    ):
        with pytest.raises(Exception, match=r"allows|never changes|check"):
            superuser.execute(sql, [order.id])


async def test_whoever_may_change_a_contract_is_told_once_at_four_fifths_and_once_at_all_of_a_cap():
    company, supplier, contract, item = await contracted(allowance="10")
    system = Actor.system(company.id)
    await issued_order(company, supplier, of(item, 79))
    assert await contracts.review(system) == 0
    order = await issued_order(company, supplier, of(item, 1))
    assert (await contracts.review(system), await contracts.review(system)) == (1, 0)
    await orders.cancel(company.buyer, order.id, "No need")
    await issued_order(company, supplier, of(item, 2))
    assert await contracts.review(system) == 0, "called off again is no news"
    await issued_order(company, supplier, of(item, 19))
    assert (await contracts.review(system), await contracts.review(system)) == (1, 0)
    told = await events_of(company.buyer, contract.id)
    assert told[-2:] == ["contract.nearly-used", "contract.used-up"]


async def test_a_rejected_order_that_is_revised_takes_again_what_it_gave_back(client_of, superuser):
    company, supplier, contract, item = await contracted()
    order = await issued_order(company, supplier, of(item, 80))
    await orders.respond(supplier.order_desk, order.id, answer("RE", reason="Too many"))
    assert await left_of(client_of, company, contract) == ("0", "100")
    form = convert(ChangeForm, {"reason": "Fewer", "lines": [{"line": 1, "code": "3", "quantity": "30"}]})
    await orders.propose(company.buyer, order.id, form)
    assert await left_of(client_of, company, contract) == ("30", "70")
    assert disagreements(superuser, company) == []


async def test_an_order_without_a_contract_asks_nothing_of_contracts_and_one_of_many_lines_no_more(client_of, counted):
    company, supplier, _contract, item = await contracted()
    buyer = await client_of(company.buyer)
    asked = []
    for lines in ([line()], [of(item, 1)], [of(item, 1) for _each in range(20)]):
        order = await approved_order(company, supplier, *lines)
        with counted() as statements:
            assert (await buyer.post(f"{ORDERS}/{order.id}/issue")).status_code == 200
        asked.append([sql for sql in statements if "from contract" in sql])
    assert asked[0] == []
    assert len(asked[1]) == len(asked[2]) == 4
