"""Files in an object store: a real S3-compatible server, which checks signatures, is killed and comes back."""

import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import obstore
import pytest

from portal.documents import commands, reach
from portal.documents import store as stored
from portal.documents.disposing import dispose
from portal.documents.store import Damaged, is_kept, load, place, remove, store, store_file, stream
from portal.evidence import quarantine
from portal.platform.actor import Actor
from portal.platform.ids import new_id
from portal.platform.jobs import run
from portal.platform.refusals import Away, Conflict
from tests.audit.test_keeping import kept_document, much_later
from tests.harness.batches import asked_batch, sent_invoices, state_of, unpacked
from tests.harness.evidence import PDF, attached
from tests.harness.jobs import waiting_jobs
from tests.harness.objects import ObjectStore
from tests.harness.stores import kept_in
from tests.harness.world import issued_order, trading_pair

AT_ONCE = {"max_retries": 0}
MADE = "select count(*) from audit_entry where event = 'document.ready' and shown_to = %s"


@pytest.fixture
async def kept_there(
    connected: None, object_store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ObjectStore]:
    """The portal of this story keeps its files there, in a place of its own, and is told at once when it is away."""
    monkeypatch.setattr(reach, "PATIENCE", AT_ONCE)
    with kept_in(object_store.place()):
        yield object_store


async def test_bytes_are_kept_read_held_against_their_name_and_destroyed(kept_there, tmp_path: Path):
    digest = await store(b"%PDF one")
    assert await store(b"%PDF one") == digest
    assert await load(digest) == b"%PDF one"
    await obstore.put_async(place(), f"{digest[:2]}/{digest[2:4]}/{digest}", b"%PDF two")
    with pytest.raises(Damaged):
        await load(digest)
    await remove(digest)
    await remove(digest)
    assert not await is_kept(digest)
    with pytest.raises(FileNotFoundError):
        await load(digest)


async def test_a_large_file_goes_there_in_parts_and_damaged_it_is_never_handed_out_whole(kept_there, tmp_path: Path):
    large = os.urandom(12 << 20)
    (tmp_path / "large").write_bytes(large)
    name = hashlib.sha256(large).hexdigest()
    await store_file(tmp_path / "large", name, "batches/one")
    assert b"".join([piece async for piece in await stream(name, "batches/one")]) == large

    await obstore.put_async(place(), f"batches/one/{name[:2]}/{name[2:4]}/{name}", large[:-1] + b"\0")
    arrived = b""
    with pytest.raises(Damaged):
        async for piece in await stream(name, "batches/one"):
            arrived += piece
    assert len(arrived) < len(large)


async def test_evidence_comes_in_parts_each_of_which_is_taken_once(kept_there, client_of):
    owner, file = new_id(), new_id()
    await quarantine.put(owner, file, 0, b"first")
    with pytest.raises(Conflict):
        await quarantine.put(owner, file, 0, b"other")
    assert await quarantine.beginning(owner, file, 10) == b"first"
    await quarantine.forget(owner, file)
    assert await quarantine.arrived(owner, file) == 0

    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    client, content = await client_of(company.buyer), PDF + b"%" + os.urandom(6 << 20)
    file = await attached(client, "purchase-order", order.id, "delivery.pdf", content, piece=2 << 20, internal=True)
    assert file["state"] == "unscanned"
    assert (await client.get(f"/files/{file['id']}")).content == content
    assert await quarantine.arrived(company.id, file["id"]) == 0


async def test_a_document_is_made_there_read_over_http_and_disposed_of(kept_there, client_of, superuser, clock):
    company, supplier = await trading_pair()
    order, digest = await kept_document(company, supplier, superuser)
    answer = await (await client_of(company.buyer)).get(f"/api/v1/purchase-orders/{order.id}/document.pdf")
    assert hashlib.sha256(answer.content).hexdigest() == digest

    await much_later(clock)
    kept_there.kill()
    with pytest.raises(Away):
        await dispose(Actor.system(company.id), really=True)
    kept_there.start()
    gone = await dispose(Actor.system(company.id), really=True)
    assert [each.line[2] for each in gone.due] == [order.number], "nothing was certified while the store was away"
    assert not await is_kept(digest)


async def test_keys_that_the_store_does_not_know_are_told_in_a_sentence(kept_there, client_of, monkeypatch):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    document = await commands.request(company.buyer, "purchase-order", order.id)
    await commands.render(Actor.system(company.id), document.id)
    client, path = await client_of(company.buyer), f"/api/v1/purchase-orders/{order.id}/document.pdf"
    assert (await client.get(path)).status_code == 200
    for name, value in kept_there.environment(secret="another").items():
        monkeypatch.setenv(name, value)
    reach._store.cache_clear()
    answer = await client.get(path)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert answer.json()["title"] == "The store of files cannot be reached"
    assert "try again in a minute" in answer.json()["detail"]
    assert "another" not in answer.text


async def test_killed_in_the_middle_of_a_batch_nothing_is_lost_and_nothing_is_there_twice(
    kept_there, client_of, superuser, monkeypatch
):
    """The second document finds the store gone; when it is back, the worker goes on there."""
    company, supplier = await trading_pair()
    await sent_invoices(company, supplier, "R-1", "R-2", "R-3")
    batch = await asked_batch(company)
    keeping, killed = stored.store, list[str]()

    async def keep_until_it_is_killed(data: bytes) -> str:
        digest = await keeping(data)
        if not killed:
            kept_there.kill()
        killed.append(digest)
        return digest

    monkeypatch.setattr(commands, "store", keep_until_it_is_killed)
    [waiting] = [each for each in await waiting_jobs("batches.make") if each["batch_id"] == str(batch.id)]
    with pytest.raises(Away):
        await run("batches.make", **waiting)
    assert (await state_of(company.payable, batch)).state == "making"
    assert superuser.execute(MADE, [company.id]).fetchone() == (1,)

    kept_there.start()
    await run("batches.make", **waiting)
    told = await state_of(company.payable, batch)
    assert (told.state, told.done, told.lacking) == ("ready", 3, 0)
    assert superuser.execute(MADE, [company.id]).fetchone() == (3,), "each was made once"
    attempts = "select distinct attempts, state from document where shown_to = %s"
    assert superuser.execute(attempts, [company.id]).fetchall() == [(0, "ready")], "it was no document's fault"
    files = unpacked(await (await client_of(company.payable)).get(f"/api/v1/batches/{batch.id}/file"))
    assert sum(data.startswith(b"%PDF") for data in files.values()) == 3
    assert [await load(digest) for digest in killed[:1]]
