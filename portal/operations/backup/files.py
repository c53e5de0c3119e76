"""Stored files: those that rows name, out of the store and back into it."""

import hashlib
import re
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

import asyncpg
import obstore

from portal.documents.store import PART, PIECE, place, reached
from portal.operations.backup.archive import Reading, Writing
from portal.operations.backup.named import NAMED
from portal.operations.backup.shape import FILES, BadBackup, Contents

_DIGEST = re.compile(r"[0-9a-f]{64}")
_PLACE = re.compile(r"(?!/)(?!.*//)(?!(?:.*/)?\.\.?(?:/|$))[\w./-]{1,180}", re.ASCII)
Copied = Callable[[int], None]  # is told of bytes


async def total(connection: asyncpg.Connection) -> int:
    """About how many bytes there are to copy."""
    sizes = [await connection.fetchval(f"select sum(size) from ({each.query}) n(place, size)") for each in NAMED]
    return int(sum(size for size in sizes if size))


async def copy_out(connection: asyncpg.Connection, archive: Writing, told: Contents, copied: Copied) -> None:
    """Every file that a row of the snapshot names. One that is not there, or is not what its name says, is told of."""
    for named in NAMED:
        missing = list(told.missing)
        async for row in connection.cursor(named.query, prefetch=1000):
            async for path in _parts(row[0]) if named.grows else _itself(row[0]):
                await _copy(archive, path, told, copied)
        if named.perhaps:
            told.missing = missing


async def still_named(connection: asyncpg.Connection, paths: list[str]) -> list[str]:
    """Those of the places that rows name by now: a file may be disposed of while it is looked for."""
    found: set[str] = set()
    for each in NAMED:
        rows = await connection.fetch(f"select place from ({each.query}) n(place, size) where place = any($1)", paths)
        found |= {row["place"] for row in rows}
    return [path for path in paths if path in found]


async def put_in(archive: Reading, name: str, made: list[str]) -> None:
    """One file back into the store, also over one that may have been damaged; what is new is noted in `made`."""
    path = name.removeprefix(FILES)
    if not _PLACE.fullmatch(path):
        raise BadBackup(f"The backup names a file as none is named: {path[:100]!r}.")
    try:
        with reached():
            await obstore.head_async(place(), path)
    except FileNotFoundError:
        made.append(path)
    with reached():
        await obstore.put_async(place(), path, _stream(archive), chunk_size=PART, max_concurrency=2)


async def take_back(made: list[str]) -> None:
    """Nothing was restored, so nothing stays."""
    for path in made:
        with reached(), suppress(FileNotFoundError):
            await obstore.delete_async(place(), path)


async def checked(archive: Reading, name: str) -> tuple[int, bool]:
    """How many bytes a file has, and whether they are what its name says."""
    digest, size = hashlib.sha256(), 0
    async for piece in archive.pieces():
        digest.update(piece)
        size += len(piece)
    last = name.rpartition("/")[2]
    return size, not _DIGEST.fullmatch(last) or digest.hexdigest() == last


async def _stream(archive: Reading) -> AsyncIterator[bytes]:
    async for piece in archive.pieces():
        yield piece


async def _copy(archive: Writing, path: str, told: Contents, copied: Copied) -> None:
    try:
        with reached():
            found = await obstore.get_async(place(), path)
    except FileNotFoundError:
        told.missing.append(path)
        return
    size, digest, left = found.meta["size"], hashlib.sha256(), found.meta["size"]
    await archive.begin(FILES + path, size)
    async for piece in found.stream(min_chunk_size=PIECE):
        data = bytes(piece)[:left]
        digest.update(data)
        left -= len(data)
        await archive.write(data)
        copied(len(data))
    while left:  # it became shorter while it was read
        await archive.write(bytes(min(left, PIECE)))
        left -= min(left, PIECE)
        digest.update(b"\0")
    await archive.end(size)
    last = path.rpartition("/")[2]
    if _DIGEST.fullmatch(last) and digest.hexdigest() != last:
        told.damaged.append(path)
    told.files, told.bytes = told.files + 1, told.bytes + size


async def _itself(path: str) -> AsyncIterator[str]:
    yield path


async def _parts(folder: str) -> AsyncIterator[str]:
    with reached():
        found: list[Any] = [each async for batch in obstore.list(place(), prefix=folder) for each in batch]
    for each in sorted(found, key=lambda one: one["path"]):
        yield each["path"]
