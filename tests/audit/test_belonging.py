"""Evidence about an order is about everything that belongs to it, with its documents, opened before or not."""

import io
import json
import zipfile

import pytest

from portal.audit.bundles import evidence
from portal.audit.offline import verify_file
from portal.audit.queries import EntryFilter
from portal.documents import pressroom
from portal.platform.actor import Actor
from tests.harness.credits import sent_credit
from tests.harness.deliveries import despatched_goods, received_goods
from tests.harness.invoices import submitted_invoice
from tests.harness.log_rows import seal_now
from tests.harness.services import service_order, submitted_entry
from tests.harness.world import accepted_order, trading_pair


@pytest.fixture
async def everything(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order, "6")
    receipt = await received_goods(company, order, "6", advice=advice)
    invoice = await submitted_invoice(supplier, order)
    credit = await sent_credit(supplier, invoice)
    other = await accepted_order(company, supplier)
    await seal_now()
    yield company, supplier, order, (advice, receipt, invoice, credit), other
    pressroom.close()


async def made_of(actor, record):
    made = await evidence(actor, EntryFilter(object=str(record)))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return made, {each.filename: archive.read(each) for each in archive.infolist()}


def subjects(files):
    payloads = [json.loads(json.loads(line)["payload"]) for line in files["entries.jsonl"].splitlines()]
    return {each["subject_id"] for each in payloads}


@pytest.mark.parametrize("by", ["id", "number"])
async def test_evidence_about_an_order_follows_all_that_belongs_to_it(everything, tmp_path, by):
    company, _supplier, order, parts, other = everything
    made, files = await made_of(company.auditor, getattr(order, by))

    assert {str(each.id) for each in (order, *parts)} <= subjects(files)
    assert str(other.id) not in subjects(files)
    manifest = json.loads(files["manifest.json"])
    assert manifest["query"] == {"object": str(getattr(order, by))}
    assert manifest["missing"] == []
    assert manifest["control"]["count"] == files["entries.jsonl"].count(b"\n")
    kinds = {name.split("/")[1] for name in files if name.startswith("documents/")}
    assert kinds == {"purchase-order", "despatch-advice", "invoice", "credit-note"}
    (tmp_path / "evidence.zip").write_bytes(made)
    verdict = verify_file(tmp_path / "evidence.zip")
    assert (verdict.faults, verdict.entries) == ([], manifest["control"]["count"])


async def test_what_the_reader_may_not_see_does_not_come_along(everything):
    company, supplier, order, _parts, _other = everything
    rival, _theirs = await trading_pair()
    _made, files = await made_of(rival.auditor, order.id)
    assert subjects(files) == set()
    _made, files = await made_of(company.receiver, order.id)
    missing = json.loads(files["manifest.json"])["missing"]
    assert {each["kind"] for each in missing} >= {"purchase-order", "invoice"}
    assert all(each["reason"] for each in missing)
    assert not [name for name in files if name.startswith(("documents/purchase-order", "documents/invoice"))]
    assert supplier.id != company.id


async def test_what_nobody_opened_is_named_where_no_person_asks(everything):
    company, _supplier, order, parts, _other = everything
    _made, files = await made_of(Actor.system(company.id), order.id)
    missing = json.loads(files["manifest.json"])["missing"]
    assert {each["number"] for each in missing} >= {order.number}
    assert not [name for name in files if name.startswith("documents/")]
    assert {str(each.id) for each in parts} <= subjects(files)


async def test_service_entries_belong_to_their_order(connected):
    company, supplier = await trading_pair()
    order = await service_order(company, supplier)
    entry = await submitted_entry(company, supplier, order, "4")
    await seal_now()
    _made, files = await made_of(company.auditor, order.id)
    assert str(entry.id) in subjects(files)
    pressroom.close()
