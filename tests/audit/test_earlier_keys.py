"""A file that was signed by a key which was replaced since: genuine, with from when to when; what that key never signed
is not."""

import io
import json
import secrets
import zipfile
from pathlib import Path
from typing import Any

import pytest

from portal.audit.attesting import attest
from portal.audit.bundles import bundle
from portal.audit.checkpoints import Checkpoint, signers, verifier_key
from portal.audit.merkle import leaf_hash
from portal.audit.offline import verify_file
from portal.audit.queries import EntryFilter
from portal.audit.sealing import hand_over
from portal.audit.verifying import verify
from portal.documents import pressroom
from portal.oversight.commands import look_after
from portal.platform import database
from portal.platform.actor import Actor
from portal.platform.settings import override, settings
from portal.platform.work import viewing
from tests.harness.backups import here, portal
from tests.harness.campaigns import KEEP, decided, due, line, opened
from tests.harness.log_rows import seal_now
from tests.harness.pages import Reader
from tests.harness.world import buying_company, issued_order, trading_pair

EARLIER = "An earlier key of this portal signed it."


@pytest.fixture
async def replaced(connected):
    """`fresh = await replaced()`: another key signs the log from now on, and vouched for the one before; it alone is in
    the ring of whoever overrides by it. Afterwards all is as it was."""
    old, fresh = settings().secret_keys, secrets.token_urlsafe(32)

    async def replace() -> str:
        await seal_now()
        with override(secret_keys=(fresh, *old)):
            await handed()
        return fresh

    yield replace
    with override(secret_keys=(*old, fresh)):
        await seal_now()
        await handed()
    pressroom.close()


async def handed() -> None:
    connection = await database.alone()
    try:
        await hand_over(connection)
    finally:
        await connection.close()


async def evidence(company: Any, order: Any) -> bytes:
    async with viewing(company.auditor) as view:
        return await bundle(view, EntryFilter(object=str(order.id)))


async def told(client: Any, name: str, file: bytes) -> str:
    """What *Check what you have* says."""
    sent = {"_csrf": (await Reader(client).open("/audit/verify")).form("/audit/verify").values["_csrf"]}
    return (await client.post("/audit/verify", data=sent, files={"file": (name, file, "application/zip")})).text


async def test_a_bundle_of_a_key_that_was_replaced_is_genuine_and_says_from_when_to_when(
    replaced, client_of, tmp_path: Path
):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    await seal_now()
    file = tmp_path / "evidence.zip"
    file.write_bytes(await evidence(company, order))
    present = portal("audit", "verify", "--file", file, "--json", **here())

    fresh = await replaced()
    ring = {"PORTAL_SECRET_KEYS": fresh}
    asked = portal("audit", "verify", "--file", file, "--json", **here() | ring)
    words = portal("audit", "verify", "--file", file, **here() | ring)
    alone = portal("audit", "verify", "--file", file, **ring)

    assert present.facts, present.err
    assert (present.facts["signed_by"], present.facts["signed_until"]) == ("ring", None)
    assert (asked.code, asked.facts["intact"], asked.facts["signed_by"]) == (0, True, "earlier")
    assert asked.facts["signed_since"] <= asked.facts["signed_until"]
    assert f"GENUINE: {EARLIER[:1].lower()}{EARLIER[1:-1]}" in words.err
    assert "NOT COMPARED: the key that signed it" in alone.err
    with override(secret_keys=(fresh,)):
        page = await told(await client_of(company.auditor), "evidence.zip", file.read_bytes())
    assert "The bundle is whole, and as it was signed" in page
    assert EARLIER in page
    assert "&lt;time" not in page
    assert "no key of this portal" not in page


async def test_what_a_replaced_key_signs_of_another_log_is_not_this_portals(replaced, client_of, tmp_path: Path):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    await seal_now()
    client, leaked = await client_of(company.auditor), signers()[0]
    [entry, *_rest] = (await client.get("/api/v1/audit-entries", params={"object": order.number})).json()["items"]
    proof = (await client.get(f"/api/v1/audit-entries/{entry['id']}/proof")).json()
    signed = Checkpoint.of(proof["checkpoint"]["note"])
    forged = signed._replace(size=1, root=leaf_hash(bytes.fromhex(proof["leaf"])))
    made_up = proof["checkpoint"] | {"note": leaked.note(forged)}
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(proof | {"position": 0, "hashes": [], "checkpoint": made_up}))
    assert verify_file(file).intact

    fresh = await replaced()

    found = portal("audit", "verify", "--file", file, "--json", **here() | {"PORTAL_SECRET_KEYS": fresh})
    assert found.facts, found.err
    assert (found.code, [each["kind"] for each in found.facts["faults"]]) == (1, ["past-key"])
    with override(secret_keys=(fresh,)):
        page = await told(client, "proof.json", file.read_bytes())
    assert "It does not prove that the entry was sealed" in page
    assert "not what this log held by then" in page


async def test_a_report_of_a_replaced_key_is_genuine_if_the_log_had_its_hash(replaced, client_of, superuser):
    company = await buying_company()
    review = await opened(company)
    await decided(company.administrator, await line(company, review, "auditor"), **KEEP)
    due(superuser, review)
    await look_after(Actor.system(company.id))
    client = await client_of(company.auditor)
    report = (await client.get(f"/api/v1/access-reviews/{review.id}/report")).json()
    async with viewing(company.auditor) as view:
        made_up = {"nobody": "has any role"}
        forged = {"report": made_up, "attested": (await attest(view, "access-review", made_up))._asdict()}

    with override(secret_keys=(await replaced(),)):
        genuine, false = [await told(client, "report.json", json.dumps(each).encode()) for each in (report, forged)]

    assert "The report says what was signed" in genuine
    assert EARLIER in genuine
    assert "The report does not say what was signed" in false
    assert "not what this log held by then" in false


async def test_a_bundle_made_right_after_a_key_was_replaced_is_checked_by_the_new_one(replaced, tmp_path: Path):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    await seal_now()
    with override(secret_keys=(await replaced(),)):
        made, named = await evidence(company, order), signers()[0].public
    file = tmp_path / "evidence.zip"
    file.write_bytes(made)
    with override(secret_keys=(), database_url=None, owner_url=None):
        verdict = verify_file(file)
    assert verdict.faults == []
    assert verdict.public_key == verifier_key(Checkpoint.of(verdict.note).origin, named)
    with zipfile.ZipFile(io.BytesIO(made)) as inside:
        manifest = json.loads(inside.read("manifest.json"))
    assert len(manifest["handovers"]) >= 1


async def test_that_a_log_grew_is_proved_across_a_key_that_was_replaced(replaced, client_of, tmp_path: Path):
    company, supplier = await trading_pair()
    await issued_order(company, supplier)
    first: Any = await seal_now()
    before = verify(str(settings().owner_url)).faults  # other stories change entries of theirs
    with override(secret_keys=(await replaced(),)):
        await issued_order(company, supplier)
        second: Any = await seal_now()
        client = await client_of(company.auditor)
        sizes = {"from": first.checkpoint.size, "to": second.checkpoint.size}
        proof = (await client.get("/api/v1/audit/consistency", params=sizes)).json()
        assert verify(str(settings().owner_url)).faults == before
    file = tmp_path / "consistency.json"
    for changed, kinds in (({}, []), ({"handovers": []}, ["signature"])):
        file.write_text(json.dumps(proof | changed))
        assert [fault.kind for fault in verify_file(file).faults] == kinds
