"""Files of signings in the store, on a shelf of their own: they outlive the documents that they were made of."""

import hashlib
from contextlib import suppress

import obstore
from obstore.exceptions import AlreadyExistsError

from portal.documents.store import Damaged, place, reached, require_own

SHELF = "signings"


async def keep(data: bytes) -> str:
    """Keep the bytes; gives their SHA-256 in hexadecimal digits. Keeping them again does nothing."""
    digest = hashlib.sha256(data).hexdigest()
    await require_own()
    with reached(), suppress(AlreadyExistsError):
        await obstore.put_async(place(), _path(digest), data, mode="create")
    return digest


async def kept(digest: str) -> bytes:
    """The bytes of this SHA-256; FileNotFoundError if they were never kept, Damaged if they are not what they were."""
    with reached():
        found = await obstore.get_async(place(), _path(digest))
        data = bytes(await found.bytes_async())
    if hashlib.sha256(data).hexdigest() != digest:
        raise Damaged(digest)
    return data


def _path(digest: str) -> str:
    return f"{SHELF}/{digest[:2]}/{digest[2:4]}/{digest}"
