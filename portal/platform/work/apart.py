"""Entries of their own: what was refused, read or taken out is kept whatever becomes of the request.

Each is committed in a transaction of its own, on connections of its own. If it cannot be written in time, the process's
log says so, loudly, and whoever asked for it decides whether the request goes on.

Refusals come as often as somebody asks for them, so of each person a number a minute is kept one by one and the rest as
their count: nobody can fill the log, or hide what they did in it. The count is the database's, so that it outlives the
process; what a process leaves behind is told by the next that looks (`tell_left`).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final
from uuid import UUID

import msgspec
import structlog

from portal.platform.actor import Actor
from portal.platform.context import context_sql
from portal.platform.database import SafeTransaction, engine_apart
from portal.platform.work.change import Change
from portal.platform.work.rows import Asked, Row

log = structlog.get_logger("audit")
SECONDS: Final = 3.0  # that an answer waits for its entry at most
PAUSE: Final = 0.1  # seconds after an answer that may not wait
WINDOW: Final = 60.0  # seconds
MOST: Final = 60  # entries of one person's refusals in a window
_pending: set[asyncio.Task[None]] = set()


# One statement, which is its own transaction and says itself whose rows it sees.
_COUNT = """
with context as (
  select set_config('portal.organisation', $1::uuid::text, true), set_config('portal.person', $2::uuid::text, true))
insert into refusal_count (organisation_id, person_id, event, refusals, since) select $1, $3, $4, 1, now() from context
on conflict (organisation_id, person_id, event) do update set refusals = refusal_count.refusals + 1
"""
_TAKE = """
delete from refusal_count where organisation_id = $1 and event = $2 and person_id = coalesce($3, person_id)
  and since <= now() - make_interval(secs => $4) returning person_id, refusals
"""


async def keep(actor: Actor, event: Any, about: Row | Asked) -> bool:
    """Write one entry and commit it; whether that went well, for a failure is logged and never raised."""

    async def write(change: Change) -> None:
        change.record(event, about)

    return await _apart(actor, event.code, write)


async def _apart(actor: Actor, code: str, write: Callable[[Change], Awaitable[None]]) -> bool:
    request = msgspec.structs.replace(actor.request, idempotency=None, held=None)
    alone = msgspec.structs.replace(actor, request=request)
    opening = f"BEGIN; {context_sql(actor.organisation_id, actor.answerable)}"

    async def written() -> None:
        async with SafeTransaction(engine_apart(), opening) as transaction:
            now: Any = await transaction.connection.fetchval("select portal.now()")
            change = Change(alone, transaction.connection, now)
            await write(change)
            await change.finish()

    return await _in_time(written(), code, request.id)


async def _in_time(work: Coroutine[Any, Any, None], code: str, request_id: str) -> bool:
    try:
        async with asyncio.timeout(SECONDS):
            await work
    except Exception as error:
        log.error("an entry of the log is lost", event_code=code, request_id=request_id, exc_info=error)
        return False
    return True


def keep_soon(actor: Actor, event: Any, about: Asked) -> None:
    """The same well after the answer, where how long that takes may tell nothing."""
    _soon(PAUSE, lambda: keep(actor, event, about))


def _soon(seconds: float, work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
    task = asyncio.ensure_future(_after(seconds, work))
    _pending.add(task)
    task.add_done_callback(_pending.discard)


class Sparing:
    """Keeps the first entries of each person in a window, and of the others one that says how many they were."""

    def __init__(self, summary: Any, most: int = MOST, window: float = WINDOW) -> None:
        self.summary = summary
        self.code: str = summary.code
        self.most = most
        self.window = window
        self._counted: dict[UUID, int] = {}

    async def keep(self, actor: Actor, event: Any, about: Asked) -> None:
        await (keep(actor, event, about) if self._admits(actor) else self._count(actor))

    def keep_soon(self, actor: Actor, event: Any, about: Asked) -> None:
        if self._admits(actor):
            keep_soon(actor, event, about)
        else:
            _soon(0, lambda: self._count(actor))

    def _admits(self, actor: Actor) -> bool:
        """Count one; the first of a window begins it, and its end tells of those that were one too many."""
        if actor.person not in self._counted:
            asyncio.get_running_loop().call_later(self.window, self._end, actor)
        self._counted[actor.person] = self._counted.get(actor.person, 0) + 1
        return self._counted[actor.person] <= self.most

    async def _count(self, actor: Actor) -> None:
        async def counted() -> None:
            pool = engine_apart().pool
            assert pool is not None, "the engine is connected"
            async with pool.acquire() as connection:
                await connection.execute(_COUNT, actor.organisation_id, actor.answerable, actor.person, self.code)

        await _in_time(counted(), self.code, actor.request.id)

    def _end(self, actor: Actor) -> None:
        if self._counted.pop(actor.person, 0) > self.most:
            _soon(PAUSE, lambda: self.tell(actor, actor.person))

    async def tell_left(self, actor: Actor) -> None:
        """Tell of what another process counted, for anybody of the actor's organisation, and did not live to tell."""
        await self.tell(actor, None, older=2 * self.window)

    async def tell(self, actor: Actor, person: UUID | None, *, older: float = 0) -> None:
        """Entries that say how many more, instead of their counts: in one transaction, so that none is told twice."""

        async def write(change: Change) -> None:
            for row in await change.fetch(_TAKE, change.actor.organisation_id, self.code, person, older):
                change.record(self.summary(row["person_id"], row["refusals"]), Asked(row["person_id"], ""))

        await _apart(actor, self.code, write)


async def _after(seconds: float, work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
    """The work begins only then: what is given up before leaves nothing that was never awaited."""
    await asyncio.sleep(seconds)
    await work()


async def settled() -> None:
    """Until all that was to be kept soon is kept."""
    until = time.monotonic() + SECONDS
    while _pending and time.monotonic() < until:
        await asyncio.wait(set(_pending), timeout=SECONDS)
