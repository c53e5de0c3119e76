"""Contracts as people write and read them in a browser, without scripts."""

from tests.harness.contracts import SIGNED, active_contract, offered_contract, scanned_contract
from tests.harness.pages import Reader
from tests.harness.world import an_item, trading_pair


async def test_a_buyer_writes_a_contract_by_item_numbers_and_nothing_typed_is_lost(client_of):
    company, supplier = await trading_pair()
    item = await an_item(company)
    buyer = Reader(await client_of(company.buyer))
    form = await buyer.open("/contracts/new", supplier_id=str(supplier.id))
    said = {
        "title": "Fasteners 2027",
        "kind": "quantity",
        "currency": "EUR",
        "valid_from": "2027-01-01",
        "valid_to": "2027-12-31",
    }
    wrong = await buyer.send(form, "/contracts/new", **said, terms__0__item="NO-1", terms__0__unit_price="2.50")
    assert (wrong.status, "You have no item NO-1." in wrong.text) == (422, True)
    assert wrong.form("/contracts/new").values["title"] == "Fasteners 2027"
    right = {"terms__0__item": item.number, "terms__0__quantity": "1000"}
    shown = await buyer.send(wrong, "/contracts/new", **right)
    assert shown.status == 200, shown.text
    assert "Only your company sees this draft" in shown.text
    assert "2,500.00" in shown.text
    offered = await buyer.send(shown, "/offer")
    assert "It waits for the supplier to agree" in offered.text
    edited = await buyer.open(offered.links["Edit"])
    assert edited.form("/edit").values["terms.0.item"] == item.number


async def test_a_supplier_answers_from_its_list_of_what_waits(client_of):
    company, supplier = await trading_pair()
    contract = await offered_contract(company, supplier)
    desk = Reader(await client_of(supplier.order_desk))
    assert "Contracts to answer" in (await desk.open("/")).text
    listed = await desk.open("/contracts", open="answer")
    page = await desk.open(listed.links[contract.number])
    assert page.offers("/agree")
    assert not page.offers("/approve")
    asked = await desk.send(page, "/object", reason="Steel is dearer")
    assert "You asked for other terms" in asked.text
    agreed = await desk.send(asked, "/agree")
    assert "The supplier agreed: it waits for approval" in agreed.text
    approver = Reader(await client_of(company.approver))
    assert contract.number in (await approver.open("/contracts", open="approve")).text


async def test_a_signed_paper_is_recorded_on_the_contracts_page(client_of):
    company, supplier = await trading_pair()
    contract = await scanned_contract(company, supplier)
    manager = Reader(await client_of(company.supplier_manager))
    page = await manager.open(f"/contracts/{contract.id}")
    missing = await manager.send(page, "/record", signed_on="2026-11-02")
    assert (missing.status, "There is a problem" in missing.text) == (422, True)
    recorded = await manager.send(page, "/record", **SIGNED)
    assert "It is in force once the supplier confirms it." in recorded.text
    desk = Reader(await client_of(supplier.order_desk))
    active = await desk.send(await desk.open(f"/contracts/{contract.id}"), "/acknowledge")
    assert "In force" in active.text
    assert active.links["The signed paper"].startswith("/files/")


async def test_the_list_of_contracts_leaves_as_a_file(client_of):
    company, supplier = await trading_pair()
    contract = await active_contract(company, supplier)
    payable = await client_of(company.payable)
    table = (await payable.get("/contracts.csv")).text
    assert contract.number in table
    auditor = await client_of(company.auditor)
    assert (await auditor.get("/contracts.xlsx")).status_code == 200
