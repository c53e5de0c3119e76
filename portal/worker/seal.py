"""The sealer's loop, beside the scheduler and on a connection of its own: looks every second, seals what waits, and
shows where the log ends to the witnesses outside."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import asyncpg
import structlog

from portal.audit import witnesses
from portal.audit.checkpoints import Checkpoint
from portal.audit.sealing import Tampered, seal_all
from portal.platform.database import OF_THE_DATABASE
from portal.platform.settings import settings, without_password

log = structlog.get_logger("sealer")
GLANCE = 1.0  # seconds between two looks: entries are sealed within five
FIRST = 5.0  # seconds until the witnesses are shown anything
AGAIN = 2.0  # seconds until a database that was lost is tried again

Act = Callable[[asyncpg.Connection], Awaitable[None]]


async def keep_sealing(stopped: asyncio.Event) -> None:
    """Seal until told to stop; any number of processes may, one at a time does."""
    while not stopped.is_set():
        try:
            await _connected(stopped, seal_once, GLANCE)
        except Tampered as error:
            log.critical("the log was tampered with and is not sealed on: run 'portal audit verify'", error=str(error))
            await pause(stopped, AGAIN)


async def keep_showing(stopped: asyncio.Event) -> None:
    """Show the newest checkpoint to every witness; on its own, since a witness may be slow."""
    shown: dict[str, str] = {}
    await pause(stopped, FIRST)
    while not stopped.is_set():
        await _connected(stopped, lambda connection: show_newest(connection, shown), witnesses.EVERY)


async def _connected(stopped: asyncio.Event, act: Act, seconds: float) -> None:
    """Do it again and again on one connection, until told to stop or the database is lost."""
    try:
        connection = await asyncpg.connect(settings().database_url)
        try:
            while not stopped.is_set():
                await act(connection)
                await pause(stopped, seconds)
        finally:
            await connection.close()
    except OF_THE_DATABASE as error:
        log.warning("the sealer lost its database", error=str(error))
        await pause(stopped, AGAIN)


async def seal_once(connection: asyncpg.Connection) -> None:
    """Seal what waits, and keep the newest note in the data folder."""
    sealed = await seal_all(connection, witnesses.newest())
    if sealed is not None:
        log.debug("sealed", size=sealed.checkpoint.size)
        try:
            witnesses.keep(sealed.note)
        except OSError as error:
            log.error("the newest checkpoint is not in the data folder", error=str(error))


async def show_newest(connection: asyncpg.Connection, shown: dict[str, str]) -> None:
    """To each witness that has not seen it; its receipt is kept beside the checkpoint."""
    note = witnesses.newest()
    for witness in settings().audit_witnesses if note else ():
        if shown.get(witness) == note:
            continue
        name = without_password(witness)
        try:
            receipt = await asyncio.to_thread(witnesses.show, witness, note)
        except witnesses.NoWitness as error:
            log.warning("a witness did not take the checkpoint", witness=name, error=str(error))
            continue
        await connection.execute("select portal.witnessed($1, $2, $3)", Checkpoint.of(note).size, name, receipt)
        shown[witness] = note


async def pause(stopped: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stopped.wait(), seconds)
