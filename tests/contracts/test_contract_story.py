"""A contract from its draft into force and to its end, over HTTP; and who does not do what on the way."""

from datetime import UTC, datetime

import pytest

from portal.contracts import commands
from portal.contracts.forms import ContractForm
from portal.platform.actor import Actor, ApprovalLimit
from portal.platform.convert import convert
from portal.platform.refusals import Denied
from tests.harness.contracts import (
    CONTRACTS,
    SIGNED,
    VALID,
    active_contract,
    agreed_contract,
    approved_contract,
    blanket,
    draft_contract,
    offered_contract,
    recorded_contract,
    scanned_contract,
)
from tests.harness.deliveries import events_of
from tests.harness.world import a_colleague, an_item, trading_pair


async def test_a_contract_is_negotiated_approved_signed_and_in_force(client_of):
    company, supplier = await trading_pair()
    item = await an_item(company)
    buyer, desk = await client_of(company.buyer), await client_of(supplier.order_desk)
    approver = await client_of(company.approver)
    terms = [{"item_id": str(item.id), "unit_price": "2.50", "base_quantity": "100", "quantity": "40000"}]
    body = blanket(supplier, kind="quantity", value_cap=None, terms=terms, allowance="10", internal_note="Our limit")
    made = await buyer.post(CONTRACTS, json=body)
    assert made.status_code == 201, made.text
    contract = made.json()
    assert (contract["number"][:3], contract["state"], contract["gross"]) == ("CT-", "draft", "1100.00")
    at = f"{CONTRACTS}/{contract['id']}"
    assert (await desk.get(at)).status_code == 404

    assert (await buyer.post(f"{at}/offer")).json()["state"] == "in_negotiation"
    seen = (await desk.get(at)).json()
    assert (seen["internal_note"], seen["terms"][0]["unit_price"]) == (None, "2.50")
    assert (await approver.post(f"{at}/approve")).status_code == 409, "the supplier did not agree yet"
    asked = (await desk.post(f"{at}/object", json={"reason": "Steel is dearer now"})).json()
    assert (asked["state"], asked["objection"]) == ("in_negotiation", "Steel is dearer now")
    terms[0]["unit_price"] = "2.75"
    mended = (await buyer.put(at, json=body | {"terms": terms})).json()
    assert (mended["objection"], mended["gross"]) == ("", "1210.00")
    assert (await desk.post(f"{at}/agree")).json()["agreed_at"]
    assert (await approver.post(f"{at}/approve")).json()["state"] == "approved"
    assert (await buyer.put(at, json=body)).status_code == 409, "what was approved is not rewritten"
    assert (await buyer.post(f"{at}/sign")).json()["state"] == "awaiting_signatures"
    assert (await desk.post(f"{at}/acknowledge")).status_code == 409, "nobody recorded the paper yet"
    told = await events_of(company.buyer, contract["id"])
    assert told[-3:] == ["contract.agreed", "contract.approved", "contract.signing"]


async def test_a_signed_paper_is_recorded_by_a_second_person_with_its_scan_and_confirmed_by_the_supplier(client_of):
    company, supplier = await trading_pair()
    contract = await scanned_contract(company, supplier)
    at, scan = f"{CONTRACTS}/{contract.id}", str(vars(contract)["scan"])
    manager, desk = await client_of(company.supplier_manager), await client_of(supplier.order_desk)
    own = await (await client_of(company.buyer)).post(f"{at}/record", json={"file_id": scan} | SIGNED)
    assert (own.status_code, "somebody else" in own.json()["detail"]) == (403, True)
    elsewhere = await manager.post(f"{at}/record", json={"file_id": str(contract.id)} | SIGNED)
    assert [error["field"] for error in elsewhere.json()["errors"]] == ["file_id"]
    early = await manager.post(f"{at}/record", json={"file_id": scan} | SIGNED | {"signed_on": "2199-01-01"})
    assert [error["field"] for error in early.json()["errors"]] == ["signed_on"]

    recorded = (await manager.post(f"{at}/record", json={"file_id": scan} | SIGNED)).json()
    assert (recorded["state"], recorded["signed_how"]) == ("awaiting_signatures", "paper")
    active = (await desk.post(f"{at}/acknowledge")).json()
    assert (active["state"], active["signed_for_supplier"]) == ("active", "B. Bolt")
    assert (await desk.get(f"/files/{scan}")).status_code == 200


async def test_who_wrote_a_contract_or_may_not_approve_so_much_does_not_approve_it(client_of):
    company, supplier = await trading_pair()
    contract = await agreed_contract(company, supplier)
    author = await a_colleague(company, "buyer", "approver", limit=ApprovalLimit("EUR", None, None))
    await commands.edit(author, contract.id, await _as_it_is(company, supplier))
    await commands.agree(supplier.order_desk, contract.id)
    with pytest.raises(Denied, match=r"Somebody else|yourself"):
        await commands.approve(author, contract.id)
    small = await a_colleague(company, "approver", limit=ApprovalLimit("EUR", contract.gross - 1, None))
    with pytest.raises(Denied, match="above your approval limit"):
        await commands.approve(small, contract.id)
    assert (await commands.approve(company.approver, contract.id)).state == "approved"


async def test_other_terms_need_another_agreement_and_what_is_reopened_another_approval(client_of):
    company, supplier = await trading_pair()
    contract = await agreed_contract(company, supplier)
    changed = await commands.edit(company.buyer, contract.id, await _as_it_is(company, supplier))
    assert changed.agreed_at is None
    await commands.agree(supplier.order_desk, contract.id)
    await commands.approve(company.approver, contract.id)
    again = await commands.reopen(company.buyer, contract.id, "The price is wrong")
    assert (again.state, again.agreed_at, again.approved_at) == ("in_negotiation", None, None)
    assert "contract.reopened" in await events_of(supplier.order_desk, contract.id)


async def test_a_contract_warns_once_before_it_ends_and_expires_after_its_last_day(clock):
    company, supplier = await trading_pair()
    contract = await active_contract(company, supplier, valid_to="2027-03-31", notice_days=30)
    system = Actor.system(company.id)
    for day, looked_after in ((datetime(2027, 2, 20, tzinfo=UTC), 0), (datetime(2027, 3, 5, tzinfo=UTC), 1)):
        await clock(day)
        assert await commands.review(system) == looked_after
        assert await commands.review(system) == 0
    await clock(datetime(2027, 3, 25, 12, tzinfo=UTC))
    assert await commands.review(system) == 1
    assert await commands.review(system) == 0
    await clock(datetime(2027, 4, 1, 12, tzinfo=UTC))
    assert await commands.review(system) == 1
    assert await commands.review(system) == 0
    told = await events_of(company.buyer, contract.id)
    assert told[-3:] == ["contract.ending", "contract.last-days", "contract.expired"]


async def test_a_contract_in_force_is_terminated_with_a_reason_that_both_sides_read(client_of):
    company, supplier = await trading_pair()
    contract = await active_contract(company, supplier)
    buyer, desk = await client_of(company.buyer), await client_of(supplier.order_desk)
    at = f"{CONTRACTS}/{contract.id}"
    assert (await desk.post(f"{at}/terminate", json={"reason": "No"})).status_code == 403
    ended = await buyer.post(f"{at}/terminate", json={"reason": "The works close"})
    assert ended.json()["state"] == "terminated"
    assert (await desk.get(at)).json()["reason"] == "The works close"
    assert (await buyer.post(f"{at}/cancel", json={"reason": "No"})).status_code == 409


async def test_no_supplier_sees_anothers_contract_nor_a_rival_any(client_of):
    company, supplier = await trading_pair()
    contract = await offered_contract(company, supplier)
    _other, rival = await trading_pair()
    desk = await client_of(rival.order_desk)
    assert (await desk.get(f"{CONTRACTS}/{contract.id}")).status_code == 404
    assert (await desk.get(f"/contracts/{contract.id}")).status_code == 404
    assert (await desk.get(CONTRACTS)).json()["items"] == []
    listed = (await (await client_of(supplier.order_desk)).get(CONTRACTS)).json()["items"]
    assert [each["number"] for each in listed] == [contract.number]


async def test_everything_wrong_with_a_contract_is_said_at_once(client_of):
    company, supplier = await trading_pair()
    item = str((await an_item(company)).id)
    buyer = await client_of(company.buyer)
    twice = [{"item_id": item, "unit_price": "1"}, {"item_id": item, "unit_price": "2"}]
    wrong = blanket(supplier, kind="quantity", terms=twice, valid_to="2025-01-01")
    answer = await buyer.post(CONTRACTS, json=wrong)
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {
        *("value_cap", "valid_to", "terms.0.quantity", "terms.1.quantity", "terms.1.minimum_quantity"),
    }
    foreign = blanket(supplier, terms=[{"item_id": str(supplier.id), "unit_price": "1"}])
    assert (await buyer.post(CONTRACTS, json=foreign)).json()["errors"][0]["field"] == "terms.0.item_id"


async def test_the_database_refuses_what_the_code_should_have(superuser, connected):
    company, supplier = await trading_pair()
    draft, approved = await draft_contract(company, supplier), await approved_contract(company, supplier)
    recorded = await recorded_contract(company, supplier)
    for sql, of in (
        ("update contract set state = 'active' where id = %s", draft.id),
        ("update contract set value_cap = 5 where id = %s", draft.id),
        ("update contract set gross = 1 where id = %s", approved.id),
        ("update contract set title = 'Other' where id = %s", recorded.id),
        ("update contract_term set unit_price = 1 where contract_id = %s", approved.id),
        ("delete from contract_term where contract_id = %s", approved.id),
    ):
        with pytest.raises(Exception, match=r"illegal|check|never changes|sealed|keeps|violates|changes"):
            superuser.execute(sql, [of])


async def _as_it_is(company, supplier):
    item = str((await an_item(company)).id)
    terms = [{"item_id": item, "unit_price": "9.50", "quantity": "1000"}]
    return convert(ContractForm, blanket(supplier, kind="quantity", value_cap=None, terms=terms))


async def test_a_supplier_never_agrees_to_terms_that_were_changed_since_it_read_them(client_of):
    company, supplier = await trading_pair()
    item = await an_item(company)
    contract = await offered_contract(company, supplier, item=item)
    buyer, desk = await client_of(company.buyer), await client_of(supplier.order_desk)
    read = await desk.get(f"{CONTRACTS}/{contract.id}")
    told = {"title": "Fasteners", "kind": "quantity", "currency": "EUR", **VALID, "supplier_id": str(supplier.id)}
    terms = [{"item_id": str(item.id), "unit_price": "1.00", "quantity": "1000"}]
    for price in ("2.00", "1.00"):
        terms[0]["unit_price"] = price
        assert (await buyer.put(f"{CONTRACTS}/{contract.id}", json=told | {"terms": terms})).status_code == 200
    late = await desk.post(f"{CONTRACTS}/{contract.id}/agree", headers={"if-match": read.headers["etag"]})
    assert late.status_code == 412
    now = await desk.get(f"{CONTRACTS}/{contract.id}")
    assert (now.json()["agreed_at"], now.json()["terms"][0]["unit_price"]) == (None, "1.00")
