"""Both sides talk about a contract, beside its terms; what was said stays."""

import pytest

from portal.contracts import commands
from portal.contracts.commands import comment
from tests.harness.contracts import CONTRACTS, approved_contract, draft_contract, offered_contract
from tests.harness.deliveries import events_of
from tests.harness.jobs import run_jobs
from tests.harness.pages import Reader
from tests.harness.world import trading_pair


async def test_both_sides_read_what_was_said_in_the_order_in_which_it_was(client_of):
    company, supplier = await trading_pair()
    contract = await approved_contract(company, supplier)
    buyer, desk = await client_of(company.buyer), await client_of(supplier.order_desk)
    at = f"{CONTRACTS}/{contract.id}/comments"
    assert (await desk.post(at, json={"comment": "Within a week?"})).status_code == 201
    said = (await buyer.post(at, json={"comment": "Ten days are fine."})).json()["items"]
    assert [(each["organisation"]["name"], each["comment"]) for each in said] == [
        (contract.supplier_name, "Within a week?"),
        (contract.buyer_name, "Ten days are fine."),
    ]
    assert said == (await desk.get(at)).json()["items"]
    assert (await events_of(company.buyer, contract.id)).count("contract.commented") == 2
    now = (await buyer.get(f"{CONTRACTS}/{contract.id}")).json()
    assert (now["state"], now["revision"], now["agreed_at"] is not None) == ("approved", 1, True)


async def test_the_other_side_is_told(client_of, superuser):
    company, supplier = await trading_pair()
    contract = await offered_contract(company, supplier)
    await (await client_of(supplier.order_desk)).post(
        f"{CONTRACTS}/{contract.id}/comments", json={"comment": "Within a week?"}
    )
    await run_jobs("messaging.notify")
    told = superuser.execute(
        "select person_id from mail_message where event = 'contract.commented' and organisation_id = %s", [company.id]
    ).fetchall()
    assert (company.buyer.person_id,) in told


async def test_nobody_talks_about_a_draft_and_strangers_talk_about_nothing(client_of):
    company, supplier = await trading_pair()
    draft, shown = await draft_contract(company, supplier), await offered_contract(company, supplier)
    said = {"comment": "Hello"}
    refused = await (await client_of(company.buyer)).post(f"{CONTRACTS}/{draft.id}/comments", json=said)
    assert refused.status_code == 409
    other, rival = await trading_pair()
    for actor in (other.buyer, rival.order_desk):
        client = await client_of(actor)
        assert (await client.post(f"{CONTRACTS}/{shown.id}/comments", json=said)).status_code == 404
        assert (await client.get(f"{CONTRACTS}/{shown.id}/comments")).status_code == 404
    assert (
        await (await client_of(company.auditor)).post(f"{CONTRACTS}/{shown.id}/comments", json=said)
    ).status_code == 403


async def test_comments_are_bounded_and_never_change(client_of, superuser, monkeypatch):
    company, supplier = await trading_pair()
    contract = await offered_contract(company, supplier)
    desk, at = await client_of(supplier.order_desk), f"{CONTRACTS}/{contract.id}/comments"
    for wrong in ("", "x" * 4001):
        assert (await desk.post(at, json={"comment": wrong})).status_code == 422
    monkeypatch.setattr(comment, "MOST", 1)
    assert [(await desk.post(at, json={"comment": "One"})).status_code for _ in range(2)] == [201, 409]
    assert superuser.execute(
        "select has_table_privilege('portal_app', 'contract_comment', 'update') or "
        "has_table_privilege('portal_app', 'contract_comment', 'delete')"
    ).fetchone() == (False,)
    with pytest.raises(Exception, match="everybody speaks"), superuser.transaction():
        superuser.execute("select set_config('portal.organisation', %s, true)", [str(company.id)])
        superuser.execute(
            "insert into contract_comment select gen_random_uuid(), contract_id, buyer_id, supplier_id, shown_to, "
            "organisation_id, 'Forged', created_by, created_at from contract_comment where contract_id = %s",
            [contract.id],
        )


async def test_a_comment_is_written_on_the_contracts_page(client_of):
    company, supplier = await trading_pair()
    contract = await offered_contract(company, supplier)
    desk = Reader(await client_of(supplier.order_desk))
    page = await desk.open(f"/contracts/{contract.id}")
    empty = await desk.send(page, "/comments")
    assert (empty.status, "There is a problem" in empty.text) == (422, True)
    said = await desk.send(page, "/comments", comment="<b>Within</b> a week?")
    assert "<b>Within</b> a week?" in said.text
    await commands.cancel(company.buyer, contract.id, "Not needed")
    assert "Within" in (await desk.open(f"/contracts/{contract.id}")).text
