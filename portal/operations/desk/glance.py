"""A glance at a file: what it is, its header, its first rows, taken by a process of its own.

`python -m portal.operations.desk.glance PATH ENCODING DELIMITER` prints a `Glance` or a `Refused` as JSON. The process
knows no database and no secret, and has a bound on memory and on time: a file that lies about itself ends there.
"""

import resource
import sys
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from portal.operations.imports.mapping import Format, Unusable
from portal.operations.imports.sources import Source, look
from portal.operations.imports.values import Cell, Share
from portal.platform.i18n import Message

MEMORY = 3 * 1024**3  # bytes of address space
ROWS = 500
SAMPLE = 200_000  # characters of cells
LONGEST = 300  # characters of a cell
MOST_SHEETS = 8


class Seen(msgspec.Struct, frozen=True):
    """A sheet, or a whole CSV file: `rows` are the first ones with their numbers, all of them if `whole`."""

    name: str | None
    header: tuple[str, ...]
    rows: list[tuple[int, list[Any]]]
    lines: int
    whole: bool
    at: int = 0  # the number of the header's row
    top: list[tuple[int, list[Any]]] = []  # the first rows of all, the header among them


class Glance(msgspec.Struct, frozen=True, tag="glance"):
    """What a file looks like; encoding and delimiter are empty for a workbook."""

    sha256: str
    encoding: str
    delimiter: str
    sheets: list[Seen]
    asked: tuple[str, str] = ("", "")  # the encoding and the delimiter that it was to be read with, if any

    def sheet(self, name: str | None) -> Seen | None:
        """The sheet of this name, the first one if none is named."""
        return next((sheet for sheet in self.sheets if name is None or sheet.name == name), None)


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """Why the file cannot be used: a sentence that is still to be translated."""

    text: str
    parameters: dict[str, str]


def glance(path: Path, written: Format) -> Glance:
    """Look at a file; raises Unusable."""
    first = look(path, written)
    if first.encoding:
        asked = (written.encoding or "", written.delimiter or "")
        return Glance(first.sha256, first.encoding, first.delimiter, [_seen(first)], asked)
    sheets = [_seen(look(path, written, name)) for name in _names(path)[:MOST_SHEETS] if _has_header(path, name)]
    return Glance(first.sha256, "", "", sheets)


def cell_of(kept: Any) -> Cell:
    """A cell as the file had it: text, a number, or a moment."""
    if isinstance(kept, str):
        return kept
    kind, said = kept
    return datetime.fromisoformat(said) if kind == "t" else Share(said) if kind == "p" else Decimal(said)


def _kept(cell: Cell) -> Any:
    if isinstance(cell, str):
        return cell[:LONGEST]
    if isinstance(cell, datetime):
        return ["t", cell.isoformat()]
    return ["p" if isinstance(cell, Share) else "n", str(cell)]


def _seen(source: Source) -> Seen:
    found: list[tuple[int, list[Any]]] = []
    top = [(number, [_kept(cell) for cell in cells]) for number, cells in source.top]
    left, rows = SAMPLE - _letters(top), source.rows()
    for number, cells in islice(rows, ROWS):
        row = (number, [_kept(cell) for cell in cells])
        left -= _letters([row])
        if left < 0:
            return Seen(source.sheet, source.header, found, source.lines, False, source.at, top)
        found.append(row)
    whole = next(rows, None) is None
    return Seen(source.sheet, source.header, found, source.lines, whole, source.at, top)


def _letters(rows: list[tuple[int, list[Any]]]) -> int:
    return sum(len(str(cell)) for _number, row in rows for cell in row)


def _names(path: Path) -> list[str]:
    import python_calamine

    with python_calamine.CalamineWorkbook.from_path(path) as book:
        return list(book.sheet_names)


def _has_header(path: Path, sheet: str) -> bool:
    """Sheets without a table are passed over; a workbook without any was refused by its first sheet."""
    try:
        look(path, Format(), sheet)
    except Unusable:
        return False
    return True


def _told(refusal: Unusable) -> Refused:
    message = refusal.message
    if not isinstance(message, Message):
        return Refused(str(message), {})
    return Refused(message.text, {name: str(value) for name, value in message.parameters.items()})


def _limited() -> None:
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _arguments(given: list[str]) -> Iterator[Any]:
    path, encoding, delimiter = given
    yield Path(path)
    yield Format(encoding=encoding or None, delimiter=delimiter or None)


def main() -> None:
    _limited()
    try:
        seen: Any = glance(*_arguments(sys.argv[1:]))
    except Unusable as refusal:
        seen = _told(refusal)
    sys.stdout.buffer.write(msgspec.json.encode(seen))


if __name__ == "__main__":
    main()
