"""The bytes of brought files: in the store for documents, under the organisation and the file's id, until forgotten.

Nothing here holds a file in memory. That a file is somebody's to read is for its row to say: an id is no permission.
"""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import obstore

from portal.documents.store import PART, place, reached, require_own
from portal.platform.settings import settings

CHUNK = 1 << 20  # bytes
IMPORTS = "imports"  # what all keys begin with


async def keep(organisation_id: UUID, file_id: UUID, path: Path) -> None:
    await require_own()
    with reached():
        await obstore.put_async(_place(), _key(organisation_id, file_id), path, chunk_size=PART, max_concurrency=2)


async def copy(organisation_id: UUID, file_id: UUID, to: UUID) -> None:
    """The same bytes once more, for another import."""
    await require_own()
    with reached():
        await obstore.copy_async(_place(), _key(organisation_id, file_id), _key(organisation_id, to))


async def fetch(organisation_id: UUID, file_id: UUID, path: Path) -> None:
    """Put the bytes into a file; FileNotFoundError if they were forgotten."""
    await require_own()  # elsewhere they would seem forgotten
    with reached(), _opened(path) as file:
        found = await obstore.get_async(_place(), _key(organisation_id, file_id))
        async for chunk in found.stream(min_chunk_size=CHUNK):
            file.write(chunk)


async def fetch_beginning(organisation_id: UUID, file_id: UUID, path: Path, most: int) -> bool:
    """Put the first bytes into a file, up to the end of a line; whether there are more."""
    key = _key(organisation_id, file_id)
    with reached():
        size = (await obstore.head_async(_place(), key))["size"]
        found = bytes(await obstore.get_range_async(_place(), key, start=0, length=min(size, most)))
    with _opened(path) as file:
        file.write(found if size <= most else found[: found.rfind(b"\n") + 1] or found)
    return size > most


async def chunks(organisation_id: UUID, file_id: UUID) -> Any:
    """The bytes piece by piece, as a download sends them."""
    with reached():
        found = await obstore.get_async(_place(), _key(organisation_id, file_id))
    return found.stream(min_chunk_size=CHUNK)


async def forget(organisation_id: UUID, file_id: UUID) -> None:
    await require_own()
    with reached(), suppress(FileNotFoundError):
        await obstore.delete_async(_place(), _key(organisation_id, file_id))


async def forget_strays(organisation_id: UUID, known: Collection[UUID], before: datetime) -> int:
    """Delete bytes that no row knows of: somebody died between keeping them and saying so. Those that came since
    `before` may still get their row."""
    await require_own()
    names, strays = {str(each) for each in known}, list[str]()
    with reached():
        async for batch in obstore.list(_place(), prefix=f"{IMPORTS}/{organisation_id}"):
            strays += [each["path"] for each in batch if _is_stray(each, names, before)]
    for path in strays:
        with reached(), suppress(FileNotFoundError):
            await obstore.delete_async(_place(), path)
    return len(strays)


def _is_stray(found: Any, names: Collection[str], before: datetime) -> bool:
    return found["path"].rpartition("/")[2] not in names and found["last_modified"] < before


def _opened(path: Path) -> Any:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("wb")


def _key(organisation_id: UUID, file_id: UUID) -> str:
    return f"{IMPORTS}/{organisation_id}/{file_id}"


def _place() -> Any:
    store = place()
    _shut(settings().documents)
    return store


@cache
def _shut(url: str) -> None:
    """A store that is a folder keeps brought files where nobody but its owner looks, whatever the umask says."""
    if url.startswith("file:"):
        folder = Path(unquote(urlsplit(url).path)) / IMPORTS
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
