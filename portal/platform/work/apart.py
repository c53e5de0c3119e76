"""Entries of their own: what was refused, read or taken out is kept whatever becomes of the request.

Each is committed in a transaction of its own, on connections of its own. It never makes an answer worse: if it cannot
be written in time, the process's log says so, loudly, and the request goes on.

Refusals come as often as somebody asks for them, so of each person a number a minute is kept one by one and the rest as
their count: nobody can fill the log, or hide what they did in it.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

import msgspec
import structlog

from portal.platform.actor import Actor
from portal.platform.database import SafeTransaction, context_sql, engine_apart
from portal.platform.work.change import Change
from portal.platform.work.rows import Asked

log = structlog.get_logger("audit")
SECONDS: Final = 3.0  # that an answer waits for its entry at most
PAUSE: Final = 0.1  # seconds after an answer that may not wait
WINDOW: Final = 60.0  # seconds
MOST: Final = 60  # entries of one person's refusals in a window
_pending: set[asyncio.Task[None]] = set()


async def keep(actor: Actor, event: Any, about: Asked) -> None:
    """Write one entry and commit it; a failure is logged and never raised."""
    request = msgspec.structs.replace(actor.request, idempotency=None, held=None)
    alone = msgspec.structs.replace(actor, request=request)
    opening = f"BEGIN; {context_sql(actor.organisation_id, actor.answerable)}"
    try:
        async with asyncio.timeout(SECONDS), SafeTransaction(engine_apart(), opening) as transaction:
            now: Any = await transaction.connection.fetchval("select portal.now()")
            change = Change(alone, transaction.connection, now)
            change.record(event, about)
            await change.finish()
    except Exception as error:
        log.error("an entry of the log is lost", event_code=event.code, request_id=request.id, exc_info=error)


def keep_soon(actor: Actor, event: Any, about: Asked) -> None:
    """The same well after the answer, where how long that takes may tell nothing."""
    task = asyncio.ensure_future(_keep_after(PAUSE, actor, event, about))
    _pending.add(task)
    task.add_done_callback(_pending.discard)


class Sparing:
    """Keeps the first entries of each person in a window, and of the others one that says how many they were."""

    def __init__(self, summary: Callable[[UUID, int], Any], most: int = MOST, window: float = WINDOW) -> None:
        self.summary = summary
        self.most = most
        self.window = window
        self._counted: dict[UUID, int] = {}

    async def keep(self, actor: Actor, event: Any, about: Asked) -> None:
        if self._admits(actor):
            await keep(actor, event, about)

    def keep_soon(self, actor: Actor, event: Any, about: Asked) -> None:
        if self._admits(actor):
            keep_soon(actor, event, about)

    def _admits(self, actor: Actor) -> bool:
        """Count one; the first of a window begins it, and its end tells of those that were one too many."""
        if actor.person not in self._counted:
            asyncio.get_running_loop().call_later(self.window, self._end, actor)
        self._counted[actor.person] = self._counted.get(actor.person, 0) + 1
        return self._counted[actor.person] <= self.most

    def _end(self, actor: Actor) -> None:
        more = self._counted.pop(actor.person, 0) - self.most
        if more > 0:
            keep_soon(actor, self.summary(actor.person, more), Asked(actor.person, ""))


async def _keep_after(seconds: float, actor: Actor, event: Any, about: Asked) -> None:
    await asyncio.sleep(seconds)
    await keep(actor, event, about)


async def settled() -> None:
    """Until all that was to be kept soon is kept."""
    until = time.monotonic() + SECONDS
    while _pending and time.monotonic() < until:
        await asyncio.wait(set(_pending), timeout=SECONDS)
