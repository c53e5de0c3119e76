"""Opening the files: CSV in whatever encoding and with whatever delimiter, or a sheet of an XLSX workbook.

A first pass over the bytes gives the SHA-256 that every migrated record names, finds out the encoding and refuses NUL;
the second gives cells, row by row, so that a text of any length takes the memory of one row. A sheet is in memory as a
whole, as large as `workbooks` allows; so are rows to look up (`joins`) and records of several rows (`records`). What is
no table at all is refused here with one sentence; what is wrong with a row is for `rows` to say.
"""

import codecs
import csv
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import python_calamine as calamine

from portal.operations.imports.encodings import is_wide, marked, national
from portal.operations.imports.mapping import Format, Unusable
from portal.operations.imports.values import Cell
from portal.operations.imports.workbooks import require_harmless
from portal.platform.i18n import _

LARGEST = 200_000_000  # bytes
MOST_COLUMNS = 1_000
LONGEST_CELL = 100_000  # characters
LONGEST_LINE = 1_000_000  # characters without a line break
CHUNK = 1 << 20
BEGINNING = 1 << 16  # bytes by which the encoding and the delimiter are guessed
DELIMITERS = ",;\t|"
MOST_SHEETS = 2  # of workbooks in memory
WORKBOOK = b"PK\x03\x04"

Row = tuple[int, list[Cell]]  # the row's number as a spreadsheet shows it (the header is 1), and its cells


class Source(NamedTuple):
    """A file that was looked at once: its name and hash stay with every record that comes from it."""

    path: Path
    sha256: str
    encoding: str  # empty for a workbook
    delimiter: str
    sheet: str | None
    header: tuple[str, ...]
    lines: int  # about how many rows there are
    sheets: "Sheets | None" = None  # that were opened already

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def names(self) -> tuple[str, ...]:
        """The columns as mappings call them: of several with one name the second is `Name#2`, and so on."""
        seen: Counter[str] = Counter()
        taken, found = {*self.header}, []
        for name in self.header:
            seen[name] += 1
            told = name if seen[name] == 1 else f"{name}#{seen[name]}"
            found.append(told if seen[name] == 1 or told not in taken else "")
        return tuple(name if header else "" for name, header in zip(found, self.header, strict=True))

    def rows(self, again: Callable[[], None] = lambda: None) -> Iterator[Row]:
        """The rows after the header; blank rows and repetitions of the header are passed over, of the latter `again` is
        told."""
        header, begun = _cut(list(self.header)), False
        for number, row in enumerate(self.cells(), start=1):
            if not _says_something(row):
                continue
            if not (str(row[0]).strip() == header[0] and _cut(_plain(row)) == header):
                yield number, row
            elif begun:
                again()
            begun = True

    def cells(self) -> Iterator[list[Cell]]:
        return _csv(self.path, self.encoding, self.delimiter) if self.encoding else self._of_sheet()

    def _of_sheet(self) -> Iterator[list[Cell]]:
        """The cells of a sheet, the first one if none is named. Formulas come as the values they had when it was
        saved."""
        for row in (self.sheets or Sheets()).opened(self.path, self.sheet).iter_rows():
            if any(len(cell) > LONGEST_CELL for cell in row if isinstance(cell, str)):
                raise Unusable(_("{file} holds a text that is longer than any cell.", file=self.name))
            yield [_native(cell) for cell in row]


class Sheets:
    """The sheets that one part after the other reads: the two that were asked for last stay in memory, as long as
    this does."""

    def __init__(self) -> None:
        self._open: dict[tuple[Path, str | None], calamine.CalamineSheet] = {}

    def opened(self, path: Path, sheet: str | None) -> calamine.CalamineSheet:
        """Raises Unusable for what is no workbook, or has no such sheet."""
        found = self._open.pop((path, sheet), None) or _read(path, sheet)
        for old in list(self._open)[: -MOST_SHEETS + 1 or None]:
            del self._open[old]
        self._open[path, sheet] = found
        return found


class _Scan(NamedTuple):
    sha256: str
    utf8: bool
    lines: int


def look(path: Path, written: Format, sheet: str | None = None, sheets: Sheets | None = None) -> Source:
    """Open a file and read its header; raises Unusable."""
    sheets = sheets or Sheets()
    try:
        if path.stat().st_size > LARGEST:
            raise Unusable(_("{file} is larger than 200 MB. Split it.", file=path.name))
        with path.open("rb") as file:
            start = file.read(BEGINNING)
        if start.startswith(WORKBOOK):
            require_harmless(path, MOST_COLUMNS)
        else:
            _require_text(path, written.encoding or marked(start))
        scan = _scan(path)
    except OSError as error:
        raise Unusable(_("{file} cannot be read: {why}.", file=path.name, why=error.strerror)) from error
    encoding = delimiter = ""
    if not start.startswith(WORKBOOK):
        encoding = written.encoding or marked(start) or ("utf-8" if scan.utf8 else national(start))
        delimiter = written.delimiter or _delimiter(start.decode(encoding, errors="ignore"))
    found = Source(path, scan.sha256, encoding, delimiter, sheet, (), scan.lines, sheets)
    if not encoding:
        found = found._replace(lines=sheets.opened(path, sheet).height)
    header = tuple(_plain(next(filter(_says_something, found.cells()), [])))
    _require_header(path, header)
    return found._replace(header=header)


def _plain(row: list[Cell]) -> list[str]:
    """The names in a header row; a byte order mark that the mapping's encoding left over is none of them."""
    return [str(cell).strip("\ufeff \t\r\n") for cell in row]


def _says_something(row: list[Cell]) -> bool:
    return any(cell and str(cell).strip() for cell in row)


def _cut(names: list[str]) -> list[str]:
    """Without the empty ones at the end."""
    return names[: max((place for place, name in enumerate(names, start=1) if name), default=0)]


def _scan(path: Path) -> _Scan:
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    utf8, lines = True, 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            lines += chunk.count(b"\n")
            if utf8:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    utf8 = False
    return _Scan(digest.hexdigest(), utf8, lines)


def _require_text(path: Path, encoding: str | None) -> None:
    """No NUL bytes, unless they are ordinary in the encoding. Asked first: it takes the least time."""
    try:
        wide = encoding is not None and is_wide(encoding)
        "Nr;1".encode(encoding or "utf-8").decode(encoding or "utf-8", errors="ignore")
    except (LookupError, ValueError) as error:
        raise Unusable(_("The mapping names an unknown encoding: {encoding}.", encoding=encoding)) from error
    with path.open("rb") as file:
        while not wide and (chunk := file.read(CHUNK)):
            if b"\0" in chunk:
                raise Unusable(
                    _(
                        "{file} is no table that can be read. Save it as CSV or XLSX; if it is a text in a rare "
                        "encoding, choose the encoding.",
                        file=path.name,
                    )
                )


def _names_delimiter(row: list[str]) -> bool:
    """Whether this is no row but `sep=;`, by which spreadsheet programs are told; they do not show it."""
    return row[:1] != [] and row[0].strip('\ufeff"').lower().startswith("sep=") and not any(row[1:])


def _delimiter(start: str) -> str:
    """The one that the file names; else the candidate that the first line has most often outside of quotes."""
    if named := re.match('\ufeff?"?sep=([,;\t|])"?[\r\n]', start, re.IGNORECASE):
        return named[1]
    outside = "".join(start.partition("\n")[0].split('"')[::2])
    counted = Counter(character for character in outside if character in DELIMITERS)
    return max(DELIMITERS, key=lambda candidate: counted[candidate])


def _require_header(path: Path, header: tuple[str, ...]) -> None:
    if not any(header):
        raise Unusable(_("{file} has no header row that names its columns.", file=path.name))
    if len(header) > MOST_COLUMNS:
        raise _too_wide(path)


def _csv(path: Path, encoding: str, delimiter: str) -> Iterator[list[Cell]]:
    csv.field_size_limit(LONGEST_CELL)
    wide = is_wide(encoding)
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(_lines(file, path, delimiter), delimiter=delimiter, strict=True)
        try:
            for row in reader:
                if reader.line_num == 1 and _names_delimiter(row):
                    continue
                if len(row) > MOST_COLUMNS:
                    raise _too_wide(path)
                if wide and any("\0" in cell for cell in row):
                    raise csv.Error("NUL")
                yield list(row)
        except (csv.Error, UnicodeError) as error:
            line = reader.line_num
            raise Unusable(
                _("{file} cannot be read near line {line}: {why}.", file=path.name, line=line, why=error)
            ) from error


def _lines(file: TextIO, path: Path, delimiter: str) -> Iterator[str]:
    """The lines of a text, none of which takes the memory of a whole file."""
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            if line.count(delimiter) >= MOST_COLUMNS:
                raise _too_wide(path)
            raise csv.Error(str(_("a line is longer than {most} characters", most=f"{LONGEST_LINE:,}")))
        yield line


def _too_wide(path: Path) -> Unusable:
    return Unusable(_("{file} has more than {most} columns.", file=path.name, most=MOST_COLUMNS))


def _read(path: Path, sheet: str | None) -> calamine.CalamineSheet:
    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            return book.get_sheet_by_name(sheet) if sheet else book.get_sheet_by_index(0)
    except (calamine.CalamineError, OSError) as error:
        raise Unusable(_("{file} cannot be read as a workbook: {why}.", file=path.name, why=error)) from error


def _native(cell: Any) -> Cell:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and not isfinite(cell):
        return repr(cell)  # more than a number can be: whoever reads it says so
    if isinstance(cell, float | int):
        return Decimal(repr(cell)) if cell != int(cell) else Decimal(int(cell))
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 the mapping's time zone is added when it is read
    return str(cell) if isinstance(cell, time | timedelta) else cell
