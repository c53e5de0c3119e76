"""The first rows as they would be: each field's value, or what is wrong with it, in its place."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from portal.operations.desk.mapping_form.sorts import YES_NO
from portal.operations.desk.samples import Glances, Samples
from portal.operations.desk.words import PARTS as PART_NAMES
from portal.operations.desk.words import field as field_name
from portal.operations.imports.kinds import PARTS, Part
from portal.operations.imports.mapping import Mapping, Table, Unusable
from portal.operations.imports.problems import Problem, Problems
from portal.operations.imports.rows import Translator
from portal.operations.imports.treated import Treatments
from portal.operations.imports.values import Came
from portal.platform.i18n import Message
from portal.web.formats import day, quantity
from portal.web.looks import look

ROWS = 20


class Cell(NamedTuple):
    """A field of a row: what it would be, and what is wrong with it."""

    value: str
    problem: Problem | None = None


class PreviewRow(NamedTuple):
    """A row with its number in the file; `problems` are those that are of no field of their own."""

    number: int
    cells: list[Cell]
    problems: list[Problem]


class Preview(NamedTuple):
    """The first rows of one part; or why the mapping cannot be used with its file at all."""

    title: Message
    columns: list[Message | str]
    rows: list[PreviewRow]
    refusal: Message | str | None = None


def previews(mapping: Mapping, kind: str, glances: Glances) -> list[Preview]:
    """One for each part of the kind."""
    try:
        tables = mapping.parts(kind)
    except Unusable as refusal:
        return [unusable(kind, refusal)]
    return [_preview(part, table, mapping, glances) for part, table in tables.items()]


def unusable(kind: str, refusal: Unusable) -> Preview:
    """What stands where the first rows of a kind would."""
    return Preview(PART_NAMES.get(kind, Message(kind)), [], [], refusal.message)


def _preview(part: str, table: Table, mapping: Mapping, glances: Glances) -> Preview:
    files = Samples(glances, mapping)
    try:
        translator = Translator(PARTS[part], table, mapping, files)
        problems = Problems()
        rows = list(islice(translator.rows(problems, Treatments()), ROWS))
    except Unusable as refusal:
        return Preview(PART_NAMES[part], [], [], refusal.message)
    fields = [name for name in PARTS[part].fields if name in translator.mapped]
    cut = {join.file for join in table.joins if files.cut(join.file)}
    found = [problem for problem in problems.errors if not _only_not_seen(problem, cut)]
    columns = {name: translator.column_of(name) for name in fields}
    rows.sort(key=lambda row: row["place"])  # records that are put together come after those that cannot be
    show = partial(_shown, PARTS[part], ZoneInfo(mapping.format.time_zone))
    shown = [_row(row, columns, [p for p in found if p.row == row["place"]], show) for row in rows]
    return Preview(PART_NAMES[part], [field_name(name) for name in fields], shown)


def _row(
    row: dict[str, Any], columns: dict[str, str], problems: list[Problem], show: Callable[[str, Any], str]
) -> PreviewRow:
    at = {problem.column: problem for problem in problems if problem.column in columns.values()}
    cells = [Cell(show(name, row[name]), at.get(column)) for name, column in columns.items()]
    return PreviewRow(row["place"], cells, [problem for problem in problems if problem.column not in at])


def _shown(part: Part, zone: ZoneInfo, name: str, value: Any) -> str:
    """A value as its reader writes it: a day is that of the mapping's time zone, as the source meant it; nothing is a
    blank."""
    if value is None:
        return ""
    if isinstance(part.fields[name].kind, tuple):
        return str(look(value).label)
    if isinstance(value, Decimal):
        return str(quantity(value))
    if isinstance(value, datetime):
        return _moment(value.astimezone(zone), part.fields[name].kind is Came)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, bool):
        return str(dict(YES_NO)["true" if value else "false"])
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _moment(local: datetime, came: bool) -> str:
    """A day without a time has none: at midnight, and of goods, whose days stand for their noon."""
    unsaid = time(12) if came else time(0)
    return day(local.date()) if local.time() in (unsaid, time(0)) else f"{day(local.date())} {local:%H:%M}"


def _only_not_seen(problem: Problem, cut: Iterable[str]) -> bool:
    """A row that was looked up in a file of which only the beginning is known may be there all the same."""
    return str(problem.reason.parameters.get("file", "")) in cut
