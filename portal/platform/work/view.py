"""Reading: a read-only transaction that sees exactly what the actor's organisation may see."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from uuid import UUID

import asyncpg

from portal.platform.actor import Actor
from portal.platform.database import Connection, SafeTransaction, context_sql, engine, reporting_engine
from portal.platform.refusals import NotFound
from portal.platform.wiring import WIRING
from portal.platform.work.known import Known
from portal.platform.work.parts import Part, Wanted
from portal.platform.work.rows import Row

T = TypeVar("T")
R = TypeVar("R", bound=Row)


class View:
    """Queries of one consistent reading. Structs take their fields from the columns of the same names."""

    def __init__(self, actor: Actor, connection: Connection, known: Known | None = None) -> None:
        self.actor = actor
        self.connection = connection
        self.known = known or Known()

    async def fetch(self, sql: str, *values: Any) -> list[asyncpg.Record]:
        return await self.connection.fetch(sql, *values)

    async def one(self, sql: str, *values: Any) -> asyncpg.Record | None:
        return await self.connection.fetchrow(sql, *values)

    async def value(self, sql: str, *values: Any) -> Any:
        return await self.connection.fetchval(sql, *values)

    async def structs(self, struct: type[T], sql: str, *values: Any) -> list[T]:
        """Each record as a `struct`; the query names its columns as the struct names its fields."""
        return [struct(**record) for record in await self.connection.fetch(sql, *values)]

    async def struct(self, struct: type[T], sql: str, *values: Any) -> T | None:
        record = await self.connection.fetchrow(sql, *values)
        return None if record is None else struct(**record)

    async def row(self, row_type: type[R], key: UUID) -> R:
        """One row by id; unseen is `NotFound`."""
        known = self.known.row(row_type, key)
        if known is not None:
            return known
        record = await self.connection.fetchrow(f"select * from {row_type.table_name()} where id = $1", key)
        if record is None:
            raise NotFound()
        return self.known.note(row_type.of(record))

    async def part(self, part: Part[T], *values: Any) -> T:
        """A part of these, read at most once."""
        wanted = part.of(*values)
        if not self.known.has(wanted):
            self._take(wanted, await self.connection.fetchval(part.sql, *wanted.values))
        return self.known.part(wanted)

    def kept(self, part: Part[T], *values: Any) -> T | None:
        """The part if it is known already: where another way to read it is shorter."""
        return self.known.part(part.of(*values))

    def _take(self, wanted: Wanted, text: str | None) -> None:
        self.known.keep(wanted, wanted.part.read(text))


@asynccontextmanager
async def viewing(actor: Actor, *, report: bool = False) -> AsyncIterator[View]:
    """Begin a reading as the actor, within their scope; every query of it sees the same moment.

    A `report` is read from the copy that follows the database, if there is one, and may be a moment behind. Where the
    request's command waits for its answer, the reading joins it: the answer tells what will be committed, and what the
    command knows is not read again.
    """
    held = actor.request.held
    if held is not None and held.transaction is not None:
        yield View(actor, held.transaction.connection, held.known)
        return
    context = context_sql(actor.organisation_id, actor.answerable, WIRING.scope(actor) if WIRING.scope else b"")
    opening = f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {context}"
    async with SafeTransaction(reporting_engine() if report else engine(), opening) as transaction:
        yield View(actor, transaction.connection)
