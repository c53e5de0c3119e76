"""The store of bytes: each file lies under its SHA-256, so it never changes and the same one is kept once.

It is the folder or the object store of PORTAL_DOCUMENTS_URL. What is read is checked: bytes that are not what their
name says are never handed out.
"""

import hashlib
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import obstore

from portal.documents.own import require_own
from portal.documents.reach import PART, place, reached

__all__ = [
    "PART",
    "PIECE",
    "Damaged",
    "is_kept",
    "load",
    "place",
    "reached",
    "remove",
    "require_own",
    "store",
    "store_file",
    "stream",
]
PIECE = 1 << 20  # bytes


class Damaged(Exception):
    """The store holds something else under this name than what was put there."""


async def store(data: bytes) -> str:
    """Keep the bytes; gives their SHA-256 in hexadecimal digits. Keeping them again does nothing, unless what lies
    there has another length: a crash of the machine may have cut it short. Raises Full when there is no room."""
    digest = hashlib.sha256(data).hexdigest()
    path = _path(digest)
    await require_own()
    with reached():
        if await _size(path) != len(data):
            await obstore.put_async(place(), path, data)  # whole or not at all: written beside, then renamed
    return digest


async def _size(path: str) -> int | None:
    try:
        return (await obstore.head_async(place(), path))["size"]
    except FileNotFoundError:
        return None


async def load(digest: str) -> bytes:
    """The bytes of this SHA-256; FileNotFoundError if they were never kept, Damaged if they are not what they were."""
    with reached():
        found = await _found(_path(digest))
        data = bytes(await found.bytes_async())
    if hashlib.sha256(data).hexdigest() != digest:
        raise Damaged(digest)
    return data


async def remove(digest: str, shelf: str = "") -> None:
    """Destroy the bytes, if they are there. Whoever calls knows that nothing names them; of another portal's store
    nobody knows that."""
    await require_own()
    with reached(), suppress(FileNotFoundError):
        await obstore.delete_async(place(), _path(digest, shelf))


async def is_kept(digest: str, shelf: str = "") -> bool:
    """Whether something lies there; what it is, reading it shows."""
    with reached():
        return await _size(_path(digest, shelf)) is not None


async def store_file(path: Path, digest: str, shelf: str) -> None:
    """Keep a file whose SHA-256 is known, on a shelf of its own, without holding it in memory."""
    await require_own()
    with reached():
        await obstore.put_async(place(), _path(digest, shelf), path, chunk_size=PART, max_concurrency=2)


async def stream(digest: str, shelf: str) -> AsyncIterator[bytes]:
    """The bytes piece by piece, once the store answered; FileNotFoundError if they were never kept. The last piece is
    held back until all of them prove to be what their name says: whoever reads damaged ones gets a broken transfer,
    never a whole file."""
    with reached():
        found = await _found(_path(digest, shelf))
    return _proven(found.stream(min_chunk_size=PIECE), digest)


async def _found(path: str) -> Any:
    """What lies there. Where nothing does, whoever was given another store than the portal's own is told of that."""
    try:
        return await obstore.get_async(place(), path)
    except FileNotFoundError:
        await require_own()
        raise


async def _proven(pieces: AsyncIterator[Any], digest: str) -> AsyncIterator[bytes]:
    seen, held = hashlib.sha256(), b""
    async for piece in pieces:
        seen.update(piece)
        if held:
            yield held
        held = bytes(piece)
    if seen.hexdigest() != digest:
        raise Damaged(digest)
    yield held


def _path(digest: str, shelf: str = "") -> str:
    return f"{shelf}{'/' if shelf else ''}{digest[:2]}/{digest[2:4]}/{digest}"
