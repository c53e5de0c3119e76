"""The first rows as they would be: each field's value, or what is wrong with it, in its place."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from portal.operations.desk.samples import Glances, Samples
from portal.operations.desk.words import PARTS as PART_NAMES
from portal.operations.desk.words import field as field_name
from portal.operations.imports.kinds import PARTS
from portal.operations.imports.mapping import Mapping, Table, Unusable
from portal.operations.imports.problems import Problem, Problems
from portal.operations.imports.rows import Translator
from portal.operations.imports.treated import Treatments
from portal.platform.decimals import plain
from portal.platform.i18n import Message

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
    shown = [_row(row, columns, [p for p in found if p.row == row["place"]]) for row in rows]
    return Preview(PART_NAMES[part], [field_name(name) for name in fields], shown)


def _row(row: dict[str, Any], columns: dict[str, str], problems: list[Problem]) -> PreviewRow:
    at = {problem.column: problem for problem in problems if problem.column in columns.values()}
    cells = [Cell(said(row[name]), at.get(column)) for name, column in columns.items()]
    return PreviewRow(row["place"], cells, [problem for problem in problems if problem.column not in at])


def said(value: Any) -> str:
    """A value as people read it; nothing is a blank."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M").removesuffix(" 00:00")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _only_not_seen(problem: Problem, cut: Iterable[str]) -> bool:
    """A row that was looked up in a file of which only the beginning is known may be there all the same."""
    return str(problem.reason.parameters.get("file", "")) in cut
