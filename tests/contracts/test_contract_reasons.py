"""What the other side reads the reason of is not done without one, whoever asks for it."""

from portal.contracts.commands import INSISTS
from tests.harness.contracts import (
    CONTRACTS,
    a_deliverable,
    approved_contract,
    draft_contract,
    offered_contract,
    owing_contract,
    renewing_contract,
)
from tests.harness.pages import Reader
from tests.harness.world import trading_pair

DELIVERABLES = "/api/v1/deliverables"


async def tried(client, at: str, *bodies) -> list:
    """The field and the sentence of each refusal."""
    answers = [await client.post(at, json=body) for body in bodies]
    assert {each.status_code for each in answers} == {422}, at
    return [(error["field"], error["message"]) for each in answers for error in each.json()["errors"]]


async def test_no_program_acts_on_a_contract_without_a_reason_that_the_other_side_reads(client_of):
    company, supplier = await trading_pair()
    buyer, desk = await client_of(company.buyer), await client_of(supplier.order_desk)
    for verb, client, make in (
        ("cancel", buyer, draft_contract),
        ("object", desk, offered_contract),
        ("reopen", buyer, approved_contract),
        ("give_notice", desk, renewing_contract),
        ("terminate", buyer, renewing_contract),
    ):
        contract = await make(company, supplier)
        at = f"{CONTRACTS}/{contract.id}"
        found = await tried(client, f"{at}/{verb.replace('_', '-')}", {}, {"reason": ""}, {"reason": "  "})
        assert found == [("reason", str(INSISTS[verb]))] * 3
        now = (await buyer.get(at)).json()
        assert (now["state"], now["version"]) == (contract.state, contract.version), verb


async def test_a_deliverable_is_neither_reported_nor_refused_without_a_word(client_of):
    company, supplier = await trading_pair()
    owed = await a_deliverable(company, await owing_contract(company, supplier))
    buyer, desk = await client_of(company.buyer), await client_of(supplier.order_desk)
    at = f"{DELIVERABLES}/{owed}"
    assert await tried(desk, f"{at}/deliver", {}) == [("reason", str(INSISTS["deliver"]))]
    assert (await desk.post(f"{at}/deliver", json={"reason": "Sent as report 7."})).status_code == 200
    assert await tried(buyer, f"{at}/refuse", {}) == [("reason", str(INSISTS["refuse"]))]


async def test_the_page_asks_again_with_the_same_sentence(client_of):
    company, supplier = await trading_pair()
    contract = await renewing_contract(company, supplier)
    buyer = Reader(await client_of(company.buyer))
    page = await buyer.open(f"/contracts/{contract.id}")
    asked = await buyer.send(page, "/terminate", reason=" ")
    assert (asked.status, str(INSISTS["terminate"]) in asked.text) == (422, True)
