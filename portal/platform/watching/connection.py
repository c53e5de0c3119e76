"""Connections to the database that note what they send."""

import functools
import time
from collections.abc import Callable, Coroutine
from typing import Any

import asyncpg

from portal.platform.watching import errand


def _noted(send: Callable[..., Coroutine[Any, Any, Any]]) -> Any:
    @functools.wraps(send)
    async def noted(self: asyncpg.Connection, query: str, *values: Any, **options: Any) -> Any:
        doing = errand.present()
        if doing is None:
            return await send(self, query, *values, **options)
        began = time.perf_counter()
        try:
            answer = await send(self, query, *values, **options)
        except BaseException as error:
            doing.note(query, began, error)
            raise
        doing.note(query, began)
        return answer

    return noted


class Watched(asyncpg.Connection):
    """A connection that notes what it sends on the errand of the task that sends it."""

    __slots__ = ()

    execute = _noted(asyncpg.Connection.execute)
    executemany = _noted(asyncpg.Connection.executemany)
    fetch = _noted(asyncpg.Connection.fetch)
    fetchrow = _noted(asyncpg.Connection.fetchrow)
    fetchval = _noted(asyncpg.Connection.fetchval)
