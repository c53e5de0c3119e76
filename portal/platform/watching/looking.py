"""Asking the database what waits, on connections of their own: who watches is told also when all others are taken."""

import asyncio
from typing import Final

import structlog

from portal.platform.context import context_sql
from portal.platform.database import OF_THE_DATABASE, SafeTransaction, engine_apart
from portal.platform.refusals import Unavailable, Unsure
from portal.platform.watching.waiting import WAITING, Waiting, told

log = structlog.get_logger("metrics")
SECONDS: Final = 5.0  # that the database may take to tell


async def look() -> list[Waiting] | None:
    """What waits now; None if the database does not say so in time."""
    try:
        async with (
            asyncio.timeout(SECONDS),
            SafeTransaction(engine_apart(), f"BEGIN READ ONLY; {context_sql(None, None)}") as transaction,
        ):
            return told(await transaction.connection.fetch(WAITING))
    except (*OF_THE_DATABASE, TimeoutError, Unavailable, Unsure) as error:
        log.warning("the database does not say what waits", error=type(error).__name__)
        return None
