"""Changing: what one command reads and writes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import asyncpg

from portal.platform import vault
from portal.platform.actor import Actor
from portal.platform.database import Connection
from portal.platform.i18n import _
from portal.platform.refusals import NotFound, Stale
from portal.platform.wiring import WIRING, Job
from portal.platform.work import flush
from portal.platform.work.parts import Turn, Wanted
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
        self._kept: list[tuple[Wanted, Any]] = []
        self._moved: set[str] = set()
        self._by_hand: set[str] = set()
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
        if (row_type, key) in self.known.locked and (known := self.known.row(row_type, key)) is not None:
            return known
        if lock:
            table = row_type.table_name()
            await self.connection.execute(f"select 1 from {table} where id = $1 for no key update", key)
        found = await self.rows(row_type, "id = $1", key)
        if not found:
            raise NotFound()
        return found[0]

    async def turn(self, turn: Turn) -> None:
        """Wait for this turn, unless the command began with it."""
        if turn not in self.known.turns:
            await self.connection.execute(turn.lock())
            self.known.turns.add(turn)

    async def fetch(self, sql: str, *values: Any) -> list[asyncpg.Record]:
        """Rows of a query, or a write that the command cannot leave to the flush."""
        self._by_hand |= flush.written(sql)
        return await super().fetch(sql, *values)

    async def rows(self, row_type: type[R], condition: str, *values: Any) -> list[R]:
        """Rows under a condition on their own columns; the caller holds a lock that covers them."""
        records = await self.connection.fetch(f"select * from {row_type.table_name()} where {condition}", *values)
        return [self.loaded(row_type.of(record)) for record in records]

    def loaded(self, row: R) -> R:
        """Remember the row's values, so that writing it knows what changed."""
        self._loaded[id(row)] = (row, values_of(row))
        return self.known.note(row)

    def read(self, row_type: type[R], record: Any, skipped: int) -> R:
        """The row that the columns of a record from there on are."""
        return self.loaded(row_type.of(list(record.items())[skipped:]))

    def take(self, parts: Sequence[Wanted], texts: Sequence[str | None], root: Row | None) -> None:
        """What came along with the command's row."""
        for wanted, text in zip(parts, texts, strict=True):
            self._take(wanted.known_as(root), text)

    def keep(self, wanted: Wanted, value: Any) -> None:
        """What a part is once this is written: the answer need not read what the command knows."""
        self._kept.append((wanted, value))

    def _take(self, wanted: Wanted, text: str | None) -> None:
        super()._take(wanted, text)
        if wanted.part.row_type is not None:
            for row in self.known.part(wanted):
                self.loaded(row)

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
        return self.known.note(row)

    def add_all(self, row_type: type[R], rows: Sequence[Mapping[str, Any]]) -> list[R]:
        """Insert any number of rows as one parameter; all have the same columns."""
        if not rows:
            return []
        self._pieces.append(flush.insert_all(row_type.table_name(), rows))
        self._moved.add(row_type.table_name())
        added = [row_type.new(row) for row in rows]
        for row, values in zip(added, rows, strict=True):
            self._note(row, None, dict(values))
        return added

    def remove_all(self, rows: Sequence[Row]) -> None:
        """Delete loaded rows of one table; only drafts ever lose rows."""
        if rows:
            table = type(rows[0]).table_name()
            self._pieces.append(flush.Piece(f"delete from {table} where id = any($1)", ([row.id for row in rows],)))
            self._moved.add(table)
            for row in rows:
                self._note(row, self._loaded[id(row)][1], None)

    def sql(self, sql: str, *values: Any) -> None:
        """A hand-written write that joins the flush; it sees the database as it was before the flush."""
        self._pieces.append(flush.Piece(sql, values))
        self._by_hand |= flush.written(sql)

    def afterwards(self, sql: str, *values: Any) -> None:
        """A hand-written write that sees what the flush wrote."""
        self._later_pieces.append(flush.Piece(sql, values))
        self._by_hand |= flush.written(sql)

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
            await self._remember_nothing()
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
        self._settle()

    def _settle(self) -> None:
        """What is known from here on, for the answer."""
        moved = self._moved | {added.table_name() for added in set(map(type, self._added))}
        written = {each.table_name() for each in {type(row) for row, before, after in self._trail.rows if before}}
        self.known.forget(written, moved, self._by_hand)
        for wanted, value in self._kept:
            self.known.keep(wanted, value)
        if self.actor.request.held is not None:
            self.actor.request.held.known = self.known

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

    async def _remember_nothing(self) -> None:
        """That there was nothing to do is an answer, too: the same request never finds out that there was something."""
        self._remember_request()
        if self._pieces:
            await self._run(self._pieces, None)

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
        self._trail.keys = {row["person_id"]: self._key(row["wrapped"]) for row in stored}
        for person in people - self._trail.keys.keys():
            self._trail.keys[person], wrapped = vault.new_person_key()
            self._pieces.append(flush.insert("person_key", {"person_id": person, "wrapped": wrapped}))

    def _key(self, wrapped: bytes) -> bytes:
        """Nothing is changed that the log could not tell. Who only read or was refused is noted although their key is
        lost: what is personal in the entry is lost with it."""
        key = vault.open_person_key(wrapped)
        if key is None and not self._trail.rows:
            return vault.new_person_key()[0]
        return key or vault.unwrap_person_key(wrapped)


def expect_version(actor: Actor, row: Row, version: int | None = None) -> None:
    """Refuse as `Stale` what was asked about another version: the row's, or that of a record which it is part of."""
    wanted = actor.request.if_match
    if wanted is not None and wanted != (row.__dict__.get("version") if version is None else version):
        raise Stale(
            _("This was changed after you opened it. Look at the present version, then act again."), subject_id=row.id
        )
