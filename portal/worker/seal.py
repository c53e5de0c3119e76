"""The sealer's loop, beside the scheduler and on a connection of its own: looks every second, seals what waits."""

import asyncio
from contextlib import suppress

import asyncpg
import structlog

from portal.audit.sealing import Tampered, seal_all
from portal.platform.settings import settings

log = structlog.get_logger("sealer")
GLANCE = 1.0  # seconds between two looks: entries are sealed within five
AGAIN = 2.0  # seconds until a database that was lost is tried again


async def keep_sealing(stopped: asyncio.Event) -> None:
    """Seal until told to stop; any number of processes may, one at a time does."""
    while not stopped.is_set():
        try:
            await _seal(stopped)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("the sealer lost its database", error=str(error))
        except Tampered as error:
            log.critical("the log was tampered with and is not sealed on: run 'portal audit verify'", error=str(error))
        await pause(stopped, AGAIN)


async def _seal(stopped: asyncio.Event) -> None:
    connection = await asyncpg.connect(settings().database_url)
    try:
        while not stopped.is_set():
            sealed = await seal_all(connection)
            if sealed is not None:
                log.debug("sealed", size=sealed.checkpoint.size)
            await pause(stopped, GLANCE)
    finally:
        await connection.close()


async def pause(stopped: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stopped.wait(), seconds)
