"""How far a run is, told to the database while it runs; and its end, when somebody asked for it meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar
from uuid import UUID

from portal.platform.actor import Actor
from portal.platform.database import SafeTransaction, context_sql, engine

T = TypeVar("T")
Tell = Callable[[float, str], None]
EVERY = 0.5  # seconds
_TOLD = """
insert into import_progress (import_id, organisation_id, done, what, at)
values ($1, portal.organisation(), $2, $3, clock_timestamp())
on conflict (import_id) do update set done = excluded.done, what = excluded.what, at = excluded.at
"""
_CANCELLED = "select cancel_asked_at is not null from file_import where id = $1"
_ALONE = "select pg_try_advisory_lock(hashtextextended('import run ' || $1::uuid::text, 0))"
_DONE = "select pg_advisory_unlock(hashtextextended('import run ' || $1::uuid::text, 0))"


class Cancelled(Exception):
    """Somebody asked for the end of this run; its transaction is rolled back."""


class Told:
    """What is being done now; written by the run, read by whoever tells the database."""

    def __init__(self) -> None:
        self.done, self.what = 0.0, ""
        self.cancelled = False

    def tell(self, done: float, what: str) -> None:
        self.done, self.what = min(1.0, max(0.0, done)), what


@asynccontextmanager
async def alone(import_id: UUID) -> AsyncIterator[bool]:
    """Whether nobody else runs this import now. A worker that dies loses its connection, and with it this place."""
    pool = engine().pool
    assert pool is not None, "jobs run connected"
    async with pool.acquire() as connection:
        if not await connection.fetchval(_ALONE, import_id):
            yield False
            return
        try:
            yield True
        finally:
            await connection.fetchval(_DONE, import_id)


async def watched(actor: Actor, import_id: UUID, work: Callable[[Tell], Awaitable[T]]) -> T:
    """Run the work, telling how far it is; raises Cancelled if somebody asks for its end before it is over."""
    told = Told()
    task = asyncio.ensure_future(work(told.tell))
    watch = asyncio.create_task(_watch(actor, import_id, told, task))
    try:
        return await task
    except asyncio.CancelledError:
        if told.cancelled:
            raise Cancelled from None
        raise
    finally:
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch


async def _watch(actor: Actor, import_id: UUID, told: Told, task: asyncio.Future[Any]) -> None:
    while True:
        opening = f"BEGIN; {context_sql(actor.organisation_id, actor.person_id)}"
        async with SafeTransaction(engine(), opening) as transaction:
            await transaction.connection.execute(_TOLD, import_id, told.done, told.what)
            wanted = await transaction.connection.fetchval(_CANCELLED, import_id)
        if wanted:
            told.cancelled = True
            task.cancel()
            return
        await asyncio.sleep(EVERY)
