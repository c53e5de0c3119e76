"""What a record was at a moment, rebuilt from the log by replaying what each entry wrote.

Nothing is guessed. A field is *not known* where no entry told it (a record that was taken over from elsewhere), where
an entry found another value than the one before it had left, or where the log's end does not say what the record says
today: then something is written beside the log, and what it was in between is nobody's knowledge.
Of a record whose beginning the reader's log does not hold, fields that no entry tells of are today's, and named so.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec

from portal.audit import trails
from portal.audit.forms import EntryOut
from portal.audit.kinds import TABLES
from portal.audit.labels import is_technical
from portal.platform.canonical import canonical
from portal.platform.refusals import NotFound
from portal.platform.work import View
from portal.platform.work.rows import Row

# Tables whose rows are parts of a record of another table; a table's own parts begin with its name besides.
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "purchase_order": ("schedule_line", "order_response", "order_response_line", "order_change_line"),
    "order_change": ("order_change_line",),
    "despatch_advice": ("despatch_line",),
    "membership": ("person",),
}
Key = tuple[str, str]


class Known(msgspec.Struct):
    """One row as it was: what is known of it, and which of its fields are not.

    `assumed` are fields of which no entry tells at all, as with what another organisation wrote before it was shown:
    their values are today's.
    """

    table: str
    id: str
    values: dict[str, Any]
    unknown: list[str]
    assumed: list[str] = []


class Past(msgspec.Struct):
    """A record at a moment. `entries` were replayed, `later` were written since; `complete` says that nothing of it is
    unknown."""

    record_id: UUID
    at: datetime
    kind: str
    number: str
    existed: bool
    entries: int
    later: int
    complete: bool
    rows: list[Known]
    owner_id: UUID | None = None
    shown_to: UUID | None = None


class Replay:
    """Rows by table and id, as one entry after the other leaves them."""

    def __init__(self) -> None:
        self.rows: dict[Key, dict[str, Any]] = {}
        self.unknown: dict[Key, set[str]] = {}
        self.gone: set[Key] = set()
        self.found: dict[Key, dict[str, Any]] = {}  # what stood there before the first entry that tells of it
        self.born: set[Key] = set()

    def write(self, entries: Iterable[EntryOut]) -> "Replay":
        for entry in entries:
            for change in entry.changes:
                self._write((change.table, str(change.id)), change.before, change.after)
        return self

    def _write(self, key: Key, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        row, doubts = self.rows.setdefault(key, {}), self.unknown.setdefault(key, set())
        if before is None:
            self.born.add(key)
        for name, value in (before or {}).items():
            self.found.setdefault(key, {}).setdefault(name, value)
            if name in row and not _same(row[name], value):
                doubts.add(name)
        if after is None:
            self.gone.add(key)
            return
        self.gone.discard(key)
        row.update(after)


class Then(NamedTuple):
    """A replay until a moment, with what the whole log and today's rows say against it."""

    known: Replay
    whole: Replay
    later: Replay


async def as_of(view: View, record_id: UUID, moment: datetime) -> Past:
    """The record at the moment, as the reader's organisation may see it; `NotFound` where the log knows none."""
    entries = await trails.trail(view, record_id)
    about = [entry for entry in entries if entry.subject_id == record_id] or entries
    if not about:
        raise NotFound()
    told = trails.until(entries, moment)
    then = Then(Replay().write(told), Replay().write(entries), Replay().write(entries[len(told) :]))
    main = _table_of(about, record_id)
    today = await _today(view, main, record_id)
    _take_over(then, (main, str(record_id)), today, moment)
    rows = [_known(then, key, today) for key in _of_record(then.known, main, record_id)]
    last = about[-1]
    named = next((entry for entry in reversed(told) if entry.subject_id == record_id), None)
    whose = next((row.values for row in rows if row.id == str(record_id)), {})
    owner, shown = _id(today.get(_owner(main)) or whose.get(_owner(main))), _id(whose.get("shown_to"))
    if owner is not None and view.actor.organisation_id not in (owner, shown):
        rows = []
    return Past(
        record_id=record_id,
        at=moment,
        kind=last.subject_kind,
        number=(named or last).subject,
        existed=bool(rows),
        entries=len(told),
        later=len(entries) - len(told),
        complete=bool(rows) and not any(row.unknown for row in rows),
        rows=rows,
        owner_id=owner,
        shown_to=shown,
    )


def _table_of(about: Sequence[EntryOut], record_id: UUID) -> str:
    """The table whose row the record is."""
    rows = (change.table for entry in about for change in entry.changes if str(change.id) == str(record_id))
    return next(rows, about[-1].subject_kind.replace("-", "_"))


def _of_record(replay: Replay, main: str, record_id: UUID) -> list[Key]:
    """The record's own row first, then its parts, in the order in which the log names tables."""
    own, places = str(record_id), {name: place for place, name in enumerate(TABLES)}
    parts = PARTS.get(main, ())
    found = [
        key
        for key, row in replay.rows.items()
        if key not in replay.gone
        and (key == (main, own) or (_is_part(key[0], main, parts) and own in (row.get(name) for name in _links(row))))
    ]
    born = {key: number for number, key in enumerate(replay.rows)}
    line = {key: replay.rows[key].get("line") or 0 for key in found}
    return sorted(found, key=lambda key: (key[0] != main, places.get(key[0], 99), line[key], born[key]))


def _is_part(table: str, main: str, parts: Sequence[str]) -> bool:
    return table in parts or table.startswith(f"{main}_")


def _links(row: Mapping[str, Any]) -> list[str]:
    return [name for name in row if name.endswith("_id")]


def _known(then: Then, key: Key, today: Mapping[str, Any]) -> Known:
    """The row at the moment; today's figures show what the log was never told."""
    row, doubts = {**then.later.found.get(key, {}), **then.known.rows[key]}, set(then.known.unknown[key])
    assumed: set[str] = set()
    if key[1] == today.get("id"):
        end = {**row, **then.whole.rows[key]}
        if key not in then.whole.born:
            assumed = {name for name, value in today.items() if name not in end and value not in _EMPTY}
            row, end = ({name: today[name] for name in assumed} | told for told in (row, end))
        doubts |= {name for name, value in today.items() if not _same(end.get(name), value)}
    unknown = sorted(name for name in doubts if not is_technical(name))
    values = {name: value for name, value in row.items() if name not in unknown}
    return Known(key[0], key[1], values, unknown, sorted(name for name in assumed if not is_technical(name)))


def _take_over(then: Then, key: Key, today: Mapping[str, Any], moment: datetime) -> None:
    """A record that came from elsewhere was there before the first entry that tells of it."""
    created = today.get("created_at")
    if created and key not in then.whole.born and datetime.fromisoformat(created) <= moment:
        for replay in (then.known, then.whole):
            replay.rows.setdefault(key, {"id": key[1]})
            replay.unknown.setdefault(key, set())


def _same(one: Any, other: Any) -> bool:
    """Amounts are the same whatever zeros they end with; what was never told and is empty is the same too."""
    if one in _EMPTY and other in _EMPTY:
        return True
    try:
        return one == other or Decimal(str(one)) == Decimal(str(other))
    except ArithmeticError:
        return False


_EMPTY: Final = (None, "", [], {}, False, "0", 0)


async def _today(view: View, table: str, record_id: UUID) -> dict[str, Any]:
    """Today's row as the log writes values, without what only its owner reads; empty where there is none."""
    kind = _kind(table)
    if kind is None:
        return {}
    record = await view.one(f"select * from {kind.table_name()} where id = $1", record_id)
    if record is None:
        return {}
    own = not kind.owner or record[kind.owner] == view.actor.organisation_id
    columns = [name for name in kind.column_names() if own or name not in kind.private]
    return msgspec.json.decode(canonical({name: record[name] for name in columns}))


def _kind(table: str) -> type[Row] | None:
    return next((kind for kind in Row.__subclasses__() if kind.table_name() == table), None)


def _owner(table: str) -> str:
    kind = _kind(table)
    return kind.owner if kind is not None else ""


def _id(value: Any) -> UUID | None:
    return UUID(value) if value else None
