"""The store of bytes: each file lies under its SHA-256, so it never changes and the same one is kept once.

It is the folder or the object store of PORTAL_DOCUMENTS_URL. What is read is checked: bytes that are not what their
name says are never handed out.
"""

import hashlib
from contextlib import suppress
from functools import cache
from typing import Any

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import from_url

from portal.platform.settings import settings


class Damaged(Exception):
    """The store holds something else under this name than what was put there."""


async def store(data: bytes) -> str:
    """Keep the bytes; gives their SHA-256 in hexadecimal digits. Keeping them again does nothing."""
    digest = hashlib.sha256(data).hexdigest()
    place, path = _store(settings().documents), _path(digest)
    try:
        await obstore.head_async(place, path)
    except FileNotFoundError:
        with suppress(AlreadyExistsError):  # somebody else kept the same bytes at the same moment
            await obstore.put_async(place, path, data, mode="create")
    return digest


async def load(digest: str) -> bytes:
    """The bytes of this SHA-256; FileNotFoundError if they were never kept, Damaged if they are not what they were."""
    found = await obstore.get_async(_store(settings().documents), _path(digest))
    data = bytes(await found.bytes_async())
    if hashlib.sha256(data).hexdigest() != digest:
        raise Damaged(digest)
    return data


async def remove(digest: str) -> None:
    """Destroy the bytes; FileNotFoundError if they were never kept. Whoever calls knows that nothing names them."""
    await obstore.delete_async(_store(settings().documents), _path(digest))


def _path(digest: str) -> str:
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


@cache
def _store(url: str) -> Any:
    return from_url(url, mkdir=True) if url.startswith("file:") else from_url(url)
