"""Every process follows the policy: it notes which one it loaded, and reads it anew as soon as somebody says so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import asyncpg
import structlog

from portal.access.commands.policies import note
from portal.access.policy import POLICY, Policy
from portal.platform.database import OF_THE_DATABASE, Connection
from portal.platform.settings import settings

log = structlog.get_logger("access")
CHANNEL: Final = "portal_policy"
NAME: Final = "portal-policy"  # of its connection, to whoever looks at the database's
AGAIN: Final = 2.0  # seconds until a database that was lost is tried again


@asynccontextmanager
async def following(policy: Policy = POLICY) -> AsyncIterator[None]:
    """While this lasts, the process knows within a second of a policy that was changed."""
    task = asyncio.create_task(keep_following(policy))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def keep_following(policy: Policy = POLICY) -> None:
    """Follow until cancelled. What was told before this process listened is caught up with by reading anew."""
    while True:
        try:
            await _follow(policy)
        except OF_THE_DATABASE as error:
            log.warning("the policy is not followed while the database is away", error=str(error))
        await asyncio.sleep(AGAIN)


async def announce(connection: Connection) -> None:
    """Tell every process to read the policy anew."""
    await connection.execute("select pg_notify($1, '')", CHANNEL)


async def _follow(policy: Policy) -> None:
    connection = await asyncpg.connect(settings().database_url, server_settings={"application_name": NAME})
    told, ended = asyncio.Event(), asyncio.Event()
    try:
        connection.add_termination_listener(lambda _connection: (ended.set(), told.set()))
        await connection.add_listener(CHANNEL, lambda *_told: told.set())
        policy.reload()
        while not ended.is_set():
            async with connection.transaction():
                await note(connection, policy)
            await told.wait()
            if not ended.is_set():
                told.clear()
                policy.reload()
    finally:
        await connection.close()
