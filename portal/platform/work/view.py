"""Reading: a read-only transaction that sees exactly what the actor's organisation may see."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar
from uuid import UUID

import asyncpg

from portal.platform import position
from portal.platform.actor import Actor
from portal.platform.context import context_sql
from portal.platform.database import Connection, SafeTransaction, copy_is_away, engine, following_engine
from portal.platform.refusals import NotFound, Unavailable, Unsure
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

    A `report` (a list, a search, a file of many records: what nobody decides on by itself) is read from the copy that
    follows the database, if there is one that holds what the reader wrote, and may be a moment behind otherwise. Where
    the request's command waits for its answer, the reading joins it: the answer tells what will be committed, and what
    the command knows is not read again.
    """
    held = actor.request.held
    if held is not None and held.transaction is not None:
        yield View(actor, held.transaction.connection, held.known)
        return
    context = context_sql(actor.organisation_id, actor.answerable, WIRING.scope(actor) if WIRING.scope else b"")
    opening = f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {context}"
    async with AsyncExitStack() as stack:
        transaction = await _at_the_copy(stack, opening) if report else None
        if transaction is None:
            transaction = await stack.enter_async_context(SafeTransaction(engine(), opening))
        try:
            yield View(actor, transaction.connection)
        except asyncpg.SerializationError as error:  # the copy replayed what the reading still looked at
            raise Unavailable() from error


async def _at_the_copy(stack: AsyncExitStack, opening: str) -> SafeTransaction | None:
    """The reading at the copy, if there is one that is there and far enough for this reader."""
    copy, least = following_engine(), position.present().least
    if copy is None or least is None:
        return None
    try:
        return await stack.enter_async_context(SafeTransaction(copy, position.followed(least) + opening))
    except asyncpg.DivisionByZeroError:
        return None
    except (Unavailable, Unsure):
        copy_is_away()
        return None
