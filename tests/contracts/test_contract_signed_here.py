"""A contract is signed in the portal: its own document, by both sides, and what follows from their signatures."""

import asyncio
import subprocess
from uuid import UUID

import pytest

from portal.contracts import commands
from portal.contracts.forms import PresentForm
from portal.contracts.tables import Contract
from portal.platform.refusals import Conflict
from portal.signatures import commands as signatures
from portal.signatures.judging import verdict
from portal.signatures.keeping import kept
from tests.harness.agreed import both_sign
from tests.harness.banks import proved
from tests.harness.contracts import CONTRACTS, SIGNED, approved_contract, presented_contract, scanned_contract
from tests.harness.deliveries import events_of
from tests.harness.pages import Reader
from tests.harness.world import a_colleague, trading_pair

SIGNINGS = "/api/v1/signings"


async def test_a_contract_is_in_force_with_the_last_signature_on_its_own_document(client_of, tmp_path):
    company, supplier = await trading_pair()
    contract = await approved_contract(company, supplier)
    buyer, desk = await client_of(company.buyer), await client_of(supplier.order_desk)
    at = f"{CONTRACTS}/{contract.id}"
    answer = await buyer.post(f"{at}/signatures", json={"first": "supplier"})
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert shown["state"] == "awaiting_signatures"
    issued = (await desk.get(f"{at}/document.pdf")).content
    signing = (await desk.get(f"{SIGNINGS}/{shown['signing_id']}")).json()
    assert (signing["kind"], signing["record_id"], signing["can_sign"]) == ("contract", str(contract.id), True)

    signing_id = UUID(shown["signing_id"])
    with pytest.raises(Conflict, match="other side signs first"):
        await signatures.sign(proved(company.buyer), signing_id)
    await signatures.sign(proved(supplier.order_desk), signing_id)
    assert (await buyer.get(at)).json()["state"] == "awaiting_signatures"
    done = await signatures.sign(proved(company.buyer), signing_id)

    now = (await desk.get(at)).json()
    assert (now["state"], now["signed_how"], now["signing_id"]) == ("active", "electronic", str(done.id))
    told = await events_of(company.buyer, contract.id)
    assert told[-2:] == ["contract.signing", "contract.activated"]
    pdf = await kept(done.sha256)
    assert pdf.startswith(issued)
    (tmp_path / "signed.pdf").write_bytes(pdf)
    said = await asyncio.to_thread(
        subprocess.run, ["pdfsig", "-nocert", tmp_path / "signed.pdf"], capture_output=True, text=True, check=True
    )
    assert said.stdout.count("Signature is Valid") == 2
    found = await verdict(pdf)
    assert (found.outcome, [each.holds for each in found.signatures]) == ("unchanged", [True, True])


async def test_a_supplier_that_declines_says_why_and_the_contract_is_negotiated_again(client_of):
    company, supplier = await trading_pair()
    contract = await presented_contract(company, supplier)
    await signatures.sign(proved(company.buyer), contract.signing_id)
    await signatures.decline(supplier.order_desk, contract.signing_id, "Clause 3 is not what we agreed")
    now = (await (await client_of(company.buyer)).get(f"{CONTRACTS}/{contract.id}")).json()
    assert (now["state"], now["objection"]) == ("in_negotiation", "Clause 3 is not what we agreed")
    assert (now["agreed_at"], now["signing_id"]) == (None, None)
    assert (await events_of(company.buyer, contract.id))[-1] == "contract.declined"
    await commands.agree(supplier.order_desk, contract.id)
    await commands.approve(company.approver, contract.id)
    again = await commands.present(company.buyer, contract.id, PresentForm())
    assert again.signing_id != contract.signing_id
    assert (await both_sign(company, supplier, again)).state == "completed"


async def test_what_a_buyer_withdraws_is_negotiated_again_and_the_supplier_reads_why(connected):
    company, supplier = await trading_pair()
    contract = await presented_contract(company, supplier)
    await signatures.withdraw(company.buyer, contract.signing_id, "A wrong date")
    assert (await events_of(supplier.order_desk, contract.id))[-1] == "contract.reopened"
    with pytest.raises(Conflict):
        await signatures.sign(proved(supplier.order_desk), contract.signing_id)


async def test_while_both_sides_sign_nothing_else_is_done_with_the_contract(client_of):
    company, supplier = await trading_pair()
    contract = await presented_contract(company, supplier)
    buyer, manager = await client_of(company.buyer), await client_of(company.supplier_manager)
    at = f"{CONTRACTS}/{contract.id}"
    tries = [
        await buyer.post(f"{at}/reopen", json={"reason": "No"}),
        await buyer.post(f"{at}/cancel", json={"reason": "No"}),
        await buyer.post(f"{at}/signatures", json={}),
        await manager.post(f"{at}/record", json={"file_id": str(contract.id)} | SIGNED),
    ]
    assert [(each.status_code, "withdraws it there first" in each.json()["detail"]) for each in tries] == [
        (409, True)
    ] * 4


async def test_a_contract_that_waits_for_paper_may_be_signed_here_instead(connected):
    company, supplier = await trading_pair()
    contract = await scanned_contract(company, supplier)
    presented = await commands.present(company.buyer, contract.id, PresentForm())
    assert (await both_sign(company, supplier, presented)).state == "completed"
    earlier = await approved_contract(company, supplier)
    draft = await commands.reopen(company.buyer, earlier.id, "Not yet")
    with pytest.raises(Conflict, match="possible only when"):
        await commands.present(company.buyer, draft.id, PresentForm())


async def test_two_who_sign_at_once_bring_it_into_force_once(connected):
    company, supplier = await trading_pair()
    contract = await presented_contract(company, supplier)
    await asyncio.gather(
        signatures.sign(proved(company.buyer), contract.signing_id),
        signatures.sign(proved(supplier.order_desk), contract.signing_id),
    )
    assert (await events_of(company.buyer, contract.id)).count("contract.activated") == 1


async def test_of_many_who_present_reopen_and_decline_at_once_one_wins(connected):
    company, supplier = await trading_pair()
    contract = await approved_contract(company, supplier)
    tries = await asyncio.gather(
        *(commands.present(company.buyer, contract.id, PresentForm()) for _ in range(3)), return_exceptions=True
    )
    (won,) = [each for each in tries if isinstance(each, Contract)]
    assert [type(each) for each in tries].count(Conflict) == 2
    ends = await asyncio.gather(
        signatures.sign(proved(company.buyer), won.signing_id),
        signatures.decline(supplier.order_desk, won.signing_id, "No"),
        commands.reopen(company.buyer, won.id, "Back"),
        return_exceptions=True,
    )
    assert not isinstance(ends[1], Exception)
    events = await events_of(company.buyer, contract.id)
    assert events.count("contract.declined") == 1
    assert "contract.activated" not in events


async def test_the_contracts_page_leads_to_its_signatures_and_back(client_of):
    company, supplier = await trading_pair()
    contract = await approved_contract(company, supplier)
    buyer = Reader(await client_of(company.buyer))
    page = await buyer.open(f"/contracts/{contract.id}")
    wrong = await buyer.send(page, "/present", own_places="9")
    assert (wrong.status, "There is a problem" in wrong.text) == (422, True)
    laid = await buyer.send(page, "/present", first="supplier")
    assert "0 of 2 have signed" in laid.text
    signing = await buyer.open(laid.links["Open the signatures"])
    assert signing.links[f"Contract: {contract.number} · {contract.title}"] == f"/contracts/{contract.id}"
    await signatures.sign(proved(supplier.order_desk), _id_of(laid.links["Open the signatures"]))
    await signatures.sign(proved(company.buyer), _id_of(laid.links["Open the signatures"]))
    done = await buyer.open(f"/contracts/{contract.id}")
    assert "Signed by both sides in the portal" in done.text
    assert done.links["The signed document"].endswith("/file")


async def test_who_signs_for_a_supplier_need_not_answer_its_contracts(client_of):
    company, supplier = await trading_pair()
    contract = await presented_contract(company, supplier)
    head = await a_colleague(supplier, "administrator")
    await signatures.sign(proved(company.buyer), contract.signing_id)
    await signatures.sign(proved(head), contract.signing_id)
    assert (await events_of(company.buyer, contract.id))[-1] == "contract.activated"
    shown = await (await client_of(head)).get(f"/signings/{contract.signing_id}")
    assert (shown.status_code, f"/contracts/{contract.id}" in shown.text) == (200, False)


async def test_the_database_lets_no_supplier_bring_a_contract_into_force_unsigned(superuser, connected):
    company, supplier = await trading_pair()
    contract = await presented_contract(company, supplier)
    for sql in (
        "update contract set state = 'active', signed_how = 'electronic', activated_at = now() where id = %s",
        "update contract set signing_id = gen_random_uuid() where id = %s",
        "update contract set approved_by = gen_random_uuid() where id = %s",
    ):
        with pytest.raises(Exception, match=r"have signed it|buyer writes"), superuser.transaction():
            superuser.execute("select set_config('portal.organisation', %s, true)", [str(supplier.id)])
            superuser.execute(sql, [contract.id])


def _id_of(href):
    return UUID(href.rpartition("/")[2])
