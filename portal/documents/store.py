"""The store of bytes: each file lies under its SHA-256, so it never changes and the same one is kept once.

It is the folder or the object store of PORTAL_DOCUMENTS_URL. What is read is checked: bytes that are not what their
name says are never handed out.
"""

import errno
import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import BaseError
from obstore.store import from_url

from portal.platform.refusals import Full
from portal.platform.settings import settings

PIECE = 1 << 20  # bytes
PART = 5 << 20  # bytes, the least that object stores take of a file in parts
FULL = (errno.ENOSPC, errno.EDQUOT)


class Damaged(Exception):
    """The store holds something else under this name than what was put there."""


async def store(data: bytes) -> str:
    """Keep the bytes; gives their SHA-256 in hexadecimal digits. Keeping them again does nothing, unless what lies
    there has another length: a crash of the machine may have cut it short. Raises Full when there is no room."""
    digest = hashlib.sha256(data).hexdigest()
    place, path = _store(settings().documents), _path(digest)
    with room():
        if await _size(place, path) != len(data):
            await obstore.put_async(place, path, data)  # whole or not at all: written beside, then renamed
    return digest


async def _size(place: Any, path: str) -> int | None:
    try:
        return (await obstore.head_async(place, path))["size"]
    except FileNotFoundError:
        return None


async def load(digest: str) -> bytes:
    """The bytes of this SHA-256; FileNotFoundError if they were never kept, Damaged if they are not what they were."""
    found = await obstore.get_async(_store(settings().documents), _path(digest))
    data = bytes(await found.bytes_async())
    if hashlib.sha256(data).hexdigest() != digest:
        raise Damaged(digest)
    return data


async def remove(digest: str, shelf: str = "") -> None:
    """Destroy the bytes; FileNotFoundError if they were never kept. Whoever calls knows that nothing names them."""
    await obstore.delete_async(place(), _path(digest, shelf))


async def is_kept(digest: str, shelf: str = "") -> bool:
    """Whether something lies there; what it is, reading it shows."""
    return await _size(place(), _path(digest, shelf)) is not None


async def store_file(path: Path, digest: str, shelf: str) -> None:
    """Keep a file whose SHA-256 is known, on a shelf of its own, without holding it in memory."""
    with room():
        await obstore.put_async(place(), _path(digest, shelf), path, chunk_size=PART, max_concurrency=2)


async def stream(digest: str, shelf: str) -> AsyncIterator[bytes]:
    """The bytes piece by piece. The last piece is held back until all of them prove to be what their name says:
    whoever reads damaged ones gets a broken transfer, never a whole file."""
    found, seen, held = await obstore.get_async(place(), _path(digest, shelf)), hashlib.sha256(), b""
    async for piece in found.stream(min_chunk_size=PIECE):
        seen.update(piece)
        if held:
            yield held
        held = bytes(piece)
    if seen.hexdigest() != digest:
        raise Damaged(digest)
    yield held


@contextmanager
def room() -> Iterator[None]:
    """Whatever is written here may find the disk full: that is told as what it is."""
    try:
        yield
    except (OSError, BaseError) as error:
        if getattr(error, "errno", None) in FULL or any(f"os error {number}" in str(error) for number in FULL):
            raise Full() from error
        raise


def place() -> Any:
    """The store itself, for what is kept in it under names of its own."""
    return _store(settings().documents)


def _path(digest: str, shelf: str = "") -> str:
    return f"{shelf}{'/' if shelf else ''}{digest[:2]}/{digest[2:4]}/{digest}"


@cache
def _store(url: str) -> Any:
    return from_url(url, mkdir=True) if url.startswith("file:") else from_url(url)
