"""What is to be performed under a contract: agreed on, printed, told when it changes, reported and judged."""

from typing import Any

from portal.contracts import commands
from portal.contracts.forms import PerformanceForm
from portal.contracts.rules import MEASURES
from portal.platform.convert import convert
from portal.scorecards.rules import CRITERIA
from tests.harness.agreed import paper_of, text_of
from tests.harness.contracts import (
    CONTRACTS,
    OWED,
    active_contract,
    draft_contract,
    owing_contract,
    signed_amendment,
)
from tests.harness.pages import Reader
from tests.harness.world import an_item, issued_order, line, trading_pair

DELIVERABLES = "/api/v1/deliverables"


async def shown(client: Any, contract: Any) -> dict[str, Any]:
    return (await client.get(f"{CONTRACTS}/{contract.id}")).json()


async def test_what_is_to_be_performed_stands_on_page_and_paper_for_both_sides(client_of):
    company, supplier = await trading_pair()
    item = await an_item(company)
    contract = await draft_contract(company, supplier, item=item)
    buyer = await client_of(company.buyer)
    planned = [{"item_id": str(item.id), "quantity": "400", "due_on": f"2027-0{month}-01"} for month in (2, 3)]
    said = await buyer.put(f"{CONTRACTS}/{contract.id}/performance", json=OWED | {"deliveries": planned})
    assert said.status_code == 200, said.text
    await commands.offer(company.buyer, contract.id)

    desk = await client_of(supplier.order_desk)
    told = await shown(desk, contract)
    assert [(each["measure"], each["least"]) for each in told["levels"]] == [("on_time_requested", "95")]
    assert [each["title"] for each in told["deliverables"]] == ["Test report", "Training"]
    assert [each["quantity"] for each in told["deliveries"]] == ["400", "400"]
    page, paper = (await Reader(desk).open(f"/contracts/{contract.id}")).text, text_of(await paper_of(desk, contract))
    for words in ("On time, in full: as requested", "95 %", "Test report", "Training", item.name, "400"):
        assert words in page, words
        assert words in paper, words


async def test_all_that_is_wrong_is_said_at_once_and_nothing_is_kept(client_of):
    company, supplier = await trading_pair()
    contract = await draft_contract(company, supplier)
    theirs = await an_item((await trading_pair())[0])
    level = {"measure": "quality", "least": "99"}
    body = {
        "levels": [level, level, {"measure": "price", "least": "0"}],
        "deliverables": [{"title": "Drawing", "due_on": "2027-01-01"}] * 2,
    }
    buyer, at = await client_of(company.buyer), f"{CONTRACTS}/{contract.id}/performance"
    refused = await buyer.put(at, json=body)
    fields = {error["field"] for error in refused.json()["errors"]}
    assert fields == {"levels.1.measure", "levels.2.least", "deliverables.1.title"}

    planned = [{"item_id": str(theirs.id), "quantity": "1", "due_on": "2025-01-01"}]
    refused = await buyer.put(at, json={"deliveries": planned})
    fields = {error["field"] for error in refused.json()["errors"]}
    assert fields == {"deliveries.0.item_id", "deliveries.0.due_on"}
    assert (await shown(buyer, contract))["deliverables"] == []


async def test_the_grids_of_the_page_say_the_same_and_keep_what_was_typed(client_of):
    company, supplier = await trading_pair()
    item = await an_item(company)
    contract = await draft_contract(company, supplier, item=item)
    buyer = await client_of(company.buyer)
    reader = Reader(buyer)
    page = await reader.open(f"/contracts/{contract.id}/performance")
    typed = {"levels__0__measure": "quality", "levels__0__least": "x", "deliverables__0__title": "Drawing"}
    typed |= {"deliverables__0__due_on": "2027-05-01", "deliveries__0__item": "none", "deliveries__0__quantity": "5"}
    page = await reader.send(page, "/performance", **typed)
    assert page.status == 422
    for words in ("You have no item none.", "Drawing", "Enter a percentage"):
        assert words in page.html, words
    typed = {"levels__0__least": "99.5", "deliveries__0__item": item.number, "deliveries__0__due_on": "2027-02-01"}
    await reader.send(page, "/performance", **typed)
    told = await shown(buyer, contract)
    assert told["levels"][0]["least"] == "99.5"
    assert told["deliveries"][0]["item_id"] == str(item.id)


async def test_a_supplier_is_asked_again_and_reads_what_changed(client_of):
    company, supplier = await trading_pair()
    contract = await draft_contract(company, supplier)
    await commands.set_performance(company.buyer, contract.id, convert(PerformanceForm, OWED))
    await commands.offer(company.buyer, contract.id)
    await commands.agree(supplier.order_desk, contract.id)
    changed = {"levels": [{"measure": "on_time_requested", "least": "98"}], "deliverables": OWED["deliverables"][:1]}
    await commands.set_performance(company.buyer, contract.id, convert(PerformanceForm, changed))

    desk = await client_of(supplier.order_desk)
    assert (await shown(desk, contract))["agreed_at"] is None
    last = (await desk.get(f"{CONTRACTS}/{contract.id}/rounds")).json()["items"][-1]
    assert [(each["field"], each["item"]) for each in last["differences"]] == [
        ("level", "on_time_requested"),
        ("deliverable", "Training"),
    ]
    page = (await Reader(desk).open(f"/contracts/{contract.id}/rounds")).text
    for words in ("95 % at least", "98 % at least", "Training"):
        assert words in page, words


async def test_a_deliverable_is_reported_refused_reported_again_and_accepted(client_of):
    company, supplier = await trading_pair()
    contract = await owing_contract(company, supplier)
    buyer, desk = await client_of(company.buyer), await client_of(supplier.order_desk)
    owed = (await shown(desk, contract))["deliverables"][0]["id"]

    said = await desk.post(f"{DELIVERABLES}/{owed}/deliver", json={"reason": "Sent as report 7."})
    assert said.json()["deliverables"][0]["state"] == "delivered"
    again = await desk.post(f"{DELIVERABLES}/{owed}/deliver", json={"reason": "Twice."})
    assert again.status_code == 409
    assert (await desk.post(f"{DELIVERABLES}/{owed}/accept")).status_code == 403
    refused = await buyer.post(f"{DELIVERABLES}/{owed}/refuse", json={"reason": "Page 3 is missing."})
    told = refused.json()["deliverables"][0]
    assert (told["state"], told["objection"]) == ("due", "Page 3 is missing.")
    page = await Reader(await client_of(supplier.order_desk)).open(f"/contracts/{contract.id}")
    assert "Page 3 is missing." in page.text

    await desk.post(f"{DELIVERABLES}/{owed}/deliver", json={"reason": "With page 3."})
    accepted = await buyer.post(f"{DELIVERABLES}/{owed}/accept")
    assert accepted.status_code == 200, accepted.text
    told = accepted.json()["deliverables"][0]
    assert (told["state"], told["said"], told["objection"]) == ("accepted", "With page 3.", "")


async def test_nobody_reports_before_the_contract_is_in_force_and_no_stranger_ever(client_of):
    company, supplier = await trading_pair()
    contract = await draft_contract(company, supplier)
    await commands.set_performance(company.buyer, contract.id, convert(PerformanceForm, OWED))
    await commands.offer(company.buyer, contract.id)
    desk = await client_of(supplier.order_desk)
    owed = (await shown(desk, contract))["deliverables"][0]["id"]
    early = await desk.post(f"{DELIVERABLES}/{owed}/deliver", json={"reason": "Early."})
    assert early.status_code == 409
    _, stranger = await trading_pair()
    other = await client_of(stranger.order_desk)
    assert (await other.post(f"{DELIVERABLES}/{owed}/deliver", json={"reason": "x"})).status_code == 404
    assert (await other.get(f"/deliverables/{owed}")).status_code == 404


async def test_an_amendment_takes_over_what_was_reported_of_what_it_keeps(client_of):
    company, supplier = await trading_pair()
    contract = await owing_contract(company, supplier)
    buyer, desk = await client_of(company.buyer), await client_of(supplier.order_desk)
    first, second = (await shown(desk, contract))["deliverables"]
    draft = await commands.amend(company.buyer, contract.id)
    kept = {"id": first["id"], "title": "Test report, signed", "due_on": "2027-04-01"}
    form = convert(PerformanceForm, {"deliverables": [kept, {"title": "Manual", "due_on": "2027-05-01"}]})
    await commands.set_performance(company.buyer, draft.id, form)
    await desk.post(f"{DELIVERABLES}/{first['id']}/deliver", json={"reason": "While it was negotiated."})
    await signed_amendment(company, supplier, draft)
    await commands.take_effect(company.buyer)

    told = (await shown(desk, contract))["deliverables"]
    assert [(each["title"], each["state"]) for each in told] == [
        ("Test report, signed", "delivered"),
        ("Manual", "due"),
    ]
    gone = await desk.post(f"{DELIVERABLES}/{second['id']}/deliver", json={"reason": "Not owed any more."})
    assert gone.status_code == 409
    accepted = await buyer.post(f"{DELIVERABLES}/{first['id']}/accept")
    assert accepted.json()["deliverables"][0]["state"] == "accepted"


async def test_orders_fill_planned_deliveries_the_earliest_first(client_of):
    company, supplier = await trading_pair()
    item = await an_item(company)
    planned = [{"item_id": str(item.id), "quantity": "400", "due_on": day} for day in ("2027-03-01", "2027-02-01")]
    contract = await active_contract(company, supplier, item=item, performance={"deliveries": planned})
    await issued_order(company, supplier, line(item_id=str(item.id), quantity="500", unit_price="9.50"))
    told = (await shown(await client_of(company.buyer), contract))["deliveries"]
    assert [(each["due_on"], each["called_off"]) for each in told] == [("2027-03-01", "100"), ("2027-02-01", "400")]


def test_levels_are_measured_by_what_scorecards_measure():
    assert {code: str(name) for code, name in MEASURES.items()} == {
        code: str(each.title) for code, each in CRITERIA.items() if code != "on_time_last_confirmed"
    }
