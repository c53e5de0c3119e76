"""Where files lie before a scanner answered: in parts, as they came, under their owner's and their own id.

Each part is an object named by its offset and made once, so two senders of one file never mix: who comes second at an
offset is told where to go on. Nothing of it is ever served.
"""

from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import obstore
from obstore.exceptions import AlreadyExistsError

from portal.documents.store import PART, place, reached, require_own
from portal.platform.i18n import _
from portal.platform.refusals import Conflict

QUARANTINE = "quarantine"


async def arrived(owner_id: UUID, file_id: UUID) -> int:
    """How many bytes came without a gap."""
    offset = 0
    for start, size in await _parts(owner_id, file_id):
        if start != offset:
            break
        offset += size
    return offset


async def put(owner_id: UUID, file_id: UUID, offset: int, data: bytes) -> None:
    """Keep one part; Conflict if somebody else sent the same place of the file, Full if there is no room."""
    await require_own()
    try:
        with reached():
            await obstore.put_async(place(), _key(owner_id, file_id, offset), data, mode="create")
    except AlreadyExistsError as error:
        raise Conflict(_("Somebody else sends this file too. Ask how much arrived, then go on from there.")) from error


async def put_file(owner_id: UUID, file_id: UUID, path: Path) -> None:
    """Keep a file that came whole."""
    await require_own()
    with reached():
        await obstore.put_async(place(), _key(owner_id, file_id, 0), path, chunk_size=PART, max_concurrency=2)


async def beginning(owner_id: UUID, file_id: UUID, most: int) -> bytes:
    """The first bytes of the first part."""
    with reached():
        found = await obstore.get_async(place(), _key(owner_id, file_id, 0))
        return bytes(await found.bytes_async())[:most]


async def fetch(owner_id: UUID, file_id: UUID, path: Path) -> int:
    """Put the parts together as a file; gives its size."""
    await require_own()  # in another store there are none, and the file would pass for an empty one
    with reached(), path.open("wb") as file:
        for start, _size in await _parts(owner_id, file_id):
            file.seek(start)
            found = await obstore.get_async(place(), _key(owner_id, file_id, start))
            async for piece in found.stream(min_chunk_size=PART):
                file.write(piece)
        return file.tell()


async def forget(owner_id: UUID, file_id: UUID) -> None:
    await require_own()
    for start, _size in await _parts(owner_id, file_id):
        with reached(), suppress(FileNotFoundError):
            await obstore.delete_async(place(), _key(owner_id, file_id, start))


async def forget_strays(owner_id: UUID, known: Collection[UUID], before: datetime) -> int:
    """Delete parts that no file waits for any more; those that came since `before` may still get their row."""
    await require_own()
    names = {str(each) for each in known}
    strays = [
        found["path"]
        async for found in _listed(f"{QUARANTINE}/{owner_id}")
        if found["path"].split("/")[2] not in names and found["last_modified"] < before
    ]
    for path in strays:
        with reached(), suppress(FileNotFoundError):
            await obstore.delete_async(place(), path)
    return len(strays)


async def _parts(owner_id: UUID, file_id: UUID) -> list[tuple[int, int]]:
    """(offset, size) of each part, in order."""
    found = [each async for each in _listed(f"{QUARANTINE}/{owner_id}/{file_id}")]
    return sorted((int(each["path"].rpartition("/")[2]), each["size"]) for each in found)


async def _listed(prefix: str) -> AsyncIterator[Any]:
    with reached():
        async for batch in obstore.list(place(), prefix=prefix):
            for each in batch:
                yield each


def _key(owner_id: UUID, file_id: UUID, offset: int) -> str:
    return f"{QUARANTINE}/{owner_id}/{file_id}/{offset:012d}"
