"""The scheduler: one process inserts periodic jobs for each organisation, once for each time they are due.

Only the holder of an advisory lock acts, and it acts on the connection that holds the lock: one that lost its
connection can do nothing more. Others wait on their hosts and take over. The server itself ends the connection of a
holder that it has not heard of for some seconds, whose host is gone or stands still. Due times are UTC; those that
passed while nobody scheduled are made up by one run.
"""

import asyncio
import signal
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from cronsim import CronSim

from portal.access.following import following
from portal.platform import database
from portal.platform.database import Connection
from portal.platform.settings import settings
from portal.platform.watching import metrics
from portal.platform.wiring import WIRING, Job
from portal.platform.work.queue import WAKE, insert_jobs
from portal.worker.relay import Relay
from portal.worker.seal import keep_sealing, keep_showing, pause

log = structlog.get_logger("scheduler")
AGAIN = 2.0  # seconds between two tries to take over
GLANCE = 20.0  # seconds between two looks at the clock
PULSE = 2.0  # seconds between two signs of life
PATIENCE = 10.0  # seconds that a sign of life may take, before the database counts as lost
LOCK = "select pg_try_advisory_lock(hashtext('portal.scheduler'))"
# What PostgreSQL keeps open for a silent holder of the lock: three signs of life left out, or a job left half inserted.
HEARD_OF = "set idle_session_timeout = '7s'; set idle_in_transaction_session_timeout = '30s'"
BEAT = """
insert into dramatiq.scheduler (beat_at) values (clock_timestamp())
on conflict (single) do update set beat_at = excluded.beat_at
"""
CLEAN_UP = ("scheduler.clean-up", "17 * * * *")


def run_scheduler() -> None:
    """Schedule until SIGTERM; waits while another process does."""
    from portal.app import wire

    wire()
    asyncio.run(_until_told())


async def _until_told() -> None:
    stopped = asyncio.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(told, stopped.set)
    metrics.begin("scheduler")
    async with following():
        await asyncio.gather(keep_leading(stopped), keep_sealing(stopped), keep_showing(stopped))
    metrics.end()


async def keep_leading(stopped: asyncio.Event) -> None:
    """Schedule whenever this process holds the lock, until told to stop; a lost database is tried again."""
    while not stopped.is_set():
        try:
            await _lead(stopped)
        except database.OF_THE_DATABASE as error:
            log.warning("the scheduler lost its database", error=str(error))
        await pause(stopped, AGAIN)


async def _lead(stopped: asyncio.Event) -> None:
    """Wait for the lock, and act for as long as this connection holds it."""
    connection = await database.alone()
    try:
        await connection.execute(HEARD_OF)
        if not await connection.fetchval(LOCK):
            log.info("another process schedules")
            while not stopped.is_set() and not await connection.fetchval(LOCK, timeout=PATIENCE):
                await pause(stopped, AGAIN)
        if not stopped.is_set():
            log.info("this process schedules", periodic=len(WIRING.periodic))
            await _act(connection, stopped)
    finally:
        await connection.close()


async def _act(connection: Connection, stopped: asyncio.Event) -> None:
    url, clock = settings().broker_url, asyncio.get_running_loop().time
    relay, look = Relay(url) if url else None, clock()
    while not stopped.is_set():
        await connection.execute(BEAT, timeout=PATIENCE)
        if clock() >= look:
            await insert_due(connection)
            look = clock() + GLANCE
        await _carry(relay, connection, stopped) if relay else await pause(stopped, PULSE)


async def _carry(relay: Relay, connection: Connection, stopped: asyncio.Event) -> None:
    """Carry jobs to the broker until it is time for a sign of life."""
    clock = asyncio.get_running_loop().time
    until = clock() + PULSE
    while not stopped.is_set() and clock() < until:
        await relay.carry(connection)
        await pause(stopped, relay.PAUSE)


async def insert_due(connection: Connection) -> list[str]:
    """Insert the jobs of every due time that came since it was looked at last; gives their names."""
    now: Any = await connection.fetchval("select portal.now()")
    done = []
    for name, spec in (*WIRING.periodic, CLEAN_UP):
        async with connection.transaction():
            if await _is_due(connection, name, last_due(spec, now)):
                await _begin(connection, name)
                done.append(name)
    return done


def last_due(spec: str, now: datetime) -> datetime:
    """The latest time up to `now` that the cron expression names."""
    minute = now.astimezone(UTC).replace(second=0, microsecond=0)
    return next(CronSim(spec, minute + timedelta(seconds=1), reverse=True))


async def _is_due(connection: Connection, name: str, due: datetime) -> bool:
    """Take this due time, once. A job that was never scheduled starts with its next one."""
    moved = "update dramatiq.periodic_run set due_at = $2 where job = $1 and due_at < $2 returning true"
    if await connection.fetchval(moved, name, due):
        return True
    await connection.execute(
        "insert into dramatiq.periodic_run (job, due_at) values ($1, $2) on conflict do nothing", name, due
    )
    return False


async def _begin(connection: Connection, name: str) -> None:
    if name == CLEAN_UP[0]:
        log.info("cleaned up", **dict(await connection.fetchrow("select * from portal.clean_up()") or {}))
        return
    organisations = await connection.fetch("select portal.organisation_ids() as id")
    piece = insert_jobs([Job(name, row["id"], {}) for row in organisations], cause="")
    await connection.execute(piece.sql, *piece.values)
    await connection.execute(WAKE.sql, *WAKE.values)
    log.info("inserted a periodic job", job=name, organisations=len(organisations))
