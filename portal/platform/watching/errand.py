"""What this task is busy with, a request or a job, and the statements that it sent to the database for it."""

import time
from contextvars import ContextVar
from typing import Any, Final, NamedTuple

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
