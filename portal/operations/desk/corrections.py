"""The rows that errors keep out, and a workbook of them for people to mend and bring again.

What is kept out is a whole record: an order with all its rows when one of its lines is wrong, because half of an order
is another order. A workbook, and no CSV, because it keeps cells as they are: a text that looks like a number, a date, a
formula stays that text, whatever program opens it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from portal.operations.desk import words
from portal.operations.imports.feeds import Line
from portal.operations.imports.files import Files
from portal.operations.imports.problems import Problem
from portal.operations.imports.report import Report
from portal.operations.imports.rows import Translator
from portal.operations.imports.run import Asked, opened
from portal.operations.imports.sources import Source
from portal.operations.imports.values import Cell, Share
from portal.platform.i18n import Message, _, use_language
from portal.platform.late import Late

if TYPE_CHECKING:
    import xlsxwriter
else:
    xlsxwriter = Late("xlsxwriter")

# Which rows are one record: the name of the sort of record, and the fields that tell one from another.
RECORDS = {
    "suppliers": ("supplier", ("number",)),
    "items": ("item", ("number",)),
    "prices": ("price", ("supplier", "item", "valid_from", "minimum_quantity")),
    "orders": ("order", ("number",)),
    "lines": ("order", ("order_number",)),
    "receipts": ("receipt", ("order_number", "line")),
}
# A record of these is whole or not at all: what is added later is refused. A row that does not say whose it is could be
# of any of them, and whoever leaves it out may bring half of one.
WHOLE = ("lines", "receipts")
LONGEST_CELL = 32_767  # characters, of a workbook
LONGEST_SHEET = 31  # characters of its name
REASON = _("What is wrong")
TOGETHER = _("This row is right. It belongs to a record with another row that is not.")
Rows = Mapping[str, frozenset[int]]  # numbers of rows by the part that they are of


class Sheet(NamedTuple):
    """The rejected rows of one file or sheet: with each row's number why it was rejected."""

    read: Translator
    name: str
    reasons: dict[int, list[Message]]

    @property
    def source(self) -> Source:
        return self.read.source

    @property
    def column(self) -> str:
        """The name of the column with the reasons, which must be no column of the file's own."""
        said = str(REASON)
        while said in self.source.header:
            said += "*"
        return said

    def rows(self) -> Iterator[tuple[str, Line]]:
        for number, cells, _fields in self.read.given():
            if number in self.reasons:
                yield " ".join(dict.fromkeys(map(str, self.reasons[number]))) or str(TOGETHER), cells


class Corrections(NamedTuple):
    """The rows of an import that are kept out, and every problem that was found with them."""

    rows: Rows
    problems: list[Problem]
    parts: dict[str, Translator]
    unplaced: Mapping[str, int]  # by part: rows that do not say which record they are of, where that matters

    def and_also(self, more: "Corrections") -> "Corrections":
        parts = self.rows.keys() | more.rows.keys()
        rows = {part: self.rows.get(part, frozenset()) | more.rows.get(part, frozenset()) for part in parts}
        unplaced = {**self.unplaced, **more.unplaced}
        return Corrections(rows, [*self.problems, *more.problems], self.parts, unplaced)

    def sheets(self) -> list[Sheet]:
        """One for each file or sheet that has such rows, whatever it is made into."""
        reasons: dict[tuple[Path, str | None], dict[int, list[Message]]] = defaultdict(dict)
        readers = {_place(read): read for read in self.parts.values()}
        for part, numbers in self.rows.items():
            for number in numbers:
                reasons[_place(self.parts[part])].setdefault(number, [])
        for problem in self.problems:
            reasons[_place(self.parts[problem.part])].setdefault(problem.row, []).append(_reason(problem))
        return [
            Sheet(readers[place], _sheet_name(number, readers[place].source), found)
            for number, (place, found) in enumerate(reasons.items(), start=1)
        ]

    def left_out(self) -> dict[str, int]:
        return {part: len(numbers) for part, numbers in self.rows.items() if numbers}


def rejected(report: Report, asked: Asked) -> Corrections:
    """Every row of every record that has an error. The files are read twice, so that only these rows are remembered."""
    parts = opened(asked._replace(without={}), Files(asked.files, asked.mapping, asked.stop))
    wrong: dict[str, set[int]] = {part: set() for part in parts}
    for problem in report.errors:
        wrong[problem.part].add(problem.row)
    bad = {record for part, read in parts.items() for number, record in _records(part, read) if number in wrong[part]}
    rows = {
        part: frozenset(wrong[part] | {number for number, record in _records(part, read) if record in bad})
        for part, read in parts.items()
    }
    return Corrections(rows, list(report.errors), parts, dict(_unplaced(parts, wrong)))


def _unplaced(parts: Mapping[str, Translator], wrong: Mapping[str, set[int]]) -> Iterator[tuple[str, int]]:
    for part in WHOLE:
        if wrong.get(part):
            keys = parts[part].given(RECORDS[part][1])
            if lost := sum(number in wrong[part] and None in key for number, _cells, key in keys):
                yield part, lost


def _records(part: str, read: Translator) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The record that each row is of; a row that does not say is one of its own."""
    sort, fields = RECORDS[part]
    for number, _cells, key in read.given(fields):
        if key[0] is not None:
            yield number, (sort, *key)


def _place(read: Translator) -> tuple[Path, str | None]:
    return read.source.path, read.source.sheet


def write(sheets: Sequence[Sheet], path: Path, language: str) -> None:
    """The workbook, in the language of whoever is going to read it. Blocks while the files are read."""
    use_language(language)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        share = book.add_format({"num_format": "0.00##%"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 1)
            page.set_column(0, 0, 50)
            for place, name in enumerate([sheet.column, *sheet.source.header]):
                page.write_string(0, place, name[:LONGEST_CELL], bold)
            for number, (reason, cells) in enumerate(sheet.rows(), start=1):
                page.write_string(number, 0, reason[:LONGEST_CELL])
                for place, cell in enumerate(cells, start=1):
                    _write(page, number, place, cell, share if isinstance(cell, Share) else day)


def _write(page: Any, row: int, place: int, cell: Cell | None, shown: Any) -> None:
    if isinstance(cell, Decimal):
        page.write_number(row, place, cell, *([shown] if isinstance(cell, Share) else []))
    elif isinstance(cell, datetime):
        page.write_datetime(row, place, cell.replace(tzinfo=None), shown)
    elif cell:
        page.write_string(row, place, cell[:LONGEST_CELL])


def _reason(problem: Problem) -> Message:
    if not problem.column:
        return problem.reason
    return _("{column}: {reason}", column=words.column(problem.part, problem.column), reason=problem.reason)


def _sheet_name(number: int, source: Source) -> str:
    """A name that no program refuses; its number keeps two apart that begin alike."""
    said = "".join(letter for letter in (source.sheet or source.path.stem) if letter not in "[]:*?/\\'")
    return f"{number} {said}"[:LONGEST_SHEET].strip()
