"""What the page shows of a mapping's form: the parts with their files, a row for each field with what it may choose."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from portal.operations.desk import words
from portal.operations.desk.mapping_form.reading import text_of
from portal.operations.desk.mapping_form.sorts import Sort, sort_of
from portal.operations.desk.mapping_form.writing import COLUMN, CONSTANT, KEPT, MORE_COLUMNS, is_simple
from portal.operations.desk.samples import Sample, below, example, values
from portal.operations.imports.kinds import PARTS
from portal.operations.imports.mapping import Field, Table, Unusable
from portal.operations.imports.mapping import Mapping as Whole
from portal.operations.imports.values import Cell, text
from portal.platform.i18n import Message, _

MOST_EXAMPLE, MOST_HEADER = 40, 60  # characters


class FieldRow(NamedTuple):
    """A field on the page: its choices, an example of what its column holds, and the rows of its map and rules."""

    path: str
    title: Message | str
    is_required: bool
    sort: Sort
    options: list[tuple[str, Message | str]]
    example: str
    maps: list[tuple[str, str]]
    rules: list[tuple[str, str, str]]
    is_open: bool
    fills: bool  # an empty cell says what the row above says
    more: list[tuple[str, list[tuple[str, str]]]]  # boxes for further columns: what each says, and what it may say


class PartSheet(NamedTuple):
    """A part on the page: the file it is read from, and its fields, the needed ones first."""

    part: str
    title: Message
    files: list[tuple[str, str]]
    headers: list[tuple[str, Message]]  # rows that may name the columns
    fields: list[FieldRow]
    unused: list[str]


def sheets(typed: Mapping[str, str], mapping: Whole, kind: str, sources: Sequence[Sample]) -> list[PartSheet]:
    """All parts of the kind, with what is typed now."""
    found = [_sheet(part, table, typed, sources) for part, table in mapping.parts(kind).items()]
    used = {place.removeprefix(COLUMN) for place in typed.values() if place.startswith(COLUMN)}
    last = {typed.get(f"{sheet.part}.source", ""): sheet.part for sheet in found}
    return [
        sheet._replace(
            unused=[name for name in sheet.unused if name not in used] if sheet.part in last.values() else []
        )
        for sheet in found
    ]


def _sheet(part: str, table: Table, typed: Mapping[str, str], sources: Sequence[Sample]) -> PartSheet:
    source, plans = _source(part, typed, sources), table.plans()
    rows = [_row(part, name, plans.get(name), typed, source) for name in _ordered(part)]
    unused = [name for name in source.names if name] if source is not None else []
    files = [(str(number), " · ".join(filter(None, (each.name, each.sheet)))) for number, each in enumerate(sources)]
    return PartSheet(part, words.PARTS[part], files, _headers(source), rows, unused)


def _headers(source: Sample | None) -> list[tuple[str, Message]]:
    top = source.top if source is not None else ()
    return [(str(number), _("Row {row}: {cells}", row=number, cells=_beginning(cells))) for number, cells in top]


def _beginning(cells: Sequence[Cell]) -> str:
    said = " · ".join(shown for cell in cells if (shown := text(cell)))
    return said if len(said) <= MOST_HEADER else said[:MOST_HEADER] + "…"


def _source(part: str, typed: Mapping[str, str], sources: Sequence[Sample]) -> Sample | None:
    chosen = typed.get(f"{part}.source", "")
    known = chosen.isdecimal() and len(chosen) < 4 and int(chosen) < len(sources)
    if not known:
        return None
    source, at = sources[int(chosen)], typed.get(f"{part}.header", "")
    try:
        return below(source, int(at) if at.isdecimal() and len(at) < 7 else None)
    except Unusable:
        return source


def one_row(
    path: str, typed: Mapping[str, str], mapping: Whole, kind: str, sources: Sequence[Sample]
) -> FieldRow | None:
    """One field's row alone, for a page that asks for it when its column was changed."""
    part, _dot, name = path.partition(".")
    table = mapping.parts(kind).get(part)
    if table is None or name not in PARTS[part].fields:
        return None
    return _row(part, name, table.plans().get(name), typed, _source(part, typed, sources))


def _ordered(part: str) -> list[str]:
    return sorted(PARTS[part].fields, key=lambda name: not PARTS[part].fields[name].required)


def _row(part: str, name: str, plan: Field | None, typed: Mapping[str, str], source: Sample | None) -> FieldRow:
    path, sort = f"{part}.{name}", sort_of(part, name)
    place = typed.get(f"{path}.from", "")
    column = place.removeprefix(COLUMN) if place.startswith(COLUMN) else ""
    shown = example(source, text_of(path, typed, place)) if source is not None and column else ""
    maps = _maps(path, sort, typed, values(source, column) if source is not None and column else [])
    rules = [*_rules(path, typed), ("", "", "")]
    said = (
        any(
            typed.get(f"{path}.{box}")
            for box in ("prefix", "dates", "times", "and.0", "and.1", "split", "like", "fill")
        )
        or len(rules) > 1
    )
    unclear = any(not ours for _theirs, ours in maps)
    is_open = said or bool(maps and unclear) or place == CONSTANT
    return FieldRow(
        path, words.field(name), PARTS[part].fields[name].required, sort, _options(plan, column, source),
        shown[:MOST_EXAMPLE], maps, rules, is_open, bool(typed.get(f"{path}.fill")), list(_more(path, typed, source)),
    )  # fmt: skip


def _options(plan: Field | None, column: str, source: Sample | None) -> list[tuple[str, Message | str]]:
    options: list[tuple[str, Message | str]] = [("", _("– not in the file –")), (CONSTANT, _("The same for all rows"))]
    if plan is not None and plan.sources and not is_simple(plan):
        options.append((KEPT, _("As the mapping says: {columns}", columns=" + ".join(plan.sources))))
    names = [name for name in source.names if name] if source is not None else []
    if column and column not in names:
        names.append(column)
    return [*options, *((COLUMN + name, name) for name in names)]


def _more(path: str, typed: Mapping[str, str], source: Sample | None) -> Iterable[tuple[str, list[tuple[str, str]]]]:
    names = [name for name in source.names if name] if source is not None else []
    for number in range(MORE_COLUMNS):
        said = typed.get(f"{path}.and.{number}", "")
        column = said.removeprefix(COLUMN)
        yield said, [(COLUMN + name, name) for name in (*names, *([column] if column and column not in names else []))]


def _maps(path: str, sort: Sort, typed: Mapping[str, str], found: Iterable[str]) -> list[tuple[str, str]]:
    """Their words with ours: those of the mapping, and those in the file that are no value as they stand."""
    known = dict(_pairs(path, typed))
    if not sort.is_coded:
        return list(known.items())
    words_ = list(found)
    if known or not all(map(sort.takes, words_)):
        known = {word: word if sort.takes(word) else "" for word in words_} | known
    return [*known.items(), ("", "")] if known else []


def _pairs(path: str, typed: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    number = 0
    while (theirs := typed.get(f"{path}.map.{number}.theirs")) is not None:
        if theirs:
            yield theirs, typed.get(f"{path}.map.{number}.ours", "")
        number += 1


def _rules(path: str, typed: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    number: Any = 0
    while (text := typed.get(f"{path}.rules.{number}.text")) is not None:
        if text:
            yield text, typed.get(f"{path}.rules.{number}.what", ""), typed.get(f"{path}.rules.{number}.to", "")
        number += 1
