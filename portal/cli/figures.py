"""Whether ledgers, documents and settings tell one story: views of the database that are always empty."""

import math
import time
from collections.abc import Iterator
from typing import Any

from portal.cli.checks import Finding, judged
from portal.platform.settings import without_password

# What says of itself that it is always empty is asked, so that a new one cannot be forgotten.
ALWAYS_EMPTY = """
select c.relname from pg_class c where c.relkind = 'v' and c.relnamespace = 'portal'::regnamespace
  and obj_description(c.oid, 'pg_class') ilike '%empty%' order by 1
"""
_ORGANISATIONS = "select id::text, name from organisation order by name, id"
MEND = "restore a backup from before; until then trust the documents, not the figures"


class NotAll(Exception):
    """The time was over before everything was compared; what was found until then."""

    def __init__(self, found: dict[str, list[str]]) -> None:
        self.found = found


def disagreements(app: str, owner: str, seconds: float | None = None) -> dict[str, list[str]]:
    """The views that are not empty, each with the names of the organisations of which they tell something.

    Raises `NotAll` once so many seconds are over.
    """
    import psycopg

    with psycopg.connect(owner, connect_timeout=5) as connection:
        connection.execute("set role portal_gate")
        organisations = connection.execute(_ORGANISATIONS).fetchall()
    found: dict[str, list[str]] = {}
    until = math.inf if seconds is None else time.monotonic() + seconds
    with psycopg.connect(app, connect_timeout=5, autocommit=True) as connection:
        views = [name for (name,) in connection.execute(ALWAYS_EMPTY)]
        for organisation, name in organisations:
            connection.execute("select set_config('portal.organisation', %s, false)", [organisation])
            for view in views:
                if (left := until - time.monotonic()) <= 0:
                    raise NotAll(found)
                if _tells(connection, view, left):
                    found.setdefault(view, []).append(name)
    return found


def _tells(connection: Any, view: str, left: float) -> bool:
    """Whether a view is not empty; one that takes longer than what is left of the time is left alone.

    It is counted: asked for one row, the planner takes what would find a first one soon, which in an empty view is an
    hour where the whole takes seconds (five, among a million orders).
    """
    from psycopg import errors, sql

    if left < math.inf:
        connection.execute("select set_config('statement_timeout', %s, false)", [str(int(left * 1000) + 1)])
    try:
        asked = sql.SQL("select count(*) from {}").format(sql.Identifier("portal", view))
        return connection.execute(asked).fetchone() != (0,)
    except errors.QueryCanceled:
        return False  # the time is over: the next question notices


def figures(app: str | None, owner: str | None, *, seconds: float | None = None) -> Iterator[Finding]:
    """What the doctor asks of all figures: it reads every order, so it stops after some seconds unless it may go on."""
    import psycopg

    if app is None or owner is None:
        yield Finding("Figures", "note", "not looked at", "set PORTAL_DATABASE_URL and PORTAL_OWNER_URL")
        return
    more = ""
    try:
        found = disagreements(app, owner, seconds)
    except NotAll as some:
        found, more = some.found, f", as far as {seconds:g} s went"
    except psycopg.Error as error:
        yield Finding("Figures", "bad", without_password(str(error)).splitlines()[0], "portal migrate")
        return
    if not found:
        said = f"ledgers, documents and settings agree{more}"
        yield judged("Figures", not more, said, "portal doctor --figures", "note")
    for view, names in found.items():
        yield Finding("Figures", "bad", f"{view}: {', '.join(names[:5])}{', …' if len(names) > 5 else ''}", MEND)
