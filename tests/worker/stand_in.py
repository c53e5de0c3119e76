"""A worker or a scheduler in a process of its own, with jobs that tests can watch."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

from portal.platform import log
from portal.platform.actor import Actor
from portal.platform.jobs import job
from portal.platform.wiring import WIRING
from portal.platform.work import viewing
from portal.worker import schedule
from portal.worker.relay import Relay

SEEN = "insert into watched.effect (key, organisations, pid) values ($1, $2, $3) on conflict (key) do nothing"
TRIED = "insert into watched.attempt (key, pid) values ($1, $2)"


@job("tests.note")
async def note(actor: Actor, key: str) -> None:
    """Leaves one effect however often it runs: which organisations it saw."""
    await _write(TRIED, key, os.getpid())
    async with viewing(actor) as view:
        seen = await view.value("select array_agg(id) from organisation")
    await _write(SEEN, key, seen, os.getpid())


@job("tests.slow")
async def slow(actor: Actor, key: str) -> None:
    """Takes long at its first try, so that it can be killed in the middle."""
    await _write(TRIED, key, os.getpid())
    if await _count(key) == 1:
        await asyncio.sleep(60)
    await _write(SEEN, key, [actor.organisation_id], os.getpid())


@job("tests.brief")
async def brief(actor: Actor, key: str) -> None:
    """Takes a moment, in which a worker can be asked to stop."""
    await _write(TRIED, key, os.getpid())
    await asyncio.sleep(1.5)
    await _write(SEEN, key, [actor.organisation_id], os.getpid())


@job("tests.stumble", retries=2)
async def stumble(actor: Actor, key: str) -> None:
    """Fails at its first try."""
    await _write(TRIED, key, os.getpid())
    if await _count(key) == 1:
        raise ConnectionError("nobody answers")
    await _write(SEEN, key, [actor.organisation_id], os.getpid())


async def _write(sql: str, *values: Any) -> None:
    from portal.platform.gate import gate

    async with gate() as connection:
        await connection.execute(sql, *values)


async def _count(key: str) -> Any:
    from portal.platform.gate import gate

    async with gate() as connection:
        return await connection.fetchval("select count(*) from watched.attempt where key = $1", key)


class DyingRelay(Relay):
    """What it handed over it does not forget any more."""

    def _hand_over(self, waiting: Sequence[Any], handed: list[Any]) -> None:
        super()._hand_over(waiting, handed)
        os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    from portal.app import wire
    from portal.worker import run_scheduler, run_worker

    log.configure(level="info", pretty=False)
    wire()
    if sys.argv[1] == "scheduler":
        WIRING.periodic.append(("tests.note", "* * * * *"))
        run_scheduler()
    elif sys.argv[1] == "relay-that-dies":
        schedule.Relay = DyingRelay
        run_scheduler()
    else:
        run_worker()


if __name__ == "__main__":
    main()
