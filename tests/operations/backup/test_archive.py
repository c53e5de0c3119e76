"""The file of a backup: broken, cut, foreign and forged ones are told from whole ones by every byte."""

import asyncio
import random
import tarfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import obstore
import pytest
from obstore.store import MemoryStore

from portal.operations.backup import snapshot
from portal.operations.backup.archive import Writing
from portal.operations.backup.checking import check
from portal.operations.backup.places import FileSink, Source, StoreSink, source
from portal.operations.backup.shape import CONTENTS, FORMAT, HEADER, BadBackup, Contents, Header, Kept, Told
from portal.platform.settings import override

RING = "a key ring for stories about files"
MADE = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
DIGEST = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"  # of hello


def header(**changes) -> Header:
    facts = {
        "format": FORMAT,
        "release": "1.0",
        "made_at": MADE,
        "server": "18.6",
        "migrations": [],
        "tables": [Kept("public.item", ["id", "name"])],
        "months": [],
        "keys": [],
        "note": {},
    }
    return Header(**facts | changes)


async def written(path: Path, contents: Contents | None = None, head: Header | None = None) -> bytes:
    """A small backup: one table of 3,000 rows, one stored file."""
    sink = FileSink(path)
    archive = Writing(sink, MADE)
    told = Contents(rows={}, files=1, bytes=5)
    await archive.add(HEADER, msgspec.json.encode(head or header()))
    pieces = snapshot.Pieces("public.item", archive, lambda size: None)
    await pieces.take(b"".join(b"%d\titem\n" % number for number in range(3_000)))
    await pieces.finish()
    told.rows["public.item"] = 3_000
    await archive.add(f"files/2c/f2/{DIGEST}", b"hello")
    await archive.add(CONTENTS, msgspec.json.encode(contents or told))
    await archive.seal()
    await sink.finish()
    return await asyncio.to_thread(path.read_bytes)


async def looked_at(data: bytes, name: str = "it") -> Told:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(data), 700):
            yield data[start : start + 700]

    class Bytes(Source):
        def pieces(self) -> AsyncIterator[bytes]:
            return pieces()

    return await check(Bytes(name, len(data), None, ""), lambda done, what: None)


@pytest.fixture(autouse=True)
def ring():
    with override(secret_keys=(RING,)):
        yield


async def test_a_whole_one_says_what_is_in_it(tmp_path: Path):
    told = await looked_at(await written(tmp_path / "it"))
    assert (told.contents.rows, told.contents.files, told.genuine) == ({"public.item": 3_000}, 1, True)
    assert told.facts()["made_at"] == "2026-11-22T09:30:00+00:00"


async def test_every_changed_bit_is_found(tmp_path: Path):
    data, chance = await written(tmp_path / "it"), random.Random(5)
    for place in {*range(0, len(data), 97), *chance.sample(range(len(data)), 200)}:
        changed = bytearray(data)
        changed[place] ^= 1 << chance.randrange(8)
        with pytest.raises(BadBackup):
            await looked_at(bytes(changed))


async def test_every_cut_and_whatever_follows_is_found(tmp_path: Path):
    data = await written(tmp_path / "it")
    for length in [*range(0, len(data), 131), len(data) - 1, len(data) - 512]:
        with pytest.raises(BadBackup, match=r"cut off|is no backup"):
            await looked_at(data[:length])
    for more in (b"\0", bytes(512), b"x"):
        with pytest.raises(BadBackup):
            await looked_at(data + more)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\x1f\x8b" + bytes(2000), bytes(10_240), b"-- a dump\n" * 200])
async def test_what_is_something_else_is_told_so(data: bytes):
    with pytest.raises(BadBackup, match=r"it is no backup of a portal\."):
        await looked_at(data)


async def test_whoever_changes_it_and_seals_it_anew_needs_the_ring(tmp_path: Path):
    with override(secret_keys=("another ring, of somebody else",)):
        forged = await written(tmp_path / "forged")
    assert (await looked_at(forged)).genuine is None
    theirs = await written(tmp_path / "it")
    mark = theirs.rindex(b'"mark":"') + 8
    guessed = theirs[:mark] + b"0" * 64 + theirs[mark + 64 :]
    with pytest.raises(BadBackup, match="has not the key"):
        await looked_at(guessed)


@pytest.mark.parametrize(
    ("contents", "said"),
    [
        (Contents(rows={"public.item": 2_999}, files=1, bytes=5), "other rows"),
        (Contents(rows={}, files=1, bytes=5), "other rows"),
        (Contents(rows={"public.item": 3_000}, files=2, bytes=5), "other files"),
    ],
)
async def test_what_it_says_of_itself_is_held_against_it(tmp_path: Path, contents: Contents, said: str):
    with pytest.raises(BadBackup, match=said):
        await looked_at(await written(tmp_path / "it", contents))


async def test_one_of_a_later_format_asks_for_its_portal(tmp_path: Path):
    data = await written(tmp_path / "it", head=header(format=FORMAT + 1, release="9.0"))
    with pytest.raises(BadBackup, match=r"newer portal \(9\.0\)"):
        await looked_at(data)


async def test_tar_lists_it(tmp_path: Path):
    await written(tmp_path / "it")
    with tarfile.open(tmp_path / "it") as archive:
        names = archive.getnames()
    assert names == [HEADER, "tables/public.item/000001.gz", f"files/2c/f2/{DIGEST}", CONTENTS, "seal.json"]


async def test_a_file_of_somebody_is_not_written_over_and_a_backup_is(tmp_path: Path):
    (tmp_path / "letter").write_text("Dear Sirs")
    with pytest.raises(BadBackup, match="is no backup"):
        FileSink(tmp_path / "letter")
    await written(tmp_path / "it")
    first = FileSink(tmp_path / "it")
    with pytest.raises(BadBackup, match="Another backup"):
        FileSink(tmp_path / "it")
    await first.drop()
    assert (await looked_at(await written(tmp_path / "it"))).genuine


async def test_an_object_of_a_store_is_there_when_it_is_finished_and_not_before(tmp_path: Path):
    store, data = MemoryStore(), await written(tmp_path / "it")
    sink = StoreSink(store, "portal/it")
    await sink.write(data[:700])
    await sink.write(data[700:])
    assert [each for batch in obstore.list(store) for each in batch] == []
    await sink.finish()
    told = await check(Source("it", len(data), store, "portal/it"), lambda done, what: None)
    assert (told.bytes, told.genuine) == (len(data), True)


async def test_what_is_not_there_is_told_so(tmp_path: Path):
    for place in (str(tmp_path / "nothing"), f"file://{tmp_path}/nothing", str(tmp_path), "s4://bucket/it"):
        with pytest.raises(BadBackup, match=r"cannot be read|no object store"):
            await source(place)
