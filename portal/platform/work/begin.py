"""Beginning a command: its transaction, its lock, and what it reads first."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeVar, overload
from uuid import UUID

from portal.platform.actor import Actor
from portal.platform.database import SafeTransaction, command_sql, context_sql, engine
from portal.platform.refusals import NotFound, OnlyLooking
from portal.platform.wiring import WIRING
from portal.platform.work.change import Change, expect_version
from portal.platform.work.parts import Turn, Wanted, fused
from portal.platform.work.rows import Row

R = TypeVar("R", bound=Row)


@overload
def changing(actor: Actor, /, *first: Wanted | Turn) -> AbstractAsyncContextManager[Change]: ...
@overload
def changing(
    actor: Actor, row_type: type[R], key: UUID, /, *first: Wanted | Turn
) -> AbstractAsyncContextManager[tuple[Change, R]]: ...
def changing(actor: Actor, /, *given: Any) -> Any:
    """Begin a command: with a row type and id, that row is locked, read and checked against `If-Match`. The parts that
    the command will ask for come along, after the locks and turns that it will want.

    Raises `NotFound` if the actor's organisation does not see the row, `Stale` if its version moved on.
    """
    if given and isinstance(given[0], type):
        return _changing_row(actor, given[0], given[1], given[2:])
    return _creating(actor, given)


async def _begun(actor: Actor, opening: str) -> SafeTransaction:
    """The command's transaction: a program's is held open for the answer. Who only looks begins none."""
    if actor.seen_by is not None:
        raise OnlyLooking(actor.name)
    held = actor.request.held
    return SafeTransaction(engine(), opening, changes=True) if held is None else await held.begin(opening)


def _opening(actor: Actor, first: tuple[Wanted | Turn, ...], lock: str = "") -> str:
    """Begin, say who acts, lock. The row's lock comes before those of its parts, and once more last, where they follow
    it: what the message ends with is what its answer tells of.

    A command that names what it reads goes by keys. Another one may be a month's work of a whole company.
    """
    locks = [each.lock() for each in first if each.locks]
    if lock:
        locks = [lock, *locks, lock] if locks else [lock]
    who = (actor.organisation_id, actor.person_id)
    return "; ".join([command_sql(*who) if first else f"BEGIN; {context_sql(*who)}", *locks])


@asynccontextmanager
async def _creating(actor: Actor, first: tuple[Wanted | Turn, ...]) -> AsyncIterator[Change]:
    parts = [each for each in first if isinstance(each, Wanted)]
    async with await _begun(actor, _opening(actor, first)) as transaction:
        sql, values = fused("select portal.now() as now_{parts}", "", (), parts)
        record: Any = await transaction.connection.fetchrow(sql, *values)
        change = Change(actor, transaction.connection, record[0])
        change.take(parts, record[1:], None)
        change.known.turns.update(each for each in first if isinstance(each, Turn))
        yield change
        await change.finish()


@asynccontextmanager
async def _changing_row(
    actor: Actor, row_type: type[R], key: UUID, first: tuple[Wanted | Turn, ...]
) -> AsyncIterator[tuple[Change, R]]:
    table = row_type.table_name()
    parts = [each for each in first if isinstance(each, Wanted)]
    opening = _opening(actor, first, f"SELECT FROM {table} WHERE id = '{UUID(str(key))}' FOR NO KEY UPDATE")
    async with await _begun(actor, opening) as transaction:
        if transaction.opened != "SELECT 1":
            raise NotFound()
        reading = f"select portal.now() as now_{{parts}}, t.* from {table} t where id = $1"
        sql, values = fused(reading, "t", (key,), parts)
        record: Any = await transaction.connection.fetchrow(sql, *values)
        change = Change(actor, transaction.connection, record[0])
        row = change.read(row_type, record, len(parts) + 1)
        await require_within_scope(change, row_type, key)
        change.take(parts, record[1 : len(parts) + 1], row)
        change.known.turns.update(each for each in first if isinstance(each, Turn))
        expect_version(actor, row)
        yield change, row
        await change.finish()


async def require_within_scope(change: Change, row_type: type[Row], key: UUID) -> None:
    """What lies outside the actor's scope is as little there for a change as it is for a reading."""
    actor, scope = change.actor, WIRING.scope(change.actor) if WIRING.scope else b""
    if not scope:
        return
    await change.connection.execute(context_sql(actor.organisation_id, actor.person_id, scope))
    seen = await change.value(f"select true from {row_type.table_name()} where id = $1", key)
    await change.connection.execute("RESET ROLE; SELECT set_config('portal.scope', '', true)")
    if not seen:
        raise NotFound()
