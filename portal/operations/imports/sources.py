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
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple, TextIO

from portal.operations.imports.encodings import is_wide, marked, national, shown
from portal.operations.imports.headers import Row, first_rows, header_of, names, says_something
from portal.operations.imports.mapping import Format, Unusable
from portal.operations.imports.sheets import LONGEST_CELL, Sheets
from portal.operations.imports.values import Cell
from portal.operations.imports.workbooks import require_harmless
from portal.platform.i18n import _

LARGEST = 200_000_000  # bytes
MOST_COLUMNS = 1_000
LONGEST_LINE = 1_000_000  # characters without a line break
LONGEST_CODED = 10_000_000  # bytes of a line that is looked at for its encoding
CHUNK = 1 << 20
BEGINNING = 1 << 16  # bytes by which the encoding and the delimiter are guessed
DELIMITERS = ",;\t|"
LINES = 30  # by which the delimiter is guessed
WORKBOOK = b"PK\x03\x04"


class Source(NamedTuple):
    """A file that was looked at once: its name and hash stay with every record that comes from it."""

    path: Path
    sha256: str
    encoding: str  # empty for a workbook
    delimiter: str
    sheet: str | None
    header: tuple[str, ...]
    lines: int  # about how many rows there are
    sheets: Sheets | None = None  # that were opened already
    at: int = 0  # the number of the header's row
    top: tuple[Row, ...] = ()  # the first rows that say something, the header among them

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
        header = _cut(list(self.header))
        for number, row in enumerate(self.cells(), start=1):
            if number <= self.at or not says_something(row):
                continue
            if str(row[0]).strip() == header[0] and _cut(names(row)) == header:
                again()
            else:
                yield number, row

    def cells(self) -> Iterator[list[Cell]]:
        """All rows, also those above the header; of a workbook those of the first sheet if none is named."""
        if self.encoding:
            return _csv(self.path, self.encoding, self.delimiter)
        return (self.sheets or Sheets()).opened(self.path, self.sheet).rows()


class _Scan(NamedTuple):
    sha256: str
    utf8: bool
    lines: int


def look(
    path: Path, written: Format, sheet: str | None = None, sheets: Sheets | None = None, header: int | None = None
) -> Source:
    """Open a file and read its header, which is in the row of this number if one is given; raises Unusable."""
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
        if encoding.startswith("utf-8") and not scan.utf8:
            raise _undecodable(path, encoding)
        delimiter = written.delimiter or _delimiter(start.decode(encoding, errors="ignore"))
    found = Source(path, scan.sha256, encoding, delimiter, sheet, (), scan.lines, sheets)
    if not encoding:
        found = found._replace(lines=sheets.opened(path, sheet).height)
    return headed(found, first_rows(found.cells()), header)


def headed(source: Source, top: Sequence[Row], chosen: int | None) -> Source:
    """The source with its header, of the first rows; raises Unusable for a table without any."""
    row = header_of(top, chosen)
    if row is None and chosen is not None:
        raise Unusable(_("{file} has no header in row {row}.", file=source.name, row=chosen))
    at, cells = row or (0, [])
    header = tuple(names(cells))
    _require_header(source.path, header)
    return source._replace(header=header, at=at, top=tuple(top))


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


def _undecodable(path: Path, encoding: str) -> Unusable:
    """Why a file cannot be read in this encoding: with the first line that is not in it, where lines can be told."""
    if not is_wide(encoding):
        with path.open("rb") as file:
            for number, line in enumerate(iter(partial(file.readline, LONGEST_CODED), b""), start=1):
                try:
                    line.decode(encoding)
                except UnicodeError:
                    return Unusable(
                        _(
                            "Line {line} of {file} is not written in {encoding}. Choose another encoding, or mend that "
                            "line.",
                            line=number, file=path.name, encoding=shown(encoding),
                        )
                    )  # fmt: skip
    return Unusable(
        _("{file} is not written in {encoding}, or ends too early.", file=path.name, encoding=shown(encoding))
    )


def _names_delimiter(row: list[str]) -> bool:
    """Whether this is no row but `sep=;`, by which spreadsheet programs are told; they do not show it."""
    return row[:1] != [] and row[0].strip('\ufeff"').lower().startswith("sep=") and not any(row[1:])


def _delimiter(start: str) -> str:
    """The one that the file names; else the candidate that most of the first lines have equally often outside of
    quotes: a title above the table has none."""
    if named := re.match('\ufeff?"?sep=([,;\t|])"?[\r\n]', start, re.IGNORECASE):
        return named[1]
    lines = ["".join(line.split('"')[::2]) for line in start.splitlines()[:LINES] if line.strip()]
    return max(DELIMITERS, key=lambda candidate: _evenly(candidate, lines))


def _evenly(delimiter: str, lines: list[str]) -> tuple[int, int]:
    """How many lines have it equally often, and how often they have it altogether."""
    counted = Counter(count for line in lines if (count := line.count(delimiter)))
    return max(counted.values(), default=0), sum(count * times for count, times in counted.items())


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
        except UnicodeError as error:
            raise _undecodable(path, encoding) from error
        except csv.Error as error:
            line = reader.line_num or 1
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
