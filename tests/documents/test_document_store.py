"""The store: bytes under their hash, kept once, checked when read."""

import asyncio
import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.documents.rules import file_name
from portal.documents.store import Damaged, load, store
from portal.platform.refusals import Full
from portal.platform.settings import settings
from tests.documents.samples import full_disk
from tests.harness.stores import files_below, kept_in


@pytest.fixture(autouse=True)
def folder(connected, tmp_path):
    with kept_in((tmp_path / "kept").as_uri()):
        yield tmp_path / "kept"


@pytest.fixture
def small_disk(connected: None, tmp_path: Path) -> Iterator[Path]:
    at = tmp_path / "disk"
    at.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", at], check=False).returncode:
        pytest.skip("no file system may be mounted here")
    try:
        with kept_in(at.as_uri()):
            yield at
    finally:
        subprocess.run(["umount", "--lazy", at], check=True)


async def test_bytes_lie_under_their_hash_and_come_back(folder):
    digest = await store(b"%PDF one")
    assert digest == hashlib.sha256(b"%PDF one").hexdigest()
    assert await load(digest) == b"%PDF one"
    assert [path.name for path in files_below(folder)] == [digest]


async def test_the_same_bytes_are_kept_once_also_by_many_at_a_time(folder):
    digests = await asyncio.gather(*(store(b"the same") for _ in range(20)))
    assert len(set(digests)) == 1
    assert len(files_below(folder)) == 1


async def test_keeping_again_never_rewrites(folder):
    digest = await store(b"first")
    (file,) = files_below(folder)
    before = file.stat().st_mtime_ns
    await store(b"first")
    assert file.stat().st_mtime_ns == before
    assert await load(digest) == b"first"


async def test_damaged_bytes_are_never_handed_out(folder):
    digest = await store(b"whole")
    (file,) = files_below(folder)
    file.write_bytes(b"whale")
    with pytest.raises(Damaged):
        await load(digest)


async def test_what_was_never_kept_is_not_found():
    with pytest.raises(FileNotFoundError):
        await load(hashlib.sha256(b"nothing").hexdigest())
    assert settings().documents.startswith("file://")


@pytest.mark.parametrize(
    ("number", "revision", "name"),
    [
        ("PO-2026-00001", 1, "PO-2026-00001.pdf"),
        ("PO-2026-00001", 3, "PO-2026-00001-r3.pdf"),
        ('R/2026 "08"\r\nX: y', 1, "R-2026 -08---X- y.pdf"),
        ("../../etc/passwd", 1, "-..-etc-passwd.pdf"),
        ("发票 7", 1, "发票 7.pdf"),
        ("...", 1, "document.pdf"),
    ],
)
def test_a_file_is_named_by_its_number_without_what_disks_and_headers_refuse(number, revision, name):
    assert file_name(number, revision) == name


async def test_bytes_that_a_crash_cut_short_are_kept_anew(folder):
    digest = await store(b"whole and long")
    (file,) = files_below(folder)
    file.write_bytes(b"whole")
    assert await store(b"whole and long") == digest
    assert await load(digest) == b"whole and long"


async def test_a_full_disk_is_told_as_what_it_is(folder):
    with full_disk(), pytest.raises(Full):
        await store(b"much")
    assert files_below(folder) == []


async def test_a_file_system_without_room_refuses_keeps_what_it_has_and_takes_more_once_there_is_room(small_disk):
    """A real one of a megabyte."""
    kept = await store(b"before")
    (small_disk / "others").write_bytes(os.urandom(700_000))
    much = os.urandom(600_000)
    with pytest.raises(Full):
        await store(much)
    assert await load(kept) == b"before"
    assert {path.name for path in files_below(small_disk)} == {"others", kept}

    (small_disk / "others").unlink()
    assert await load(await store(much)) == much
