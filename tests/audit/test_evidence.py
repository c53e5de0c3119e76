"""Evidence bundles: everything about an order as one file that is checked where there is no portal."""

import hashlib
import io
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from portal.audit.bundles import bundle
from portal.audit.offline import NoEvidence, verify_file
from portal.audit.queries import EntryFilter
from portal.documents import commands as documents
from portal.documents import pressroom
from portal.platform.actor import Actor
from portal.platform.gate import gate
from portal.platform.settings import override
from portal.platform.work import viewing
from tests.harness.log_rows import seal_now
from tests.harness.world import issued_order, trading_pair


@pytest.fixture(scope="module")
async def evidence(connected: None) -> AsyncIterator[bytes]:
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, internal_note="pay late")
    wished = await documents.request(company.buyer, "purchase-order", order.id)
    await documents.render(Actor.system(company.id), wished.id)
    witnessed: Any = await seal_now()
    async with gate() as connection:
        told = (witnessed.checkpoint.size, "https://witness.example", b"seen")
        await connection.execute("select portal.witnessed($1, $2, $3)", *told)
    await issued_order(company, supplier)
    await seal_now()
    async with viewing(company.auditor) as view:
        made = await bundle(view, EntryFilter(object=str(order.id)))
    yield made
    pressroom.close()


def rewritten(evidence: bytes, folder: Path, **changes: Any) -> Path:
    """The bundle with other files: bytes to replace one, None to leave it out."""
    target = folder / "evidence.zip"
    with zipfile.ZipFile(io.BytesIO(evidence)) as before, zipfile.ZipFile(target, "w") as after:
        names = {each.filename: before.read(each) for each in before.infolist()} | changes
        for name, data in names.items():
            if data is not None:
                after.writestr(name, data)
    return target


def parts(evidence: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(evidence)) as bundle:
        return {each.filename: bundle.read(each) for each in bundle.infolist()}


def test_a_bundle_is_checked_without_database_and_without_our_keys(evidence, tmp_path):
    with override(secret_keys=(), database_url=None, owner_url=None):
        verdict = verify_file(rewritten(evidence, tmp_path))

    assert verdict.faults == []
    assert verdict.entries == 4
    files = parts(evidence)
    assert {"entries.jsonl", "entries.csv", "report.pdf", "checkpoint.txt", "manifest.json", "manifest.sig"} < set(
        files
    )
    assert [name for name in files if name.startswith("documents/purchase-order/")]
    manifest = json.loads(files["manifest.json"])
    assert manifest["control"]["count"] == verdict.entries
    assert manifest["control"]["events"]["purchase-order.issued"] == 1
    assert manifest["control"]["gross"] == {"EUR": "148.75"}
    assert manifest["query"]["object"]
    assert "pay late" in files["entries.jsonl"].decode()
    assert files["report.pdf"].startswith(b"%PDF")
    assert files["entries.csv"].decode("utf-8-sig").count("\n") == verdict.entries + 1


def one_byte(data: bytes) -> bytes:
    return data[:-9] + bytes([data[-9] ^ 1]) + data[-8:]


@pytest.mark.parametrize("name", ["entries.csv", "report.pdf", "entries.jsonl", "checkpoint.txt", "manifest.json"])
def test_a_changed_byte_in_any_file_is_found(evidence, tmp_path, name):
    changed = rewritten(evidence, tmp_path, **{name: one_byte(parts(evidence)[name])})
    try:
        faults = verify_file(changed).faults
    except NoEvidence:
        assert name == "manifest.json"
        return
    assert any(fault.detail in (name, "checkpoint") or fault.entry for fault in faults)


@pytest.mark.parametrize("broken", [b"\x00", b"\\", b"{"])
def test_entries_that_cannot_be_read_any_more_are_told_as_changed(evidence, tmp_path, broken):
    whole = parts(evidence)["entries.jsonl"]
    half = next(place for place in range(len(whole) // 2, len(whole)) if whole[place : place + 1] != broken)
    changed = whole[:half] + broken + whole[half + 1 :]
    faults = verify_file(rewritten(evidence, tmp_path, **{"entries.jsonl": changed})).faults
    assert ("file-changed", "entries.jsonl") in {(each.kind, each.detail) for each in faults}
    assert {"figures", "changed"} & {each.kind for each in faults}


def test_a_byte_that_does_not_even_fit_the_archives_sums_is_told_as_a_changed_file(evidence, tmp_path):
    with zipfile.ZipFile(io.BytesIO(evidence)) as bundle:
        place = bundle.getinfo("entries.jsonl")
    whole = bytearray(evidence)
    whole[place.header_offset + 200 + place.compress_size // 2] ^= 1
    (tmp_path / "flipped.zip").write_bytes(whole)
    assert "entries.jsonl" in {each.detail for each in verify_file(tmp_path / "flipped.zip").faults}


def test_a_changed_entry_is_named_also_when_the_manifest_goes_along(evidence, tmp_path):
    files = parts(evidence)
    lines = [json.loads(line) for line in files["entries.jsonl"].splitlines()]
    lines[1]["payload"] = lines[1]["payload"].replace("in_approval", "approved")
    changed = b"\n".join(json.dumps(line).encode() for line in lines)
    faults = verify_file(rewritten(evidence, tmp_path, **{"entries.jsonl": changed})).faults

    assert {fault.kind for fault in faults if fault.entry == lines[1]["entry_id"]} == {"changed", "proof"}


@pytest.mark.parametrize(("name", "kind"), [("entries.csv", "file-missing"), ("extra.txt", "file-added")])
def test_a_file_that_is_gone_or_came_in_is_found(evidence, tmp_path, name, kind):
    changed = rewritten(evidence, tmp_path, **{name: None if kind == "file-missing" else b"x"})
    assert [(fault.kind, fault.detail) for fault in verify_file(changed).faults] == [(kind, name)]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("forged", ["report.pdf", "entries.csv", "manifest.json"])
def test_a_second_file_of_a_name_is_found_whichever_comes_first(evidence, tmp_path, forged):
    changed = tmp_path / "doubled.zip"
    with zipfile.ZipFile(changed, "w") as made:
        for name, data in ((forged, b"forged"), *parts(evidence).items()):
            made.writestr(name, data)
    assert ("file-doubled", forged) in {(fault.kind, fault.detail) for fault in verify_file(changed).faults}


@pytest.mark.parametrize("where", ["before", "between", "behind"])
def test_bytes_around_the_files_are_found(evidence, tmp_path, where):
    whole, hidden = rewritten(evidence, tmp_path).read_bytes(), io.BytesIO()
    with zipfile.ZipFile(hidden, "w") as other:
        other.writestr("report.pdf", b"forged")
    extra = hidden.getvalue()[: hidden.getvalue().index(b"PK\x01\x02")]
    with zipfile.ZipFile(io.BytesIO(whole)) as there:
        at = there.start_dir
    moved = whole[at:-6] + (at + len(extra)).to_bytes(4, "little") + whole[-2:]  # the directory, and where it begins
    put = {"before": extra + whole, "between": whole[:at] + extra + moved, "behind": whole + extra}[where]
    changed = tmp_path / "padded.zip"
    changed.write_bytes(put)
    assert [fault.kind for fault in verify_file(changed).faults] == ["padded"]


def test_an_archive_whose_parts_are_not_where_it_says_is_told_by_the_parts_name(evidence, tmp_path):
    whole = bytearray(rewritten(evidence, tmp_path).read_bytes())
    entry = whole.index(b"PK\x01\x02")
    whole[entry + 42 : entry + 46] = (len(whole) - 4).to_bytes(4, "little")
    changed = tmp_path / "broken.zip"
    changed.write_bytes(whole)
    assert "entries.jsonl" in {each.detail for each in verify_file(changed).faults}


def test_an_entry_left_out_is_found_by_the_figures(evidence, tmp_path):
    kept = b"".join(parts(evidence)["entries.jsonl"].splitlines(keepends=True)[1:])
    faults = verify_file(rewritten(evidence, tmp_path, **{"entries.jsonl": kept})).faults
    assert {fault.kind for fault in faults} == {"file-changed", "figures"}


def test_a_bundle_signed_by_another_key_is_refused_when_the_key_is_named(evidence, tmp_path):
    other = "portal+00000000+" + "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    assert {fault.kind for fault in verify_file(rewritten(evidence, tmp_path), other).faults} == {"signature"}


def test_what_witnesses_answered_goes_along_and_fits(evidence, tmp_path):
    files = parts(evidence)
    manifest = json.loads(files["manifest.json"])
    [seen] = [each for each in manifest["witnesses"] if each["witness"] == "https://witness.example"]
    assert files["witnesses/1-receipt"] in (b"seen", b"")
    assert seen["checkpoint"] != manifest["checkpoint"]
    seen["hashes"] = seen["hashes"][1:] or ["00" * 32]
    changed = rewritten(evidence, tmp_path, **{"manifest.json": json.dumps(manifest).encode()})
    assert {fault.kind for fault in verify_file(changed).faults} == {"signature", "consistency"}


async def test_that_evidence_was_taken_out_is_in_the_log(superuser, tmp_path):
    company, supplier = await trading_pair()
    await issued_order(company, supplier)
    await seal_now()
    async with viewing(company.auditor) as view:
        made = await bundle(view, EntryFilter(event="purchase-order.issued"))
    manifest = hashlib.sha256(parts(made)["manifest.json"]).hexdigest()
    said = "select body -> 'data' from audit_entry where event = 'evidence.exported' and owner_id = %s"
    assert superuser.execute(said, [company.id]).fetchone() == ({"entries": 1, "manifest": manifest},)


async def test_one_entrys_proof_is_checked_offline_too(client_of, tmp_path):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    await seal_now()
    client = await client_of(company.auditor)
    [entry] = (await client.get("/api/v1/audit-entries", params={"object": order.number, "limit": 1})).json()["items"]
    answer = await client.get(f"/api/v1/audit-entries/{entry['id']}/proof")
    file = tmp_path / "proof.json"
    file.write_bytes(answer.content)
    assert verify_file(file).intact
    file.write_bytes(answer.content.replace(order.number.encode(), b"PO-2026-99999"))
    assert {fault.kind for fault in verify_file(file).faults} == {"changed", "proof"}


@pytest.mark.parametrize("text", [b"", b"{}", b"[1]", b"PK\x03\x04 no", b'{"checkpoint": {"note": 1}}'])
def test_what_is_no_evidence_is_said_to_be_none(tmp_path, text):
    file = tmp_path / "odd"
    file.write_bytes(text)
    with pytest.raises(NoEvidence):
        verify_file(file)
