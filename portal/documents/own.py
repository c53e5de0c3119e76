"""The mark of the store: a small object that says which portal's it is, so that several hosts that were given different
stores by mistake notice it before a document is lost between them.

The database knows the mark since the store's first use. A store that was copied brings it along; a portal that was
restored knows none and takes the store in which its files lie. `portal doctor` says what is wrong, and what to do.
"""

import asyncio
import time
from asyncio import AbstractEventLoop, Lock
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4
from weakref import WeakKeyDictionary

import obstore
import structlog
from obstore.exceptions import AlreadyExistsError

from portal.documents.reach import place, reached
from portal.platform.database import alone
from portal.platform.refusals import Away, Foreign
from portal.platform.settings import settings, without_password

MARK: Final = "portal.mark"
BELIEVED: Final = 60.0  # seconds; a folder that is mounted may come off while a process runs
REFUSED: Final = 5.0  # seconds; while a store is away it is not asked by everybody
KNOWN: Final = "select mark, places from portal.file_store()"
KNOW: Final = "select portal.mark_file_store($1)"

log = structlog.get_logger("documents")
_seen: dict[tuple[str | None, str], float] = {}
_refused: dict[tuple[str | None, str], tuple[float, type[Away]]] = {}
_turns: WeakKeyDictionary[AbstractEventLoop, defaultdict[Any, Lock]] = WeakKeyDictionary()


class Known(NamedTuple):
    """What the database knows: the mark, none before the first use, and where files of the newest rows lie."""

    mark: UUID | None
    places: Sequence[str]


async def require_own() -> None:
    """Raises `Foreign` if this process was given another store than the portal's own, `Away` if it does not answer. The
    first to ask marks the store. What was found good is believed for a minute, and a refusal for some seconds; those
    who ask at the same time wait for one answer."""
    here = (settings().database_url, settings().documents)
    if _is_believed(here):
        return
    async with _turns.setdefault(asyncio.get_running_loop(), defaultdict(Lock))[here]:
        if _is_believed(here):
            return
        try:
            await _look(here[1])
        except Away as refusal:
            _refused[here] = (time.monotonic(), type(refusal))
            raise
        _seen[here] = time.monotonic()


def _is_believed(here: tuple[str | None, str]) -> bool:
    """Whether it was found good a moment ago; raises what was refused a moment ago."""
    at, refusal = _refused.get(here, (-REFUSED, Away))
    if time.monotonic() - at < REFUSED:
        raise refusal()
    return time.monotonic() - _seen.get(here, -BELIEVED) < BELIEVED


async def _look(store: str) -> None:
    connection = await alone()
    try:
        row: Any = await connection.fetchrow(KNOWN)
        known = Known(*row)
        theirs = await _there()
        mark = known.mark or await _taken(connection, known.places, theirs)
        if mark is None or mark != (theirs or await _there()):
            log.error("another store of files than the portal's own", store=without_password(store), mark=MARK)
            raise Foreign()
    finally:
        await connection.close()


async def _there() -> UUID | None:
    """The mark that lies in the store; none of what is no mark."""
    with reached():
        try:
            found = await obstore.get_async(place(), MARK)
            return UUID(bytes(await found.bytes_async()).decode().strip())
        except (FileNotFoundError, ValueError):
            return None


async def _taken(connection: Any, places: Sequence[str], theirs: UUID | None) -> UUID | None:
    """Take the store for the portal's own, unless files that rows name are not in it, or it holds another's. Of several
    that come first at a time the database chooses one."""
    if not await _holds(places) if places else theirs is not None and not await _is_empty():
        return None
    return await connection.fetchval(KNOW, theirs or await _marked())


async def _marked() -> UUID:
    """A new mark in the store, or that of who was faster."""
    mark = uuid4()
    with reached():
        try:
            await obstore.put_async(place(), MARK, str(mark).encode(), mode="create")
        except AlreadyExistsError:
            return await _there() or mark
        except FileNotFoundError as error:  # the bucket itself
            raise Away() from error
    return mark


async def _holds(places: Sequence[str]) -> bool:
    """Whether any of the files is there; one may be lost, and the store still be the right one."""
    for path in places:
        with reached():
            try:
                await obstore.head_async(place(), path)
                return True
            except FileNotFoundError:
                continue
    return False


async def _is_empty() -> bool:
    """Whether nothing but a mark is there."""
    with reached():
        async for batch in obstore.list(place(), chunk_size=2):
            return [each["path"] for each in batch] == [MARK]
    return True
