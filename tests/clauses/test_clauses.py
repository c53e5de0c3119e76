"""A library of clauses, and contracts that are put together of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.clauses.queries import FACTS, against, filled
from portal.contracts import commands
from tests.harness.agreed import paper_of, text_of
from tests.harness.contracts import (
    CONTRACTS,
    a_clause,
    contract_with,
    draft_contract,
    offered_contract,
)
from tests.harness.pages import Reader
from tests.harness.world import trading_pair

CLAUSES = "/api/v1/clauses"
TITLE = "Delivery"


async def test_a_clause_is_written_anew_and_every_edition_stays(client_of, superuser):
    company, _supplier = await trading_pair()
    manager, buyer = await client_of(company.supplier_manager), await client_of(company.buyer)
    made = await manager.post(CLAUSES, json={"title": TITLE, "body": "Within ten days."})
    assert made.status_code == 201, made.text
    at = f"{CLAUSES}/{made.json()['id']}"
    assert (await buyer.post(CLAUSES, json={"title": TITLE, "body": "No"})).status_code == 403
    again = (await manager.put(at, json={"title": TITLE, "body": "Within twenty days."})).json()
    assert (again["edition"], [each["body"] for each in again["editions"]]) == (
        2, ["Within twenty days.", "Within ten days."],
    )  # fmt: skip
    late = await manager.put(at, json={"title": TITLE, "body": "Late"}, headers={"if-match": made.headers["etag"]})
    assert late.status_code == 412
    assert (await manager.post(f"{at}/retire")).json()["retired"] is True
    assert (await manager.post(f"{at}/retire")).status_code == 409
    assert [each["retired"] for each in (await buyer.get(CLAUSES)).json()] == [True]
    with pytest.raises(Exception, match="permission denied"), superuser.transaction():
        superuser.execute("set local role portal_app")
        superuser.execute("update clause set body = 'Other'")


async def test_a_clause_names_only_what_contracts_have(client_of):
    company, _supplier = await trading_pair()
    manager = await client_of(company.supplier_manager)
    wrong = await manager.post(CLAUSES, json={"title": TITLE, "body": "{supplier} pays {price} to {password}."})
    assert wrong.status_code == 422
    assert [(each["field"], "{password}, {price}" in each["message"]) for each in wrong.json()["errors"]] == [
        ("body", True)
    ]


async def test_a_title_names_facts_as_a_text_does_and_no_others(client_of):
    company, supplier = await trading_pair()
    manager, buyer = await client_of(company.supplier_manager), await client_of(company.buyer)
    wrong = await manager.post(CLAUSES, json={"title": "{nosuchfact}", "body": "{price}"})
    assert [each["field"] for each in wrong.json()["errors"]] == ["title", "body"]
    contract = await draft_contract(company, supplier)
    at = f"{CONTRACTS}/{contract.id}"
    own = {"clauses": [{"title": "{nosuchfact}", "body": "Of Germany."}]}
    refused = await buyer.put(f"{at}/clauses", json=own)
    assert [(each["field"], "{nosuchfact}" in each["message"]) for each in refused.json()["errors"]] == [
        ("clauses.0.title", True)
    ]
    own["clauses"][0]["title"] = "What {supplier} owes"
    (told,) = (await buyer.put(f"{at}/clauses", json=own)).json()["clauses"]
    assert told["title"] == f"What {contract.supplier_name} owes"
    offered = await commands.offer(company.buyer, contract.id)
    assert told["title"] in text_of(await paper_of(await client_of(supplier.order_desk), offered))


async def test_another_company_neither_reads_nor_takes_a_clause(client_of):
    company, _supplier = await trading_pair()
    clause = await a_clause(company)
    other, their_supplier = await trading_pair()
    stranger = await client_of(other.supplier_manager)
    assert (await stranger.get(CLAUSES)).json() == []
    assert (await stranger.get(f"{CLAUSES}/{clause.clause_id}")).status_code == 404
    contract = await draft_contract(other, their_supplier)
    taken = await (await client_of(other.buyer)).put(
        f"{CONTRACTS}/{contract.id}/clauses", json={"clauses": [{"clause_id": str(clause.clause_id)}]}
    )
    assert [each["field"] for each in taken.json()["errors"]] == ["clauses.0.clause_id"]


async def test_a_contract_keeps_the_clauses_that_it_took_with_its_own_facts_filled_in(client_of):
    company, supplier = await trading_pair()
    clause = await a_clause(company, body="{supplier} delivers until {valid_to}, {unknown stays}.")
    contract = await contract_with(company, supplier, clause)
    manager, desk = await client_of(company.supplier_manager), await client_of(supplier.order_desk)
    await manager.put(f"{CLAUSES}/{clause.clause_id}", json={"title": TITLE, "body": "Something else."})
    (told,) = (await desk.get(f"{CONTRACTS}/{contract.id}")).json()["clauses"]
    assert (told["edition"], told["text"]) == (
        1, f"{contract.supplier_name} delivers until 2030-12-31, {{unknown stays}}.",
    )  # fmt: skip
    assert (await desk.get(CLAUSES)).status_code == 403


async def test_other_clauses_are_another_round_that_the_supplier_agrees_to_anew(client_of):
    company, supplier = await trading_pair()
    contract = await offered_contract(company, supplier)
    buyer, desk = await client_of(company.buyer), await client_of(supplier.order_desk)
    at = f"{CONTRACTS}/{contract.id}"
    await desk.post(f"{at}/agree")
    first = {"title": TITLE, "body": "Within ten days."}
    set_ = (await buyer.put(f"{at}/clauses", json={"clauses": [first, {"title": "Law", "body": "Of Germany."}]})).json()
    assert (set_["revision"], set_["agreed_at"]) == (2, None)
    kept = [{"keep": each["id"]} for each in reversed(set_["clauses"])]
    moved = (await buyer.put(f"{at}/clauses", json={"clauses": kept})).json()
    assert [each["title"] for each in moved["clauses"]] == ["Law", TITLE]
    rounds = (await desk.get(f"{at}/rounds")).json()["items"]
    found = [(each["field"], each["item"], each["before"], each["after"]) for each in rounds[1]["differences"]]
    assert found == [("clause", TITLE, None, "Within ten days."), ("clause", "Law", None, "Of Germany.")]
    gone = await buyer.put(f"{at}/clauses", json={"clauses": [{"keep": set_["clauses"][0]["id"]}]})
    assert [each["field"] for each in gone.json()["errors"]] == ["clauses.0.keep"]


async def test_what_was_approved_keeps_its_clauses(client_of, superuser):
    company, supplier = await trading_pair()
    clause = await a_clause(company)
    contract = await contract_with(company, supplier, clause)
    await commands.agree(supplier.order_desk, contract.id)
    await commands.approve(company.approver, contract.id)
    refused = await (await client_of(company.buyer)).put(f"{CONTRACTS}/{contract.id}/clauses", json={"clauses": []})
    assert refused.status_code == 409
    with pytest.raises(Exception, match=r"keeps its terms|approved"):
        superuser.execute("delete from contract_clause where contract_id = %s", [contract.id])


async def test_everything_wrong_with_clauses_is_said_at_once(client_of):
    company, supplier = await trading_pair()
    contract = await draft_contract(company, supplier)
    body = {"clauses": [{}, {"title": "No text"}, {"title": "Two", "body": "x", "clause_id": str(contract.id)}]}
    wrong = await (await client_of(company.buyer)).put(f"{CONTRACTS}/{contract.id}/clauses", json=body)
    assert wrong.status_code == 422
    assert {each["field"] for each in wrong.json()["errors"]} == {
        "clauses.0.clause_id", "clauses.1.body", "clauses.2.clause_id",
    }  # fmt: skip


async def test_clauses_are_chosen_moved_and_taken_off_on_a_page(client_of):
    company, supplier = await trading_pair()
    clause = await a_clause(company)
    contract = await draft_contract(company, supplier)
    buyer = Reader(await client_of(company.buyer))
    page = await buyer.open((await buyer.open(f"/contracts/{contract.id}")).links["Choose clauses"])
    wrong = await buyer.send(page, "/clauses", title="Law")
    assert (wrong.status, wrong.form("/clauses").values["title"]) == (422, "Law")
    one = await buyer.send(wrong, "/clauses", title="Law", body="Of {buyer}.")
    both = await buyer.send(one, "/clauses", clause_id=str(clause.clause_id))
    assert both.text.index("1. Law") < both.text.index("2. Delivery")
    places = [name for name in both.form("/clauses").values if name.startswith("place.")]
    swapped = await buyer.send(both, "/clauses", **{places[0]: "9"})
    assert swapped.text.index("1. Delivery") < swapped.text.index("2. Law")
    last = [name for name in swapped.form("/clauses").values if name.startswith("place.")][1]
    left = await buyer.send(swapped, "/clauses", **{last.replace("place", "off"): "true"})
    assert ("1. Delivery" in left.text, "Law" in left.text) == (True, False)


async def test_a_clause_is_written_and_retired_on_its_page(client_of):
    company, supplier = await trading_pair()
    manager = Reader(await client_of(company.supplier_manager))
    page = await manager.open((await manager.open("/clauses")).links["New clause"])
    wrong = await manager.send(page, "/clauses/new", title=TITLE, body="{price}")
    assert (wrong.status, "A contract has no {price}" in wrong.text) == (422, True)
    made = await manager.send(wrong, "/clauses/new", body="By {valid_to}.")
    retired = await manager.send(made, "/retire")
    assert "No contract is offered it any more" in retired.text
    contract = await draft_contract(company, supplier)
    buyer = Reader(await client_of(company.buyer))
    assert TITLE not in (await buyer.open(f"/contracts/{contract.id}/clauses")).text


FACT = st.text(st.sampled_from("{}ab_suplier "), max_size=30)


@given(FACT, FACT)
def test_what_is_filled_in_is_text_and_never_filled_in_itself(text, fact):
    facts = {name: fact for name in FACTS}  # noqa: C420 a checker of types takes the other for None
    assert filled("{buyer}" + text, facts).startswith(fact)
    assert filled("{buyer}{supplier}", {"buyer": "{supplier}", "supplier": fact}) == "{supplier}" + fact
    if against(text) is None and not any(f"{{{name}}}" in text for name in FACTS):
        assert filled(text, facts) == text
