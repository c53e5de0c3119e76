"""Where in the database's log a request stands: how far a copy must have followed before it may be read there.

Whoever wrote reads their own writes: each answer to a write carries the position of its commit, the next requests of
the same session or key bring it back, and the copy serves them when it has replayed that far. It is never further
behind than `LAG`, so what a client carries is of use for a minute only.
"""

import re
from contextvars import ContextVar
from typing import Final

LAG: Final = 15  # seconds that the copy may be behind; the scheduler that acts commits something every 2
CARRIED: Final = 60  # seconds for which a session carries the position of its last write
ANY: Final = "0/0"
UNKNOWN: Final = "FFFFFFFF/FFFFFFFF"  # something was committed, and where is not known: no copy is that far
NOW: Final = "select pg_current_wal_insert_lsn()::text"
_FORM: Final = re.compile(r"[0-9A-F]{1,8}/[0-9A-F]{1,8}")


class Position:
    """`least` is what must have been replayed, None where only the database itself will do; `written` is what this
    request committed last."""

    __slots__ = ("least", "written")

    def __init__(self, least: str | None) -> None:
        self.least = least
        self.written = ""

    def commit(self, at: str) -> None:
        self.least = self.written = at


_present: ContextVar[Position | None] = ContextVar("portal_position", default=None)


def begin(least: str | None) -> None:
    """A new request begins, which brings this; what is none counts as not known."""
    _present.set(Position(least if least and _FORM.fullmatch(least) else None))


def present() -> Position:
    """The request's; jobs and commands of the operator have none, and read the database itself."""
    found = _present.get()
    if found is None:
        found = Position(None)
        _present.set(found)
    return found


def followed(least: str) -> str:
    """What a message to the copy begins with: it ends there, by a division by nothing, unless the copy still follows,
    has replayed that far and is not late. It is asked before the reading takes its snapshot."""
    return (
        "BEGIN; SELECT 1 / (pg_is_in_recovery() "
        f"AND coalesce(pg_last_wal_replay_lsn() >= '{least}'::pg_lsn, false) AND coalesce("
        f"clock_timestamp() - pg_last_xact_replay_timestamp() < interval '{LAG} seconds', false))::int; COMMIT; "
    )
