"""Two hosts of one portal that were given different stores of files: the second one notices before anything is lost."""

import asyncio
import hashlib
import os
import re
import shutil
import time
import uuid
from pathlib import Path
from typing import Any

import obstore
import pytest

from portal.documents import commands, own
from portal.documents.own import MARK, require_own
from portal.documents.store import load, place, remove, store
from portal.evidence.commands import forget_bytes
from portal.operations.batches.commands.packing import forget
from portal.platform.actor import Actor
from portal.platform.jobs import run
from portal.platform.refusals import Away, Foreign
from portal.platform.settings import override, settings
from tests.harness.backups import empty_database, here, portal, working_in
from tests.harness.parts import Part, eventually
from tests.harness.stores import files_below, kept_in
from tests.harness.world import issued_order, trading_pair


@pytest.fixture(autouse=True)
def looked_at_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "BELIEVED", 0.0)
    monkeypatch.setattr(own, "REFUSED", 0.0)


@pytest.fixture
def other(connected: None, tmp_path: Path) -> Any:
    """A folder of another host."""
    with override(documents_url=(tmp_path / "other").as_uri()):
        yield tmp_path / "other"


async def a_document(company: Any, supplier: Any) -> Any:
    order = await issued_order(company, supplier)
    return await commands.request(company.buyer, "purchase-order", order.id)


async def test_a_host_with_a_folder_of_its_own_writes_nothing_and_its_jobs_wait_for_another(
    other: Path, superuser, client_of
):
    company, supplier = await trading_pair()
    document = await a_document(company, supplier)
    with pytest.raises(Foreign):
        await run("documents.render", organisation_id=str(company.id), document_id=str(document.id))
    with pytest.raises(Away):
        await store(b"%PDF one")
    assert files_below(other) == []
    told = "select state, attempts from document where id = %s"
    assert superuser.execute(told, [document.id]).fetchone() == ("pending", 0)

    with override(documents_url=None):
        await commands.render(Actor.system(company.id), document.id)
    client = await client_of(company.buyer)
    answer = await client.get(f"/api/v1/purchase-orders/{document.record_id}/document.pdf")
    assert answer.status_code == 503
    assert answer.json()["title"] == "This server keeps files elsewhere than the portal does"
    assert "Tell whoever runs the portal" in answer.json()["detail"]
    with override(documents_url=None):
        answer = await client.get(f"/api/v1/purchase-orders/{document.record_id}/document.pdf")
    assert answer.content.startswith(b"%PDF")


async def test_such_a_host_is_not_ready_and_one_whose_store_is_away_is(other: Path, anonymous):
    answer = await anonymous.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "another store of files"})
    with override(documents_url="s3://nowhere/portal"):
        assert (await anonymous.get("/readyz")).status_code == 200
    with override(documents_url=None):
        assert (await anonymous.get("/readyz")).status_code == 200


async def test_a_worker_of_another_host_says_so_and_leaves_the_document_to_the_right_one(start, superuser, tmp_path):
    """Two processes: the second is given the portal's own store."""
    company, supplier = await trading_pair()
    document = await a_document(company, supplier)
    state = "select state, attempts from document where id = %s"
    wrong: Part = start("worker", PORTAL_DOCUMENTS_URL=str(tmp_path / "other"))
    eventually(lambda: wrong.says("another store of files than the portal's own"))
    assert superuser.execute(state, [document.id]).fetchone() == ("pending", 0)
    wrong.stop()
    start("worker")
    eventually(lambda: superuser.execute(state, [document.id]).fetchone() == ("ready", 0), within=120)
    assert files_below(tmp_path / "other") == []


async def test_a_store_that_was_copied_whole_is_the_portals_own(connected, tmp_path: Path):
    digest = await store(b"%PDF copied")
    shutil.copytree(settings().data / "documents", tmp_path / "copied")
    with override(documents_url=(tmp_path / "copied").as_uri()):
        assert await load(digest) == b"%PDF copied"
        await store(b"%PDF more")
    assert len(files_below(tmp_path / "copied")) > 1


async def test_a_folder_that_is_not_mounted_any_more_is_noticed(connected, tmp_path: Path):
    at = tmp_path / "mounted"
    with kept_in(at.as_uri()):
        await store(b"%PDF before")
        at.rename(tmp_path / "elsewhere")
        at.mkdir()
        with pytest.raises(Foreign):
            await store(b"%PDF after")
        assert list(at.rglob("*")) == []


async def test_many_who_ask_of_a_store_that_is_none_of_ours_wait_for_one_look_that_is_remembered(
    other: Path, monkeypatch: pytest.MonkeyPatch
):
    looking, looks = own.alone, list[float]()

    async def counted() -> Any:
        looks.append(time.monotonic())
        return await looking()

    monkeypatch.setattr(own, "alone", counted)
    monkeypatch.setattr(own, "REFUSED", 0.3)
    found = await asyncio.gather(*(require_own() for _each in range(20)), return_exceptions=True)
    assert ({type(each) for each in found}, len(looks)) == ({Foreign}, 1)
    with pytest.raises(Foreign):
        await require_own()
    assert len(looks) == 1
    await asyncio.sleep(0.35)
    with override(documents_url=None):
        mark = (settings().data / "documents" / MARK).read_bytes()
    (other / MARK).write_bytes(mark)
    monkeypatch.setattr(own, "BELIEVED", 60.0)
    await asyncio.gather(*(require_own() for _each in range(20)))
    assert len(looks) == 2


async def test_nothing_is_destroyed_in_another_portals_store(other: Path, connected):
    company, _supplier = await trading_pair()
    theirs = [f"{at}{'0' * 64}" for at in ("00/00/", f"evidence/{company.id}/00/00/", f"batches/{company.id}/00/00/")]
    for path in theirs:
        await obstore.put_async(place(), path, b"theirs")
        os.utime(other / path, (0, 0))
    system = Actor.system(company.id)
    for destroying in (remove("0" * 64), forget_bytes(system), forget(system, ["0" * 64])):
        with pytest.raises(Foreign):
            await destroying
    assert len(files_below(other)) == len(theirs)


async def test_another_portals_store_is_not_taken(other: Path):
    await obstore.put_async(place(), MARK, str(uuid.uuid4()).encode())
    with pytest.raises(Foreign):
        await store(b"%PDF one")


def test_the_doctor_says_which_store_is_meant_and_how_a_lost_one_is_begun_anew(connected, tmp_path: Path):
    def found(**environment: str) -> dict[str, str]:
        said = portal("doctor", "--json", **here() | environment)
        return next(each for each in said.facts if each["what"] == "Store of files")

    assert found()["found"].endswith("the portal's own")
    wrong = found(PORTAL_DOCUMENTS_URL=str(tmp_path / "other"))
    assert (wrong["state"], wrong["found"].endswith("is another than the portal's own")) == ("bad", True)
    assert "as on the portal's other hosts" in wrong["mend"]
    mark = (settings().data / "documents" / MARK).read_text()
    assert f"write {mark} into a new one's {MARK}" in wrong["mend"]
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / MARK).write_text(mark + "\n")
    assert "is another than" not in found(PORTAL_DOCUMENTS_URL=str(tmp_path / "other"))["found"]


async def test_the_doctor_says_which_of_the_newest_files_a_restored_store_lacks(backed_up, database, tmp_path):
    with empty_database(f"{database}_owned") as there:
        there |= {"PORTAL_DATA": str(tmp_path / "new")}
        assert portal("restore", backed_up.file, **there).code == 0

        def found(**more: str) -> tuple[str, str]:
            said = portal("doctor", "--json", **there | more).facts
            each = next(each for each in said if each["what"] == "Store of files")
            return each["state"], each["found"]

        state, told = found()
        assert (state, "lacks" in told) == ("ok", False)
        state, told = found(PORTAL_DOCUMENTS_URL=(tmp_path / "older").as_uri())
        assert state == "bad"
        assert re.search(r"lacks (\d+) of the newest \1 files: [a-z-]+ [A-Z]+-", told), told
        [kept] = [path for path in files_below(tmp_path / "new") if path.name == backed_up.document]
        kept.unlink()
        state, told = found()
        assert (state, re.search(r"lacks 1 of the newest \d+ files: purchase-order ", told) is None) == ("bad", False)


async def test_a_fresh_portal_marks_its_store_and_a_restored_one_takes_that_in_which_its_files_lie(
    backed_up, database: str, tmp_path: Path
):
    with empty_database(f"{database}_owned") as there:
        there |= {"PORTAL_DATA": str(tmp_path / "new")}
        assert portal("restore", backed_up.file, **there).code == 0
        async with working_in(there):
            with override(documents_url=(tmp_path / "empty").as_uri()), pytest.raises(Foreign):
                await require_own()
            assert not (tmp_path / "empty" / MARK).exists()
            assert await load(backed_up.document)
            await require_own()
            mark = bytes((await obstore.get_async(place(), MARK)).bytes())
        assert mark != (settings().data / "documents" / MARK).read_bytes()
        assert portal("restore", backed_up.file, "--replace", **there).code == 0
        async with working_in(there):
            assert hashlib.sha256(await load(backed_up.document)).hexdigest() == backed_up.document
            await require_own()
            assert bytes((await obstore.get_async(place(), MARK)).bytes()) == mark
