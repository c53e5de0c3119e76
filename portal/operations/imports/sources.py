"""Opening the files: CSV in whatever encoding and with whatever delimiter, or a sheet of an XLSX workbook.

A first pass over the bytes gives the SHA-256 that every migrated record names, finds out the encoding and refuses NUL;
the second gives cells, row by row, so that a file of any length takes the memory of one row. What is no table at all is
refused here with one sentence; what is wrong with a row is for `rows` to say.
"""

import codecs
import csv
import hashlib
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import python_calamine as calamine

from portal.operations.imports.mapping import Format, Unusable
from portal.operations.imports.values import Cell
from portal.platform.i18n import _

LARGEST = 200_000_000  # bytes
LARGEST_WORKBOOK = 1_000_000_000  # bytes once it is unpacked
MOST_COLUMNS = 1_000
LONGEST_CELL = 100_000  # characters
CHUNK = 1 << 20
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DELIMITERS = ",;\t|"
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

    def rows(self) -> Iterator[Row]:
        """The rows after the header; blank rows and repetitions of the header are passed over."""
        header = _cut(list(self.header))
        for number, row in enumerate(self.cells(), start=1):
            if _says_something(row) and not (str(row[0]).strip() == header[0] and _cut(_plain(row)) == header):
                yield number, row

    def cells(self) -> Iterator[list[Cell]]:
        return _csv(self.path, self.encoding, self.delimiter) if self.encoding else _sheet(self.path, self.sheet)


class _Scan(NamedTuple):
    sha256: str
    utf8: bool
    nul: bool
    lines: int


def look(path: Path, written: Format, sheet: str | None = None) -> Source:
    """Open a file and read its header; raises Unusable."""
    try:
        if path.stat().st_size > LARGEST:
            raise Unusable(_("{file} is larger than 200 MB. Split it.", file=path.name))
        with path.open("rb") as file:
            start = file.read(4096)
        scan = _scan(path)
    except OSError as error:
        raise Unusable(_("{file} cannot be read: {why}.", file=path.name, why=error.strerror)) from error
    encoding = delimiter = ""
    if not start.startswith(WORKBOOK):
        encoding = written.encoding or _encoding(start, scan.utf8)
        _require_text(path, encoding, scan)
        delimiter = written.delimiter or _delimiter(start.decode(encoding, errors="ignore"))
    found = Source(path, scan.sha256, encoding, delimiter, sheet, (), scan.lines)
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
    utf8, nul, lines = True, False, 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            nul = nul or b"\0" in chunk
            lines += chunk.count(b"\n")
            if utf8:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    utf8 = False
    return _Scan(digest.hexdigest(), utf8, nul, lines)


def _encoding(start: bytes, utf8: bool) -> str:
    """What the byte order mark says, else UTF-8 if it is, else what Windows wrote before UTF-8."""
    marked = next((name for mark, name in MARKS if start.startswith(mark)), None)
    return marked or ("utf-8" if utf8 else "cp1252")


def _require_text(path: Path, encoding: str, scan: _Scan) -> None:
    try:
        wide = _is_wide(encoding)
    except LookupError as error:
        raise Unusable(_("The mapping names an unknown encoding: {encoding}.", encoding=encoding)) from error
    if scan.nul and not wide:
        raise Unusable(
            _("{file} holds NUL bytes, so it is no text, or one whose encoding the mapping must name.", file=path.name)
        )


def _is_wide(encoding: str) -> bool:
    """Whether NUL bytes are ordinary in it."""
    return codecs.lookup(encoding).name.startswith(("utf-16", "utf-32"))


def _delimiter(start: str) -> str:
    """The candidate that the first line has most often outside of quotes."""
    outside = "".join(start.partition("\n")[0].split('"')[::2])
    counted = Counter(character for character in outside if character in DELIMITERS)
    return max(DELIMITERS, key=lambda candidate: counted[candidate])


def _require_header(path: Path, header: tuple[str, ...]) -> None:
    if not any(header):
        raise Unusable(_("{file} has no header row that names its columns.", file=path.name))
    if len(header) > MOST_COLUMNS:
        raise Unusable(_("{file} has more than {most} columns.", file=path.name, most=MOST_COLUMNS))


def _csv(path: Path, encoding: str, delimiter: str) -> Iterator[list[Cell]]:
    csv.field_size_limit(LONGEST_CELL)
    wide = _is_wide(encoding)
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            for row in reader:
                if len(row) > MOST_COLUMNS:
                    raise Unusable(_("{file} has more than {most} columns.", file=path.name, most=MOST_COLUMNS))
                if wide and any("\0" in cell for cell in row):
                    raise csv.Error("NUL")
                yield list(row)
        except (csv.Error, UnicodeError) as error:
            line = reader.line_num
            raise Unusable(
                _("{file} cannot be read near line {line}: {why}.", file=path.name, line=line, why=error)
            ) from error


def _sheet(path: Path, sheet: str | None) -> Iterator[list[Cell]]:
    """The cells of a sheet, the first one if none is named. Formulas come as the values they had when it was saved."""
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > LARGEST_WORKBOOK:
                raise Unusable(_("{file} unpacks to more than 1 GB.", file=path.name))
        with calamine.CalamineWorkbook.from_path(path) as book:
            found = book.get_sheet_by_name(sheet) if sheet else book.get_sheet_by_index(0)
            if found.width > MOST_COLUMNS:
                raise Unusable(_("{file} has more than {most} columns.", file=path.name, most=MOST_COLUMNS))
            for row in found.iter_rows():
                yield [_native(cell) for cell in row]
    except (calamine.CalamineError, zipfile.BadZipFile, OSError) as error:
        raise Unusable(_("{file} cannot be read as a workbook: {why}.", file=path.name, why=error)) from error


def _native(cell: Any) -> Cell:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float | int):
        return Decimal(repr(cell)) if cell != int(cell) else Decimal(int(cell))
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 the mapping's time zone is added when it is read
    return str(cell) if isinstance(cell, time | timedelta) else cell.replace("\0", "")
