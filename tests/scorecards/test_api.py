"""The scorecard as programs read it, and who may."""

from datetime import date
from decimal import Decimal

import pytest

from portal.access.commands import add_member
from portal.access.tables import Person
from portal.organisations.commands import approve_supplier
from portal.platform.actor import Actor
from portal.platform.ids import new_id
from tests.harness.deliveries_facts import invoiced, noon, promised_order, received
from tests.harness.world import buying_company, selling_company, trading_pair

WANTED = date(2030, 5, 15)
MAY = {"period": "2030-05"}


async def scored_pair(clock):
    """Two orders of May: one came in full with a tenth rejected, one never came."""
    company, supplier = await trading_pair()
    punctual = await promised_order(company, supplier, WANTED)
    await promised_order(company, supplier, WANTED)
    await received(company, punctual.id, 9, 1, at=noon(WANTED))
    await clock(noon(date(2030, 5, 20)))
    await invoiced(company.payable, punctual.id, 9, "12.50")
    return company, supplier


async def test_a_scorecard_tells_each_figure_with_its_counts_and_the_address_of_its_facts(clock, client_of):
    company, supplier = await scored_pair(clock)
    client = await client_of(company.buyer)
    answer = await client.get(f"/api/v1/suppliers/{supplier.id}/scorecard", params=MAY)
    assert answer.status_code == 200, answer.text
    card = answer.json()

    assert (card["period"], card["supplier"]["id"], card["buyer"]["name"]) == (
        "2030-05",
        str(supplier.id),
        company.name,
    )
    figures = {criterion["name"]: criterion for criterion in card["criteria"]}
    assert {name: figure["value"] for name, figure in figures.items()} == {
        "on_time_requested": "0.5000",
        "on_time_first_confirmed": "0.5000",
        "on_time_last_confirmed": "0.5000",
        "quality": "0.9000",
        "fill_rate": "0.5000",
        "responsiveness": None,
        "price": "1.0000",
        "invoice_accuracy": "1.0000",
    }
    assert sum(Decimal(figure["weight"]) for figure in figures.values()) == 100
    assert (figures["quality"]["achieved"], figures["quality"]["base"], figures["quality"]["count"]) == ("0.9", "1", 1)
    assert figures["responsiveness"]["score"] is None
    assert (card["coverage"], card["count"]) == ("90.0", 1)
    exact = Decimal(20 * 50 + 15 * 50 + 25 * 90 + 10 * 50 + 10 * 100 + 10 * 100) / 90
    assert card["score"] == f"{exact:.1f}"
    [listed] = (await client.get("/api/v1/scorecards", params={"period": "2030-05"})).json()["items"]
    assert listed["score"] in (None, card["score"])
    assert (card["standing"], card["no_standing_because"]) == (None, "too_few")

    for figure in figures.values():
        facts = (await client.get(figure["facts_url"])).json()
        assert facts["next_cursor"] is None
        achieved = sum(Decimal(fact["achieved"]) for fact in facts["items"])
        base = sum(Decimal(fact["base"]) for fact in facts["items"])
        assert figure["value"] == (None if base == 0 else f"{achieved / base:.4f}")


async def test_without_a_period_it_is_the_present_month_and_all_of_time_is_one_too(clock, client_of):
    company, supplier = await scored_pair(clock)
    client = await client_of(company.auditor)
    path = f"/api/v1/suppliers/{supplier.id}/scorecard"

    assert (await client.get(path)).json()["period"] == "2030-05"
    everything = (await client.get(path, params={"period": "all"})).json()
    assert everything["criteria"][5]["value"] == "1.0000"
    for wrong in ("2030-5", "2030-13", "yesterday", "9" * 50):
        assert (await client.get(path, params={"period": wrong})).status_code == 400
    assert (await client.get(f"{path}/facts", params={"criterion": "beauty"})).status_code == 400
    assert (await client.get(f"{path}/facts", params={"criterion": "price", "cursor": "x"})).status_code == 400


async def test_a_supplier_sees_its_own_score_and_nobody_elses(clock, client_of):
    company, supplier = await scored_pair(clock)
    rival = await selling_company()
    await approve_supplier(company.supplier_manager, rival.id)
    desk, spy = await client_of(supplier.order_desk), await client_of(rival.order_desk)
    path = f"/api/v1/suppliers/{supplier.id}/scorecard"
    seen = await (await client_of(company.buyer)).get(path, params=MAY)

    own = await desk.get(path, params=MAY)
    assert own.json()["criteria"] == seen.json()["criteria"]
    facts = (await desk.get(f"{path}/facts", params=MAY | {"criterion": "quality"})).json()
    assert len(facts["items"]) == 1

    for params in (MAY, MAY | {"buyer_id": str(company.id)}):
        assert (await spy.get(path, params=params)).status_code == 404
        assert (await spy.get(f"{path}/facts", params=params | {"criterion": "quality"})).status_code == 404
    own_of_rival = (await spy.get(f"/api/v1/suppliers/{rival.id}/scorecard", params=MAY)).json()
    assert own_of_rival["score"] is None


async def test_no_buyer_reads_anothers_scores(clock, client_of):
    company, supplier = await scored_pair(clock)
    stranger = await buying_company()
    path = f"/api/v1/suppliers/{supplier.id}/scorecard"
    for person in (stranger.buyer, stranger.auditor):
        client = await client_of(person)
        assert (await client.get(path, params=MAY)).status_code == 404
        assert (await client.get(path, params=MAY | {"buyer_id": str(company.id)})).status_code == 404

    await approve_supplier(stranger.supplier_manager, supplier.id)
    card = (await (await client_of(stranger.buyer)).get(path, params=MAY)).json()
    assert card["score"] is None
    assert {figure["count"] for figure in card["criteria"]} == {0}


async def test_a_supplier_of_several_customers_says_which_one_it_means(clock, client_of):
    company, supplier = await scored_pair(clock)
    second = await buying_company()
    await approve_supplier(second.supplier_manager, supplier.id)
    desk = await client_of(supplier.order_desk)
    path = f"/api/v1/suppliers/{supplier.id}/scorecard"

    assert (await desk.get(path, params=MAY)).status_code == 400
    first = (await desk.get(path, params=MAY | {"buyer_id": str(company.id)})).json()
    other = (await desk.get(path, params=MAY | {"buyer_id": str(second.id)})).json()
    assert first["buyer"]["name"] == company.name
    assert str(company.id) in first["criteria"][0]["facts_url"]
    assert (first["score"] is None, other["score"]) == (False, None)


@pytest.mark.parametrize("role", ["receiver", "requester", "payable"])
async def test_who_does_not_manage_suppliers_is_told_so(clock, client_of, role):
    company, supplier = await trading_pair()
    client = await client_of(company.people[role])

    assert (await client.get(f"/api/v1/suppliers/{supplier.id}/scorecard")).status_code == 403


async def test_amounts_behind_the_price_are_hidden_from_who_may_not_see_prices(clock, client_of):
    _company, supplier = await scored_pair(clock)
    person = Person(id=new_id(), full_name="Administrator alone", email=f"{new_id().hex}@example.test")
    await add_member(Actor.system(supplier.id), person, ["administrator"])
    path = f"/api/v1/suppliers/{supplier.id}/scorecard/facts"
    params = MAY | {"criterion": "price"}
    blind = Actor(
        organisation_id=supplier.id,
        organisation_kind="supplier",
        person_id=person.id,
        roles=frozenset({"administrator"}),
    )

    open_ = (await (await client_of(supplier.order_desk)).get(path, params=params)).json()["items"][0]
    hidden = (await (await client_of(blind)).get(path, params=params)).json()["items"][0]
    assert (open_["expected"], open_["actual"]) == ("112.5", "112.5")
    assert (hidden["expected"], hidden["actual"], hidden["achieved"]) == (None, None, "1")


async def test_a_scorecard_is_two_statements_and_its_facts_one_more(clock, client_of, counted):
    company, supplier = await scored_pair(clock)
    client = await client_of(company.buyer)
    path = f"/api/v1/suppliers/{supplier.id}/scorecard"
    await client.get(path, params=MAY)
    for address, most in ((path, 2), (f"{path}/facts?criterion=quality", 3)):
        with counted() as statements:
            assert (await client.get(address)).status_code == 200
        reads = [sql for sql in statements if "trading_relationship" in sql or "schedule_fact" in sql]
        assert len(reads) == most, statements
