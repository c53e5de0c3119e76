"""Changing: the transaction of one command."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import Any, TypeVar, overload
from uuid import UUID

import asyncpg

from portal.platform import vault
from portal.platform.actor import Actor
from portal.platform.database import Connection, SafeTransaction, context_sql, engine
from portal.platform.i18n import _
from portal.platform.refusals import NotFound, OnlyLooking, Stale
from portal.platform.wiring import WIRING, Job
from portal.platform.work import flush
from portal.platform.work.queue import WAKE, insert_jobs
from portal.platform.work.rows import Asked, Row, values_of
from portal.platform.work.trail import ENTRY, SIDE, Recorded, RowChange, Trail
from portal.platform.work.view import View

R = TypeVar("R", bound=Row)


class Repeated(Exception):
    """The request's idempotency key was used before: give the first answer again."""


class Change(View):
    """What one command reads and writes. Reads happen at once; writes are buffered and flushed together at the end."""

    def __init__(self, actor: Actor, connection: Connection, now: datetime) -> None:
        super().__init__(actor, connection)
        self.now = now
        self._loaded: dict[int, tuple[Row, dict[str, Any]]] = {}
        self._added: list[Row] = []
        self._dirty: dict[int, Row] = {}
        self._pieces: list[flush.Piece] = []
        self._later_pieces: list[flush.Piece] = []
        self._jobs: list[Job] = []
        self._trail = Trail(actor)

    def require(self, permission: str, about: Any = None) -> None:
        """Refuse with `Denied` unless the actor holds the permission on this object; access decides."""
        assert WIRING.require is not None, "the portal is not wired"
        WIRING.require(self.actor, permission, about)

    async def row(self, row_type: type[R], key: UUID, *, lock: bool = True) -> R:
        """One row by id, locked until the end; unseen is `NotFound`. The lock is its own statement: it reads afresh."""
        if lock:
            table = row_type.table_name()
            await self.connection.execute(f"select 1 from {table} where id = $1 for no key update", key)
        found = await self.rows(row_type, "id = $1", key)
        if not found:
            raise NotFound()
        return found[0]

    async def rows(self, row_type: type[R], condition: str, *values: Any) -> list[R]:
        """Rows under a condition on their own columns; the caller holds a lock that covers them."""
        records = await self.connection.fetch(f"select * from {row_type.table_name()} where {condition}", *values)
        return [self.loaded(row_type.of(record)) for record in records]

    def loaded(self, row: R) -> R:
        """Remember the row's values, so that writing it knows what changed."""
        self._loaded[id(row)] = (row, values_of(row))
        return row

    def write(self, row: Row) -> None:
        """Save a loaded row: what changed of it until the end is one UPDATE, and its version counts up."""
        self._dirty[id(row)] = row

    def write_all(self, rows: Sequence[Row]) -> None:
        """Save many loaded rows; those of one table become one piece."""
        for row in rows:
            self.write(row)

    def add(self, row: R) -> R:
        """Insert a new row, with the values it has at the end."""
        self._added.append(row)
        return row

    def add_all(self, row_type: type[R], rows: Sequence[Mapping[str, Any]]) -> list[R]:
        """Insert any number of rows as one parameter; all have the same columns."""
        if not rows:
            return []
        self._pieces.append(flush.insert_all(row_type.table_name(), rows))
        added = [row_type.of(dict(row)) for row in rows]
        for row, values in zip(added, rows, strict=True):
            self._note(row, None, dict(values))
        return added

    def remove_all(self, rows: Sequence[Row]) -> None:
        """Delete loaded rows of one table; only drafts ever lose rows."""
        if rows:
            table = type(rows[0]).table_name()
            self._pieces.append(flush.Piece(f"delete from {table} where id = any($1)", ([row.id for row in rows],)))
            for row in rows:
                self._note(row, self._loaded[id(row)][1], None)

    def sql(self, sql: str, *values: Any) -> None:
        """A hand-written write that joins the flush; it sees the database as it was before the flush."""
        self._pieces.append(flush.Piece(sql, values))

    def afterwards(self, sql: str, *values: Any) -> None:
        """A hand-written write that sees what the flush wrote."""
        self._later_pieces.append(flush.Piece(sql, values))

    def record(self, event: Any, about: Row | Asked, *, root_id: UUID | None = None) -> None:
        """Say what happened: one audit entry, and the reactions that were wired for the event."""
        self._trail.events.append(Recorded(event, about, root_id))

    def later(self, job: Job) -> None:
        self._jobs.append(job)

    async def number(self, kind: str, year: int | None = None) -> str:
        """The organisation's next number of this kind and year, gapless; taken last, it is locked until the end."""
        year = year or self.now.year
        last = await self.connection.fetchval(
            "insert into document_number (organisation_id, kind, year, last) values ($1, $2, $3, 1) "
            "on conflict (organisation_id, kind, year) do update set last = document_number.last + 1 returning last",
            self.actor.organisation_id,
            kind,
            year,
        )
        return f"{kind}-{year}-{last:05d}"

    def _gather(self) -> None:
        """Turn new and changed rows into pieces; however often a row was written, it is updated once."""
        for row in self._added:
            values = values_of(row)
            self._pieces.append(flush.insert(type(row).table_name(), values))
            self._note(row, None, values)
        fresh = {id(row) for row in self._added}
        changed: dict[type[Row], list[tuple[Row, dict[str, Any]]]] = {}
        for key, row in self._dirty.items():
            if key not in fresh and (values := self._changed(row)):
                changed.setdefault(type(row), []).append((row, values))
        for row_type, rows in changed.items():
            if len({row.id for row, _values in rows}) < len(rows):
                raise AssertionError(f"A row of {row_type.table_name()} was loaded twice and changed in both.")
            self._pieces.append(flush.update_rows(row_type, rows))

    def _changed(self, row: Row) -> dict[str, Any]:
        before, after = self._loaded[id(row)][1], values_of(row)
        changed = {column: value for column, value in after.items() if before.get(column) != value}
        if changed and "version" in after:
            row.version = changed["version"] = before["version"] + 1
        if changed:
            self._note(row, {column: before.get(column) for column in changed}, dict(changed))
        return changed

    def _note(self, row: Row, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        self._trail.rows.append(RowChange(row, before, after))

    async def finish(self) -> None:
        """Reactions, then one statement with rows, audit entries, jobs and idempotency key, then what follows it."""
        await self._react()
        self._gather()
        if not (self._pieces or self._trail.events or self._later_pieces):
            return
        if not self._trail.events:
            raise AssertionError("A command wrote without recording an event.")
        await self._fetch_keys()
        shared, private = self._trail.entries(self.now)
        self._pieces.append(flush.insert_columns("audit_entry", ENTRY, shared))
        if private:
            self._pieces.append(flush.insert_columns("audit_private", SIDE, private))
        self._remember_request()
        if self._jobs:
            self._pieces.append(insert_jobs(self._jobs, self.actor.request.id))
        await self._run(self._pieces, WAKE if self._jobs else None)
        if self._later_pieces:
            await self._run(self._later_pieces, None)

    async def _react(self) -> None:
        for recorded in self._trail.events:
            for reaction in WIRING.reactions.get(type(recorded.event), ()):
                for follow in reaction.now:
                    await follow(self, recorded.event)
                for plan in reaction.later:
                    self._jobs.extend(plan(self, recorded.event))

    async def _run(self, pieces: list[flush.Piece], final: flush.Piece | None) -> None:
        statement = flush.fuse(pieces, final)
        try:
            await self.connection.fetch(statement.sql, *statement.values)
        except asyncpg.UniqueViolationError as error:
            if getattr(error, "constraint_name", "") == "idempotency_key_pkey":
                raise Repeated() from error
            raise

    def _remember_request(self) -> None:
        key = self.actor.request.idempotency
        if key is not None and self.actor.person_id is not None:
            row = {"organisation_id": self.actor.organisation_id, "person_id": self.actor.person_id}
            self._pieces.append(flush.insert("idempotency_key", row | {"key": key.key, "digest": key.digest}))

    async def _fetch_keys(self) -> None:
        people = self._trail.people()
        if not people:
            return
        stored = await self.fetch("select person_id, wrapped from person_key where person_id = any($1)", list(people))
        self._trail.keys = {row["person_id"]: vault.unwrap_person_key(row["wrapped"]) for row in stored}
        for person in people - self._trail.keys.keys():
            self._trail.keys[person], wrapped = vault.new_person_key()
            self._pieces.append(flush.insert("person_key", {"person_id": person, "wrapped": wrapped}))


@overload
def changing(actor: Actor) -> AbstractAsyncContextManager[Change]: ...
@overload
def changing(actor: Actor, row_type: type[R], key: UUID) -> AbstractAsyncContextManager[tuple[Change, R]]: ...
def changing(actor: Actor, row_type: type[Any] | None = None, key: UUID | None = None) -> Any:
    """Begin a command: with a row type and id, that row is locked, read and checked against `If-Match`.

    Raises `NotFound` if the actor's organisation does not see the row, `Stale` if its version moved on.
    """
    return _creating(actor) if row_type is None or key is None else _changing_row(actor, row_type, key)


async def _begun(actor: Actor, opening: str) -> SafeTransaction:
    """The command's transaction: a program's is held open for the answer. Who only looks begins none."""
    if actor.seen_by is not None:
        raise OnlyLooking(actor.name)
    held = actor.request.held
    return SafeTransaction(engine(), opening, changes=True) if held is None else await held.begin(opening)


@asynccontextmanager
async def _creating(actor: Actor) -> AsyncIterator[Change]:
    opening = f"BEGIN; {context_sql(actor.organisation_id, actor.person_id)}"
    async with await _begun(actor, opening) as transaction:
        now: Any = await transaction.connection.fetchval("select portal.now()")
        change = Change(actor, transaction.connection, now)
        yield change
        await change.finish()


@asynccontextmanager
async def _changing_row(actor: Actor, row_type: type[R], key: UUID) -> AsyncIterator[tuple[Change, R]]:
    opening = (
        f"BEGIN; {context_sql(actor.organisation_id, actor.person_id)}; "
        f"SELECT 1 FROM {row_type.table_name()} WHERE id = '{UUID(str(key))}' FOR NO KEY UPDATE"
    )
    async with await _begun(actor, opening) as transaction:
        if transaction.opened != "SELECT 1":
            raise NotFound()
        sql = f"select t.*, portal.now() as now_ from {row_type.table_name()} t where id = $1"
        found: Any = await transaction.connection.fetchrow(sql, key)
        record: dict[str, Any] = dict(found)
        change = Change(actor, transaction.connection, record.pop("now_"))
        row = change.loaded(row_type.of(record))
        await _require_within_scope(change, row_type, key)
        expect_version(actor, row)
        yield change, row
        await change.finish()


async def _require_within_scope(change: Change, row_type: type[Row], key: UUID) -> None:
    """What lies outside the actor's scope is as little there for a change as it is for a reading."""
    actor, scope = change.actor, WIRING.scope(change.actor) if WIRING.scope else b""
    if not scope:
        return
    await change.connection.execute(context_sql(actor.organisation_id, actor.person_id, scope))
    seen = await change.value(f"select true from {row_type.table_name()} where id = $1", key)
    await change.connection.execute("RESET ROLE; SELECT set_config('portal.scope', '', true)")
    if not seen:
        raise NotFound()


def expect_version(actor: Actor, row: Row, version: int | None = None) -> None:
    """Refuse as `Stale` what was asked about another version: the row's, or that of a record which it is part of."""
    wanted = actor.request.if_match
    if wanted is not None and wanted != (row.__dict__.get("version") if version is None else version):
        raise Stale(
            _("This was changed after you opened it. Look at the present version, then act again."), subject_id=row.id
        )
