"""A contract as a PDF: what it says, to whom, since when; archivable, and the same for good."""

import io

import pikepdf
import pytest

from portal.contracts import commands
from portal.contracts.forms import ContractForm
from portal.organisations.commands import approve_supplier
from portal.platform.convert import convert
from portal.signatures.judging import verdict
from tests.harness.agreed import paper_of, text_of
from tests.harness.contracts import (
    CONTRACTS,
    a_clause,
    blanket,
    contract_with,
    draft_contract,
    offered_contract,
)
from tests.harness.world import agreed, buying_company, selling_company, trading_pair


async def is_current(pdf: bytes) -> bool:
    found = (await verdict(pdf)).document
    assert found is not None
    return found.is_current


async def test_a_contract_prints_its_parties_validity_prices_and_limits(client_of):
    company, supplier = await trading_pair()
    contract = await offered_contract(company, supplier, allowance="10", payment_terms="30 days net", note="Free works")
    said = text_of(await paper_of(await client_of(supplier.order_desk), contract))
    for words in (
        *(contract.number, contract.buyer_name, contract.supplier_name, "Quantity agreement", "31 Dec 2030"),
        *("From quantity", "500 pcs", "1,000 pcs", "9.50", "10 %", "10,450.00 EUR", "30 days net", "Free works"),
        "Signatures",
    ):
        assert words in said, words
    assert "In words" not in said


async def test_a_supplier_reads_it_in_its_own_language_and_yuan_in_words(client_of):
    company = await buying_company()
    supplier = await selling_company(language="zh-Hans", country="CN", time_zone="Asia/Shanghai")
    await approve_supplier(company.supplier_manager, supplier.id, agreed())
    form = blanket(supplier, "100000001.10", currency="CNY", title="设备维修框架协议")
    contract = await commands.create(company.buyer, convert(ContractForm, form))
    await commands.offer(company.buyer, contract.id)
    said = text_of(await paper_of(await client_of(company.buyer), contract))
    assert "人民币壹亿零壹元壹角" in said
    assert "设备维修框架协议" in said
    assert "Customer" not in said


async def test_its_clauses_stand_in_it_with_their_facts(client_of):
    company, supplier = await trading_pair()
    clause = await a_clause(company, "Delivery", "{supplier} delivers until {valid_to}, <b>free works</b>.")
    contract = await contract_with(company, supplier, clause)
    said = text_of(await paper_of(await client_of(supplier.order_desk), contract))
    assert f"{contract.supplier_name} delivers until 2030-12-31, <b>free works</b>." in said


async def test_it_is_archivable_accessible_and_known_to_whoever_verifies_it(client_of):
    company, supplier = await trading_pair()
    contract = await offered_contract(company, supplier)
    pdf = await paper_of(await client_of(company.buyer), contract)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.Root.Metadata.read_bytes().count(b"<rdf:RDF") == 1
        assert b"factur" not in opened.Root.Metadata.read_bytes().lower()
        said = opened.open_metadata()
        assert (said.pdfa_status, said["pdfuaid:part"]) == ("3A", "1")
        assert opened.Root.MarkInfo.Marked
    found = await verdict(pdf)
    assert (found.outcome, found.document and found.document.number) == ("unchanged", contract.number)


async def test_each_round_is_another_revision_and_the_one_before_is_no_longer_current(client_of):
    company, supplier = await trading_pair()
    contract = await offered_contract(company, supplier)
    desk = await client_of(supplier.order_desk)
    first = await paper_of(desk, contract)
    await commands.edit(company.buyer, contract.id, convert(ContractForm, blanket(supplier, title="Repairs anew")))
    assert (await desk.get(f"{CONTRACTS}/{contract.id}")).json()["revision"] == 2
    assert await is_current(first) is False
    second = await paper_of(desk, contract)
    assert "Revision 2" in text_of(second)
    assert await is_current(second) is True
    assert "Fasteners" in text_of(first)


async def test_a_draft_has_no_document_and_a_stranger_gets_none(client_of):
    company, supplier = await trading_pair()
    contract = await draft_contract(company, supplier)
    at = f"{CONTRACTS}/{contract.id}/document.pdf"
    refused = await (await client_of(company.buyer)).get(at)
    assert (refused.status_code, "not shown to the supplier" in refused.json()["detail"]) == (409, True)
    assert (await (await client_of(supplier.order_desk)).get(at)).status_code == 404
    await commands.offer(company.buyer, contract.id)
    other, _supplier = await trading_pair()
    assert (await (await client_of(other.buyer)).get(at)).status_code == 404


async def test_what_was_shown_stays_as_it_was_in_the_database_too(superuser, connected):
    company, supplier = await trading_pair()
    contract = await offered_contract(company, supplier)
    kept = "select snapshot from contract_round where contract_id = %s"
    assert superuser.execute(kept, [contract.id]).fetchone()[0]["contract"]["number"] == contract.number
    assert superuser.execute(
        "select has_table_privilege('portal_app', 'contract_round', 'update') or "
        "has_table_privilege('portal_app', 'contract_round', 'delete')"
    ).fetchone() == (False,)
    with pytest.raises(Exception, match="the buyer writes a contract"), superuser.transaction():
        superuser.execute("select set_config('portal.organisation', %s, true)", [str(supplier.id)])
        superuser.execute("update contract set revision = 9 where id = %s", [contract.id])
