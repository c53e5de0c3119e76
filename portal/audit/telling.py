"""An entry's rows as people read them: the record before its lines, each field under its label, before and after.

Nothing is left out silently: what means nothing to a person (ids, counters, hashes) is told raw, as it is written.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from portal.audit.fields import FIELDS
from portal.audit.forms import EntryOut, RowChangeOut
from portal.audit.kinds import TABLES
from portal.audit.labels import is_technical, label
from portal.audit.values import OF, Names, Row, is_of_person, shown
from portal.platform.i18n import Message, _

_FIELD_PLACE = {name: place for place, name in enumerate(FIELDS)}
_TABLE_PLACE = {name: place for place, name in enumerate(TABLES)}


class Said(NamedTuple):
    """One field: its label, and what stood there before and after; blank where there was nothing. An `internal` one is
    read by its own organisation alone."""

    label: Message | str
    before: Any
    after: Any
    internal: bool = False


class Raw(NamedTuple):
    """A field as it is written, for whoever checks the log itself."""

    name: str
    before: Any
    after: Any


class Told(NamedTuple):
    """One row: what it is, which one, whether it came to be here, its fields in reading order, and the rest raw."""

    table: str
    heading: Message | str
    name: str
    is_new: bool
    fields: list[Said]
    raw: list[Raw]


def tell(entry: EntryOut, called: Mapping[str, Row], names: Names) -> list[Told]:
    """All rows; `called` is what each row said when it came to be, so that a changed line still has its number."""
    rows = [entry.data, *_sides(entry), *called.values()]
    common = {"currency": next((row["currency"] for row in rows if row.get("currency")), "")}
    told = [
        _told(change, {**common, **called.get(str(change.id), {})}, names, entry.subject_id) for change in entry.changes
    ]
    return sorted(told, key=lambda each: _TABLE_PLACE.get(each.table, len(TABLES)))


def said(entry: EntryOut, names: Names) -> list[tuple[Message | str, Any]]:
    """What the event itself says beside the rows, such as the reason that somebody gave."""
    known = (name for name in FIELDS if name in entry.data)
    pairs = [(label(name), shown(name, entry.data[name], entry.data, names)) for name in known]
    return [(name, value) for name, value in pairs if value != ""]


def people_of(entry: EntryOut) -> list[UUID]:
    """Whose names the entry's values are to be shown by."""
    rows = [entry.data, *_sides(entry)]
    return [UUID(each) for row in rows for name, each in row.items() if each and is_of_person(name)]


def organisations_of(entry: EntryOut) -> list[UUID]:
    wanted = ("shown_to", "organisation_id")
    return [UUID(row[name]) for row in _sides(entry) for name in wanted if row.get(name)]


def _told(change: RowChangeOut, known: Row, names: Names, subject_id: UUID) -> Told:
    before, after = change.before or {}, change.after or {}
    row = {**known, **before, **after, OF: change.table}
    columns = sorted({*before, *after}, key=lambda name: (_FIELD_PLACE.get(name, len(FIELDS)), name))
    is_subject = str(change.id) == str(subject_id)
    telling = [name for name in columns if not is_technical(name) and (name != "shown_to" or is_subject)]
    fields = [
        Said(
            label(name),
            *(shown(name, side.get(name), {**row, **side}, names) for side in (before, after)),
            internal=name in change.internal,
        )
        for name in telling
    ]
    return Told(
        table=change.table,
        heading=TABLES.get(change.table) or change.table.replace("_", " ").capitalize(),
        name=_name(row),
        is_new=change.before is None,
        fields=[each for each, name in zip(fields, telling, strict=True) if _says(each, change, name)],
        raw=[Raw(name, before.get(name), after.get(name)) for name in columns if name not in telling],
    )


def _says(field: Said, change: RowChangeOut, name: str) -> bool:
    """What is empty says nothing, and neither does a counter or a mark of a new row that still stands at none."""
    if change.before is None and (change.after or {}).get(name) in (False, "0"):
        return False
    return field.before != "" or field.after != ""


def _name(row: Row) -> str:
    place = _("Line {n}", n=row["line"]) if row.get("line") else ""
    numbered = " · ".join(row[name] for name in ("number", "title") if row.get(name))
    which = row.get("description") or row.get("full_name") or ("" if row.get("line") else numbered)
    day = next((shown(name, row[name], row, {}) for name in ("promised_date", "requested_date") if row.get(name)), "")
    return " · ".join(str(part) for part in (place, which or day) if part)


def _sides(entry: EntryOut) -> Iterable[dict[str, Any]]:
    return [side for change in entry.changes for side in (change.before, change.after) if side]
