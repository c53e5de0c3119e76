"""All documents of a month as one file: what is in it, who gets it, and how it ends."""

import csv
import hashlib
import io
import json

import pytest

from portal.analytics.queries import today
from portal.documents import commands as documents
from portal.documents import pressroom
from portal.documents.pressroom import Unprintable
from portal.operations.batches import chosen, commands, queries
from portal.operations.batches.commands import making
from portal.operations.batches.forms import BatchForm
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.refusals import Conflict, Denied, NotFound
from portal.platform.work import viewing
from tests.harness.batches import API, THIS_MONTH, asked_batch, made_batch, sent_invoices, state_of, unpacked, why_not
from tests.harness.credits import sent_credit
from tests.harness.invoices import draft_invoice
from tests.harness.jobs import run_jobs
from tests.harness.statements import another_supplier, sent_statement
from tests.harness.world import a_colleague, accepted_order, trading_pair


def contents(files):
    return list(csv.DictReader(io.StringIO(files["contents.csv"].decode("utf-8-sig"))))


async def test_the_invoices_of_a_month_come_as_one_zip_with_their_xml_and_a_list(client_of, superuser):
    company, supplier = await trading_pair()
    invoices = await sent_invoices(company, supplier, "R-1", "=R-2")
    client = await client_of(company.payable)
    asked = await client.post(API, json={"kind": "invoice", "month": THIS_MONTH, "with_xml": True})
    assert asked.status_code == 201, asked.text
    told = asked.json()
    assert (told["state"], told["documents"], told["done"], told["direction"]) == ("asked", 2, 0, "received")
    assert (await client.get(f"{API}/{told['id']}/file")).status_code == 409
    await run_jobs(commands.MAKE)

    ready = (await client.get(f"{API}/{told['id']}")).json()
    assert (ready["state"], ready["done"], ready["lacking"], ready["problem"]) == ("ready", 2, 0, "")
    answer = await client.get(f"{API}/{told['id']}/file")
    assert answer.headers["content-disposition"] == f'attachment; filename="{told["number"]}.zip"'
    assert hashlib.sha256(answer.content).hexdigest() == ready["sha256"]
    assert len(answer.content) == ready["size"] == int(answer.headers["content-length"])
    files, folder = unpacked(answer), supplier.name
    assert set(files) == {
        "contents.csv", f"{folder}/R-1.pdf", f"{folder}/R-1.xml", f"{folder}/-R-2.pdf", f"{folder}/-R-2.xml"
    }  # fmt: skip
    document = await documents.request(company.payable, "invoice", invoices[0].id)
    assert hashlib.sha256(files[f"{folder}/R-1.pdf"]).hexdigest() == document.sha256
    assert b"<cbc:ID>R-1</cbc:ID>" in files[f"{folder}/R-1.xml"]
    assert {row["Number"] for row in contents(files)} == {"R-1", "'=R-2"}, "no formula"
    events = "select event from audit_entry where root_id = %s order by at, id"
    found = [event for (event,) in superuser.execute(events, [told["id"]]).fetchall()]
    assert found == ["batch.asked", "batch.begun", "batch.ready"]


async def test_what_is_no_document_of_that_month_and_partner_is_not_in_it(connected):
    company, supplier = await trading_pair()
    other = await another_supplier(company)
    await sent_invoices(company, supplier, "R-1")
    await sent_invoices(company, supplier, "OLD", issue_date="2026-01-31", due_date="2026-12-31")
    await sent_invoices(company, other, "R-1")
    await draft_invoice(supplier, await accepted_order(company, supplier))
    assert (await made_batch(company)).documents == 2
    assert (await made_batch(company, partner_id=str(other.id))).documents == 1
    async with viewing(company.payable) as view:
        january = await chosen.chosen(view, convert(BatchForm, {"kind": "invoice", "month": "2026-01"}))
    assert [row["number"] for row in january] == ["OLD"]
    own = await made_batch(supplier, "billing")
    assert (own.documents, own.direction, own.state) == (1, "sent", "ready")


async def test_credit_notes_and_statements_come_the_same_way(connected, client_of):
    company, supplier = await trading_pair()
    [invoice] = await sent_invoices(company, supplier, "R-1")
    await sent_credit(supplier, invoice)
    notes = await made_batch(company, kind="credit-note")
    assert (notes.documents, notes.state) == (1, "ready")

    second = await another_supplier(company)
    stated = [await sent_statement(company, each) for each in (supplier, second)]
    async with viewing(company.payable) as view:
        assert f"{await today(view):%Y-%m}" == THIS_MONTH
    told = await made_batch(company, kind="statement")
    files = unpacked(await (await client_of(company.payable)).get(f"{API}/{told.id}/file"))
    pdfs = {name for name in files if name != "contents.csv"}
    assert pdfs == {f"{each.supplier_name}/{each.number}.pdf" for each in stated}
    assert told.direction == "sent"


async def test_whoever_may_not_open_one_gets_no_batch_of_them(connected):
    company, supplier = await trading_pair()
    await sent_invoices(company, supplier, "R-1")
    with pytest.raises(Denied):
        await asked_batch(company, "receiver")
    with pytest.raises(Denied):
        await asked_batch(company, "approver")
    with pytest.raises(Denied):
        await asked_batch(supplier, "order_desk", kind="statement")
    rival = await another_supplier(company)
    assert "nothing of this kind" in await why_not(rival, "billing")


async def test_who_looks_after_a_part_of_the_company_gets_that_part(connected, superuser):
    company, supplier = await trading_pair()
    await sent_invoices(company, supplier, "R-1", "R-2")
    buyer = await a_colleague(company, "buyer")
    narrow(superuser, buyer, company.id)
    async with viewing(Actor.system(company.id)) as view:
        [company.people["elsewhere"]] = await making.colleagues(view, buyer.person_id)
    assert "none that you may open" in await why_not(company, "elsewhere")


def narrow(superuser, person, *sites):
    """From now on they look after these sites alone."""
    scope = json.dumps({"sites": [str(site) for site in sites]})
    superuser.execute("update membership set scope = %s where person_id = %s", [scope, person.person_id])


async def test_who_looks_after_another_part_since_they_asked_gets_nothing_of_the_old_one(
    connected, client_of, superuser
):
    company, supplier = await trading_pair()
    await sent_invoices(company, supplier, "R-1")
    company.people["moving"] = await a_colleague(company, "payable")
    ready, waiting = await made_batch(company, "moving"), await asked_batch(company, "moving")
    narrow(superuser, company.moving, company.id)
    answer = await (await client_of(company.moving)).get(f"{API}/{ready.id}/file")
    assert (answer.status_code, answer.json()["detail"][:11]) == (409, "Your rights")
    await run_jobs(commands.MAKE)
    told = await state_of(company.moving, waiting)
    assert (told.state, told.done, told.problem[:11]) == ("failed", 0, "Your rights")


async def test_a_key_with_fewer_roles_takes_no_batch_that_more_roles_asked_for(connected):
    company, _supplier = await trading_pair()
    both = company.with_roles("payable", "buyer")
    rights = chosen.rights_of(both)
    assert chosen.with_rights(company.with_roles("payable", "buyer", "approver"), "invoice", rights).roles == both.roles
    with pytest.raises(Conflict):
        chosen.with_rights(company.payable, "invoice", rights)


async def test_rights_are_asked_again_while_it_is_made(connected, superuser):
    company, supplier = await trading_pair()
    await sent_invoices(company, supplier, "R-1", "R-2")
    company.people["leaving"] = await a_colleague(company, "payable")
    batch = await asked_batch(company, "leaving")
    superuser.execute(
        "update membership set roles = array['receiver'] where person_id = %s", [company.leaving.person_id]
    )
    await run_jobs(commands.MAKE)
    told = await state_of(company.leaving, batch)
    assert (told.state, told.done) == ("failed", 0)
    assert told.problem


async def test_it_is_seen_cancelled_and_taken_by_nobody_but_whoever_asked(connected, client_of):
    company, supplier = await trading_pair()
    await sent_invoices(company, supplier, "R-1")
    batch = await asked_batch(company)
    colleague = await a_colleague(company, "payable")
    other = await client_of(colleague)
    for path in ("", "/file"):
        assert (await other.get(f"{API}/{batch.id}{path}")).status_code == 404
    assert (await other.get(API)).json()["items"] == []
    with pytest.raises(NotFound):
        await commands.cancel(colleague, batch.id)


async def test_a_cancelled_one_makes_nothing_more(connected, superuser):
    company, supplier = await trading_pair()
    await sent_invoices(company, supplier, "R-1")
    batch = await asked_batch(company)
    assert (await commands.cancel(company.payable, batch.id)).state == "cancelled"
    await run_jobs(commands.MAKE)
    assert (await state_of(company.payable, batch)).state == "cancelled"
    assert superuser.execute("select count(*) from document where shown_to = %s", [company.id]).fetchone() == (0,)
    with pytest.raises(Conflict):
        await commands.cancel(company.payable, batch.id)


async def test_one_that_is_cancelled_while_it_is_made_stops_before_the_next_document(connected, monkeypatch):
    company, supplier = await trading_pair()
    await sent_invoices(company, supplier, "R-1", "R-2")
    batch = await asked_batch(company)
    real = documents.made

    async def then_cancelled(*asked):
        document = await real(*asked)
        await commands.cancel(company.payable, batch.id)
        return document

    monkeypatch.setattr(documents, "made", then_cancelled)
    await run_jobs(commands.MAKE)
    async with viewing(company.payable) as view:
        assert [part.number for part in await queries.left(view, batch.id)] == ["R-2"]
    assert (await state_of(company.payable, batch)).state == "cancelled"


async def test_a_document_that_cannot_be_made_is_named_and_the_others_are_there(connected, client_of, monkeypatch):
    company, supplier = await trading_pair()
    await sent_invoices(company, supplier, "R-1", "R-2")
    real = pressroom.proof_of

    async def but_one(sheet, **kwargs):
        if "R-2" in sheet.html:
            raise Unprintable("too-slow")
        return await real(sheet, **kwargs)

    monkeypatch.setattr(pressroom, "proof_of", but_one)
    told = await made_batch(company)
    assert (told.state, told.lacking) == ("ready", 1)
    client = await client_of(company.payable)
    files = unpacked(await client.get(f"{API}/{told.id}/file"))
    reasons = {row["Number"]: row["Not in it, because"] for row in contents(files)}
    assert reasons["R-1"] == ""
    assert "takes longer" in reasons["R-2"]
    assert reasons["R-2"] in (await client.get(f"/batches/{told.id}")).text
