"""Files attached to records: seen by who sees the record, by both sides or by one, and by nobody else."""

import hashlib
from datetime import timedelta

import pytest

from portal.audit.commands import place_hold
from portal.audit.forms import HoldForm
from portal.documents.store import stream
from portal.evidence import commands
from portal.evidence.commands.check import shelf
from portal.evidence.jobs import AGAIN, TIDY
from portal.evidence.states import FILE
from portal.orders import commands as orders
from portal.platform.convert import convert
from portal.platform.jobs import run
from tests.harness.credits import drafted_credit, sent_credit
from tests.harness.deliveries import despatched_goods, drafted_advice, events_of, received_goods
from tests.harness.evidence import API, PDF, attached, begun_file, file_row, picture, sent
from tests.harness.invoices import submitted_invoice
from tests.harness.services import service_order, submitted_entry
from tests.harness.world import accepted_order, approved_order, trading_pair


async def names_at(client, kind, record_id):
    listed = await client.get(API, params={"kind": kind, "record_id": str(record_id)})
    return [file["name"] for file in listed.json()["items"]] if listed.status_code == 200 else listed.status_code


async def test_photos_of_damage_are_seen_by_both_sides_of_the_receipt(client_of):
    company, supplier = await trading_pair()
    receipt = await received_goods(company, await accepted_order(company, supplier), "6")
    receiver, order_desk = await client_of(company.receiver), await client_of(supplier.order_desk)
    photo = picture()

    file = await attached(receiver, "goods-receipt", receipt.id, "Schaden Palette 3.jpg", photo, note="Crushed corner")
    [seen] = (await order_desk.get(API, params={"kind": "goods-receipt", "record_id": str(receipt.id)})).json()["items"]

    assert (file["state"], file["media_type"], file["shared"], file["own"]) == ("unscanned", "image/jpeg", True, True)
    assert file["sha256"] == hashlib.sha256(photo).hexdigest()
    assert (seen["name"], seen["own"], seen["note"]) == ("Schaden Palette 3.jpg", False, "Crushed corner")
    assert (await order_desk.get(seen["href"])).content == photo
    assert (await order_desk.get(f"{API}/{seen['id']}/content")).content == photo
    assert {"evidence-file.begun", "evidence-file.attached", "evidence-file.checked"} <= set(
        await events_of(company.receiver, receipt.id)
    )
    page = await order_desk.get(f"/receipts/{receipt.id}")
    assert "Schaden Palette 3.jpg" in page.text
    assert "Not scanned" in page.text


async def test_every_kind_of_record_takes_files_from_both_sides(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order, "6")
    receipt = await received_goods(company, order, "6", advice=advice)
    invoice = await submitted_invoice(supplier, order)
    entry = await submitted_entry(company, supplier, await service_order(company, supplier), "4")
    credit = await sent_credit(supplier, invoice)
    pages = {
        "purchase-order": f"/orders/{order.id}",
        "despatch-advice": f"/despatch-advices/{advice.id}",
        "goods-receipt": f"/receipts/{receipt.id}",
        "invoice": f"/invoices/{invoice.id}",
        "service-entry": f"/service-entries/{entry.id}",
        "credit-note": f"/credit-notes/{credit.id}",
    }
    buys, sells = await client_of(company.payable), await client_of(supplier.billing)
    for kind, place in pages.items():
        for client, name in ((buys, "ours.pdf"), (sells, "theirs.pdf")):
            form = {"_csrf": client.headers["x-csrf-token"], "who": "both"}
            answer = await client.post(
                f"/files/{kind}/{place.rpartition('/')[2]}", data=form, files={"file": (name, PDF, "text/html")}
            )
            assert (answer.status_code, answer.headers["location"]) == (303, f"{place}#files"), answer.text
        for client in (buys, sells):
            shown = (await client.get(place)).text
            assert ("ours.pdf" in shown, "theirs.pdf" in shown) == (True, True), kind


async def test_what_is_only_for_us_the_other_side_never_learns_of_until_it_is_shared(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    buyer, order_desk = await client_of(company.buyer), await client_of(supplier.order_desk)
    file = await attached(buyer, "purchase-order", order.id, "calculation.pdf", PDF, internal=True)

    assert await names_at(order_desk, "purchase-order", order.id) == []
    for path in (f"{API}/{file['id']}", f"/files/{file['id']}", f"/files/{file['id']}/record"):
        assert (await order_desk.get(path)).status_code == 404
    assert "calculation.pdf" not in (await order_desk.get(f"/orders/{order.id}")).text
    assert "Only for us" in (await buyer.get(f"/orders/{order.id}")).text
    assert "evidence-file.attached" not in await events_of(supplier.order_desk, order.id)

    shared = await buyer.post(f"{API}/{file['id']}/share")
    assert (shared.json()["internal"], shared.json()["shared"]) == (False, True)
    assert await names_at(order_desk, "purchase-order", order.id) == ["calculation.pdf"]


async def test_files_of_a_draft_are_shown_when_the_draft_is(client_of):
    company, supplier = await trading_pair()
    order = await approved_order(company, supplier)
    buyer, order_desk = await client_of(company.buyer), await client_of(supplier.order_desk)
    await attached(buyer, "purchase-order", order.id, "drawing.pdf", PDF)
    await attached(buyer, "purchase-order", order.id, "costs.pdf", PDF, internal=True)
    assert await names_at(order_desk, "purchase-order", order.id) == 404

    await orders.issue(company.buyer, order.id)

    assert await names_at(order_desk, "purchase-order", order.id) == ["drawing.pdf"]


async def test_a_suppliers_drafts_keep_their_files_to_themselves(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    advice = await drafted_advice(company, supplier, order, "6")
    shipping, receiver = await client_of(supplier.shipping), await client_of(company.receiver)
    file = await attached(shipping, "despatch-advice", advice.id, "certificate.pdf", PDF)
    assert (file["shared"], (await receiver.get(f"{API}/{file['id']}")).status_code) == (False, 404)

    await shipping.post(f"/api/v1/despatch-advices/{advice.id}/despatch")

    assert (await receiver.get(f"/files/{file['id']}")).content == PDF


async def test_credit_drafts_too(client_of):
    company, supplier = await trading_pair()
    invoice = await submitted_invoice(supplier, await accepted_order(company, supplier))
    credit = await drafted_credit(supplier, invoice)
    billing, payable = await client_of(supplier.billing), await client_of(company.payable)
    file = await attached(billing, "credit-note", credit.id, "weighing.pdf", PDF)
    assert (await payable.get(f"/files/{file['id']}")).status_code == 404


async def test_a_rival_meets_a_wall_at_every_door(client_of):
    company, supplier = await trading_pair()
    _other, rival = await trading_pair()
    order = await accepted_order(company, supplier)
    file = await attached(await client_of(company.buyer), "purchase-order", order.id, "drawing.pdf", PDF)
    spy = await client_of(rival.order_desk)
    at, page = f"{API}/{file['id']}", f"/files/{file['id']}"
    for method, path in (
        *(("GET", at), ("HEAD", at), ("GET", f"{at}/content"), ("DELETE", at), ("POST", f"{at}/share")),
        *(("GET", page), ("GET", f"{page}/preview"), ("GET", f"{page}/record"), ("POST", f"{page}/delete")),
    ):
        assert (await spy.request(method, path)).status_code == 404, (method, path)
    assert (await spy.patch(at, content=b"x", headers={"upload-offset": "0"})).status_code == 404
    body = {"kind": "purchase-order", "record_id": str(order.id), "name": "x.pdf", "size": 3}
    assert (await spy.post(API, json=body)).status_code == 404
    assert (await spy.post(f"/files/purchase-order/{order.id}", files={"file": ("x.pdf", PDF)})).status_code == 404


async def test_an_auditor_reads_files_and_attaches_none(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    file = await attached(await client_of(company.buyer), "purchase-order", order.id, "drawing.pdf", PDF)
    auditor = await client_of(company.auditor)
    body = {"kind": "purchase-order", "record_id": str(order.id), "name": "x.pdf", "size": 3}

    assert (await auditor.get(f"/files/{file['id']}")).content == PDF
    assert (await auditor.post(API, json=body)).status_code == 403
    assert (await auditor.post(f"/files/purchase-order/{order.id}", files={"file": ("x.pdf", PDF)})).status_code == 403
    assert "Attach files" not in (await auditor.get(f"/orders/{order.id}")).text


async def test_a_role_that_does_not_see_the_record_does_not_see_its_files(client_of):
    company, supplier = await trading_pair()
    invoice = await submitted_invoice(supplier, await accepted_order(company, supplier))
    file = await attached(await client_of(supplier.billing), "invoice", invoice.id, "timesheet.pdf", PDF)
    assert (await (await client_of(company.receiver)).get(f"/files/{file['id']}")).status_code == 403
    assert (await (await client_of(company.payable)).get(f"/files/{file['id']}")).status_code == 200


async def test_a_file_is_taken_back_only_by_who_attached_it_and_never_once_shared(client_of, superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    buyer, payable = await client_of(company.buyer), await client_of(company.payable)
    ours = await attached(buyer, "purchase-order", order.id, "calculation.pdf", PDF, internal=True)
    shared = await attached(buyer, "purchase-order", order.id, "drawing.pdf", PDF)

    assert (await payable.delete(f"{API}/{ours['id']}")).status_code == 403
    assert (await payable.post(f"/files/{ours['id']}/share")).status_code == 403
    refused = await buyer.delete(f"{API}/{shared['id']}")
    assert refused.status_code == 409
    assert "What was shared stays" in refused.json()["detail"]
    assert (await buyer.delete(f"{API}/{ours['id']}")).status_code == 204

    assert (await buyer.get(f"/files/{ours['id']}")).status_code == 404
    assert await names_at(buyer, "purchase-order", order.id) == ["calculation.pdf", "drawing.pdf"]
    assert "Deleted" in (await buyer.get(f"/orders/{order.id}")).text
    with pytest.raises(Exception, match="evidence_shared_stays"):
        superuser.execute("update evidence_file set state = 'deleted' where id = %s", (shared["id"],))
    with pytest.raises(Exception, match="stays what it is"):
        superuser.execute("update evidence_file set shown_to = null where id = %s", (shared["id"],))


@pytest.mark.parametrize("what", ["file", "record", "party", "period"])
async def test_a_legal_hold_keeps_a_file_and_its_bytes(client_of, superuser, monkeypatch, what):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    buyer = await client_of(company.buyer)
    held, early = [
        await attached(buyer, "purchase-order", order.id, name, PDF + name.encode(), internal=True)
        for name in ("claim.pdf", "deleted this morning.pdf")
    ]
    await buyer.delete(f"{API}/{early['id']}")
    for file in (held, early):
        named = {
            "file": {"object_id": file["id"]},
            "record": {"object_id": str(order.id)},
            "party": {"party_id": str(supplier.id)},
            "period": {"from_day": "2000-01-01"},
        }[what]
        await place_hold(company.administrator, convert(HoldForm, named | {"reason": "Claim"}))

    refused = await buyer.delete(f"{API}/{held['id']}")
    monkeypatch.setattr("portal.evidence.commands.tidy.YOUNG", timedelta(0))
    await run(TIDY, organisation_id=str(company.id))

    assert refused.status_code == 409
    assert refused.json()["detail"] == "A legal hold keeps this. It must be released first."
    assert (await buyer.get(f"/files/{held['id']}")).status_code == 200
    for file in (held, early):
        pieces = await stream(file["sha256"], shelf(company.id))
        assert b"".join([bytes(piece) async for piece in pieces]).startswith(PDF)


async def test_the_night_destroys_what_was_deleted_and_gives_up_what_nobody_sends(client_of, superuser, monkeypatch):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    buyer = await client_of(company.buyer)
    kept = await attached(buyer, "purchase-order", order.id, "drawing.pdf", PDF)
    gone = await attached(buyer, "purchase-order", order.id, "secret.pdf", PDF + b"secret", internal=True)
    half = await begun_file(company.buyer, "purchase-order", order.id, "film.mp4", 5_000)
    await buyer.delete(f"{API}/{gone['id']}")
    with superuser.transaction():
        superuser.execute("set local session_replication_role = replica")
        superuser.execute(
            "update evidence_file set created_at = created_at - interval '3 days' where id = %s", (half.id,)
        )
    monkeypatch.setattr("portal.evidence.commands.tidy.YOUNG", timedelta(0))

    await run(TIDY, organisation_id=str(company.id))

    assert (await file_row(company.buyer, half.id)).state == "abandoned"
    assert (await buyer.get(f"/files/{kept['id']}")).content == PDF
    with pytest.raises(FileNotFoundError):
        [piece async for piece in await stream(gone["sha256"], shelf(company.id))]


async def test_a_file_whose_job_was_lost_is_looked_at_again(client_of, superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    buyer = await client_of(company.buyer)
    file_id = await sent(buyer, "purchase-order", order.id, "drawing.pdf", PDF)
    superuser.execute("delete from dramatiq.queue where message ->> 'actor_name' = 'evidence.check'")
    with superuser.transaction():
        superuser.execute("set local session_replication_role = replica")
        superuser.execute(
            "update evidence_file set created_at = created_at - interval '1 hour' where id = %s", (file_id,)
        )

    await run(AGAIN, organisation_id=str(company.id))

    assert (await buyer.get(f"{API}/{file_id}")).json()["state"] == "unscanned"
    await commands.check(company.buyer, (await file_row(company.buyer, file_id)).id)


def test_the_database_knows_the_same_ways_of_a_file(superuser):
    sql = "select pg_get_triggerdef(oid) from pg_trigger where tgname = 'legal_state' and tgrelid = "
    [definition] = superuser.execute(sql + "'evidence_file'::regclass").fetchone()
    told = {
        tuple(pair.strip("' ").split(">")) for pair in definition.partition("legal_state(")[2].rstrip(")").split(",")
    }
    assert told == FILE.pairs()
