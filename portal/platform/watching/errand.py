"""What this task is busy with, a request or a job, and the statements that it sent to the database for it."""

import functools
import time
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from typing import Any, Final, NamedTuple

import asyncpg

MOST: Final = 1_000  # statements kept of one errand; what comes after them is counted


class Sent(NamedTuple):
    """A statement as it was sent, values apart, and how many seconds its answer took."""

    sql: str
    seconds: float


class Errand:
    """One request or job on its way. `span` is there while it is traced."""

    __slots__ = ("began", "count", "span", "statements")

    def __init__(self, span: Any = None) -> None:
        self.began = time.perf_counter()
        self.span = span
        self.statements: list[Sent] = []
        self.count = 0

    def seconds(self) -> float:
        return time.perf_counter() - self.began

    def note(self, sql: str, began: float, error: BaseException | None = None) -> None:
        """A statement that was answered now."""
        seconds = time.perf_counter() - began
        self.count += 1
        if self.count <= MOST:
            self.statements.append(Sent(sql, seconds))
        if self.span is not None:
            from portal.platform.watching import tracing

            tracing.statement(self.span, sql, seconds, error)


_present: ContextVar[Errand | None] = ContextVar("portal_errand", default=None)
present = _present.get
enter = _present.set
leave = _present.reset


def _noted(send: Callable[..., Coroutine[Any, Any, Any]]) -> Any:
    @functools.wraps(send)
    async def noted(self: asyncpg.Connection, query: str, *values: Any, **options: Any) -> Any:
        errand = _present.get()
        if errand is None:
            return await send(self, query, *values, **options)
        began = time.perf_counter()
        try:
            answer = await send(self, query, *values, **options)
        except BaseException as error:
            errand.note(query, began, error)
            raise
        errand.note(query, began)
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
