"""The workspace in a browser: an administrator opens an engagement, an auditor draws, judges and takes evidence out."""

import hashlib
import json
import re
from datetime import date
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.audit.bundles import bundle
from portal.audit.checkpoints import Checkpoint, Signer, verifier_key
from portal.audit.queries import EntryFilter
from portal.audit.words import SENTENCES
from portal.documents import commands as documents
from portal.documents import pressroom
from portal.documents.store import load
from portal.invoicing.commands import accept_exception
from portal.invoicing.forms import Acceptance
from portal.operations.workspace.reports import REPORTS
from portal.orders import commands as orders
from portal.organisations.commands import release_supplier
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.work import viewing
from tests.harness.audits import drawn_sample, opened_engagement, soon, written_finding
from tests.harness.jobs import run_jobs
from tests.harness.log_rows import seal_now
from tests.harness.pages import Reader
from tests.harness.situations import differing
from tests.harness.world import a_colleague, issued_order, trading_pair


async def test_from_the_engagement_to_the_signature_without_a_script(client_of):
    company, supplier = await trading_pair()
    await issued_order(company, supplier)
    owner = await a_colleague(company, "auditor")
    desk = Reader(await client_of(company.administrator))
    page = await desk.open("/engagements")
    assert (await desk.send(page, "/engagements", title="", email="x", until="")).status == 422
    told = {"email": company.auditor.email, "owner_id": str(owner.person_id), "until": soon().isoformat()}
    opened = await desk.send(page, "/engagements", title="Purchasing 2026", **told)
    assert "The owner of the audit alone sees it" in opened.text
    found = await desk.open("/engagements")
    address = next(href for href in found.links.values() if href.startswith("/engagements/"))

    reader = Reader(await client_of(company.auditor))
    page = await reader.open(address)
    assert (await reader.send(page, "/samples", title="Orders", kind="orders", size="0")).status == 422
    sample = await reader.send(page, "/samples", title="Orders", kind="orders", size="5", seed="4711")
    assert "Seed4711" in sample.text
    form = next(form for form in sample.forms if "/items/" in form.action)
    assert (await reader.send(sample, form.action, outcome="exception")).status == 422
    judged = await reader.send(sample, form.action, outcome="exception", note="No approval", audited="0.00")
    assert "No approval" in judged.text
    assert "Nobody signs off their own work" in judged.text
    finding = await reader.send(page, "/workpapers", kind="finding", severity="high", title="Late", body="After issue")
    assert "After issue" in finding.text

    other = Reader(await client_of(owner))
    papers = await other.open(address)
    signing = await other.open(next(href for name, href in papers.links.items() if name.startswith("WP-")))
    done = await other.send(signing, "/sign", note="Seen")
    assert "Signed off. Nothing is added to it any more." in done.text
    assert owner.name in done.text


async def test_evidence_is_asked_for_watched_and_taken_out(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    await seal_now()
    client = await client_of(company.auditor)
    reader = Reader(client)
    search = await reader.open("/audit", query=order.number)
    form = await reader.open(search.links["Evidence as one file"])
    assert form.form("/evidence").values["object"] == order.number
    waiting = await reader.send(form, "/evidence")
    assert "Waiting for its turn" in waiting.text
    address = re.findall(r'sse-connect="(/evidence/[^/]+)/progress"', waiting.html)[0]
    assert (await client.get(f"{address}/file")).status_code == 409

    assert {done.error for done in await run_jobs("workspace.make-evidence")} == {None}
    pressroom.close()

    ready = await reader.open(address)
    assert "Download the zip" in ready.links
    stream = await client.get(f"{address}/progress")
    assert "event: over" in stream.text
    data = (await client.get(f"{address}/file")).content
    assert hashlib.sha256(data).hexdigest() in ready.text
    token = client.cookies and ready.form("/organisation").values["_csrf"] if ready.offers("/organisation") else ""
    checking = await reader.open("/audit/verify")
    sent = {"_csrf": token or checking.form("/audit/verify").values["_csrf"]}
    answer = await client.post("/audit/verify", data=sent, files={"file": ("evidence.zip", data, "application/zip")})
    assert "The bundle is whole, and as it was signed" in answer.text
    answer = await client.post("/audit/verify", data=sent, files={"file": ("note.txt", b"hello", "text/plain")})
    assert answer.status_code == 422


async def test_a_pdf_and_an_entry_are_checked_on_a_page(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    wished = await documents.request(company.buyer, "purchase-order", order.id)
    await documents.render(Actor.system(company.id), wished.id)
    pressroom.close()
    await seal_now()
    async with viewing(company.auditor) as view:
        digest: Any = await view.value("select sha256 from document where id = $1", wished.id)
        entry: Any = await view.value("select id from audit_entry where root_id = $1 order by id limit 1", order.id)
    data = await load(digest)
    client = await client_of(company.auditor)
    reader = Reader(client)
    sent = {"_csrf": (await reader.open("/audit/verify")).form("/audit/verify").values["_csrf"]}

    for name, content, words in (
        ("order.pdf", data, "The portal stored this very document"),
        ("order.pdf", data + b"\n", "stored no document of these bytes"),
    ):
        answer = await client.post("/audit/verify", data=sent, files={"file": (name, content, "application/pdf")})
        assert words in answer.text
    page = await reader.open(f"/audit/{entry}/verify")
    assert "It is as it was written" in page.text
    assert "Steps to the root" in page.text


async def test_each_kind_of_proof_is_judged_in_its_own_words(client_of):
    company, supplier = await trading_pair()
    await issued_order(company, supplier)
    first: Any = await seal_now()
    order = await issued_order(company, supplier)
    second: Any = await seal_now()
    client = await client_of(company.auditor)
    sent = {"_csrf": (await Reader(client).open("/audit/verify")).form("/audit/verify").values["_csrf"]}
    [entry, *_rest] = (await client.get("/api/v1/audit-entries", params={"object": order.number})).json()["items"]
    proof = (await client.get(f"/api/v1/audit-entries/{entry['id']}/proof")).json()
    both = (await client.get(f"/api/v1/audit/consistency?from={first.checkpoint.size}")).json()

    for told, words in (
        (proof, "The entry stands in the sealed log"),
        (proof | {"position": proof["position"] - 1}, "It does not prove that the entry was sealed"),
        (both, "The later log begins with the earlier one"),
        (both | {"hashes": []}, "It does not prove that the later log begins with the earlier one"),
    ):
        file = {"file": ("proof.json", json.dumps(told).encode(), "application/json")}
        page = (await client.post("/audit/verify", data=sent, files=file)).text
        assert words in page
        assert ("Entries of the earlier log" in page) == ("earlier" in told)
    assert (both["earlier"]["size"], both["later"]["size"]) == (first.checkpoint.size, second.checkpoint.size)


async def test_a_proof_that_a_stranger_signed_is_not_taken_for_the_portals_own(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    await seal_now()
    client = await client_of(company.auditor)
    [entry, *_rest] = (await client.get("/api/v1/audit-entries", params={"object": order.number})).json()["items"]
    proof = (await client.get(f"/api/v1/audit-entries/{entry['id']}/proof")).json()
    signed, stranger = Checkpoint.of(proof["checkpoint"]["note"]), Signer(Ed25519PrivateKey.generate(), b"")
    forged = {"note": stranger.note(signed), "public_key": verifier_key(signed.origin, stranger.public)}
    file = json.dumps(proof | {"checkpoint": proof["checkpoint"] | forged}).encode()

    sent = {"_csrf": (await Reader(client).open("/audit/verify")).form("/audit/verify").values["_csrf"]}
    page = await client.post("/audit/verify", data=sent, files={"file": ("proof.json", file, "application/json")})

    assert "It fits, but no key of this portal signed it" in page.text
    assert "The entry stands in the sealed log" not in page.text


async def test_all_of_the_log_leaves_only_when_somebody_says_that_they_want_it(client_of, superuser):
    company, supplier = await trading_pair()
    await issued_order(company, supplier)
    client = await client_of(company.auditor)

    refused = await client.post("/api/v1/evidence", json={})
    said = await client.post("/api/v1/evidence", json={"whole_log": True})
    narrowed = await client.post("/api/v1/evidence", json={"event": "purchase-order.issued"})

    assert (refused.status_code, said.status_code, narrowed.status_code) == (422, 201, 201)
    [error] = refused.json()["errors"]
    assert error["field"] == "whole_log"
    assert "the whole log of your company" in error["message"]
    reader = Reader(client)
    page = await reader.open("/evidence")
    again = await reader.send(page, "/evidence")
    assert (again.status, "the whole log of your company" in again.text) == (422, True)
    asked = await reader.send(again, "/evidence", whole_log="1")
    assert "Waiting for its turn" in asked.text
    made = superuser.execute("select query from evidence_bundle where organisation_id = %s", [company.id]).fetchall()
    assert [row[0] for row in made] == [{"whole_log": True}, {"event": "purchase-order.issued"}, {"whole_log": True}]


async def test_overrides_and_the_configuration_stand_in_reports_of_their_own(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    await orders.hold(company.buyer, order.id, "Certificate missing")
    await orders.release(company.buyer, order.id)
    client = await client_of(company.auditor)
    reader = Reader(client)

    overrides = await reader.open("/audit/overrides", group="holds")
    settings = await reader.open("/audit/configuration", group="rights")

    assert "Released the order" in overrides.text
    assert order.number in overrides.text
    assert "Gave somebody roles" in settings.text
    assert "Released the order" not in settings.text
    told = (await client.get("/api/v1/audit/overrides?group=holds")).json()["items"]
    assert [entry["event"] for entry in told] == ["purchase-order.released"]
    assert (await client.get("/api/v1/audit/overrides?group=nothing")).status_code == 400


async def test_an_override_is_told_with_the_reason_that_only_the_company_reads(client_of, superuser):
    company, supplier = await trading_pair(payments_held_until=date(2199, 1, 1))
    await release_supplier(company.supplier_manager, supplier.id, "payments")
    known = await differing(company, supplier)
    why = convert(Acceptance, {"reason": "Copper went up"})
    await accept_exception(company.buyer, known["invoice_id"], known["exception_id"], why)
    reader = Reader(await client_of(company.auditor))

    differences = await reader.open("/audit/overrides", group="differences")
    assert "Copper went up" in differences.text
    [number] = superuser.execute("select number from invoice where id = %s", [known["invoice_id"]]).fetchone()
    assert differences.links[f"Invoice {number}"] == f"/invoices/{known['invoice_id']}"
    assert supplier.name in (await reader.open("/audit/overrides", group="holds")).text


def test_every_event_of_a_report_is_one_that_happens():
    for groups in REPORTS.values():
        for name, group in groups.items():
            unknown = [code for code in group.codes if not any(event.startswith(code) for event in SENTENCES)]
            assert unknown == [], name


async def test_an_evidence_bundle_takes_workpapers_along_only_of_ones_own_engagement():
    company, supplier = await trading_pair()
    await issued_order(company, supplier)
    engagement, auditor, _owner = await opened_engagement(company)
    await drawn_sample(auditor, engagement)
    await written_finding(auditor, engagement)
    await seal_now()
    other = await a_colleague(company, "auditor")
    async with viewing(other) as view:
        made = await bundle(view, EntryFilter(object=engagement.number))
    pressroom.close()
    assert b"workpapers/" not in made
