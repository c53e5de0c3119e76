"""Looking into a workbook before it is opened: what would take the memory or the time of the process is refused.

A workbook is a ZIP archive of XML. Every part of it is unpacked here, in pieces, and counted against what its directory
declares; nothing is kept. Whoever opens it then can rely on this: it has the size it says, no sheet is larger than a
table may be, no text longer than a cell may be, no texts that multiply themselves, and no formula that nobody
ever worked out.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from portal.operations.imports.mapping import Unusable
from portal.operations.imports.shared_strings import Refused, Strings, is_strings
from portal.platform.i18n import Message, _

LARGEST = 400_000_000  # bytes once it is unpacked
MOST_PARTS = 5_000
LARGEST_DIRECTORY = 1_000_000  # bytes
DENSEST = 300  # times smaller when packed; XML of a table comes to 5 to 60
SMALL = 20_000_000  # bytes of which nobody needs to be afraid
MOST_CELLS = 10_000_000  # in the rectangle of a sheet, which is held in memory
LONGEST_TEXT = 600_000  # bytes without a tag: a cell of 100,000 characters
PIECE = 1 << 20
END = struct.Struct("<4s4H2LH")  # of the central directory, at the very end of a file that has no comment
LOCAL = struct.Struct("<4s5H3L2H")  # before the bytes of a part
STORED, DEFLATED, ENCRYPTED = 0, 8, 1

_TAG = re.compile(rb"<(?:[\w.-]+:)?(row|c)(?=[\s/>])")
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,3})(\d{0,10})["']""")
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_UNWORKED = re.compile(rb"(?:</(?:[\w.-]+:)?f>|<(?:[\w.-]+:)?f\s[^>]*/>)\s*</(?:[\w.-]+:)?c>")
_STALE = re.compile(rb"""fullCalcOnLoad\s*=\s*["'](?:1|true)["']""")
_TYPED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


UNWORKED = _(
    "{file} holds formulas whose values were never worked out. Open it in a spreadsheet program and save it, or save "
    "the values alone."
)


class Looked:
    """What was seen of a part: how far its cells reach, were it a sheet, and whether its formulas have values. Raises
    Refused as soon as it is too much."""

    def __init__(self, most_columns: int) -> None:
        self._most_columns, self._rows, self._columns = most_columns, 0, 0
        self.formulas = self.unworked = self.stale = False
        self._cells = 0  # of the row that is not at its end yet
        self._rest: bytes | None = None
        self._is_xml = False

    def at(self, piece: bytes) -> None:
        """Look at the next piece. Tags stay whole: what follows the last one waits for more."""
        if self._rest is None:
            self._is_xml = piece.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
        text = (self._rest or b"") + piece
        end = text.rfind(b"<")
        text, self._rest = text[: max(end, 0)], text[max(end, 0) :]
        if self._is_xml:
            self._require_plain(text, piece)
        self._rest = self._rest[-LONGEST_TEXT:]
        self._measure(text)
        self.formulas = self.formulas or _FORMULA.search(text) is not None
        self.unworked = self.unworked or _UNWORKED.search(text) is not None
        self.stale = self.stale or _STALE.search(text) is not None

    def finish(self) -> "Looked":
        self._measure(self._rest or b"")
        return self

    def _require_plain(self, text: bytes, piece: bytes) -> None:
        if b"\0" in piece:
            raise Refused(_("{file} holds NUL bytes in its text."))
        if _TYPED.search(text):
            raise Refused(_("{file} defines texts that multiply themselves, and is not opened."))
        if len(self._rest or b"") > LONGEST_TEXT:
            raise Refused(_("{file} holds a text that is longer than any cell."))

    def _measure(self, text: bytes) -> None:
        ended, *begun = b"".join(_TAG.findall(text)).split(b"row")
        widths = [self._cells + len(ended), *map(len, begun)]
        self._cells = widths[-1]
        places = _PLACE.findall(text)
        letters = {letters for letters, _number in places}
        numbers = {number for _letters, number in places if number}
        self._columns = max(self._columns, *widths, *map(_column, letters))
        self._rows = max(self._rows + len(begun), *map(int, numbers), 0)
        if self._columns > self._most_columns:
            raise Refused(_("{file} has more than {most} columns.", most=self._most_columns))
        if self._rows * self._columns > MOST_CELLS:
            raise Refused(_("A sheet of {file} reaches over more than {most} cells.", most=f"{MOST_CELLS:,}"))


def _column(letters: bytes) -> int:
    """A is 1, XFD is 16384."""
    found = 0
    for letter in letters.upper():
        found = found * 26 + letter - 64
    return found


def require_harmless(path: Path, most_columns: int) -> None:
    """Raises Unusable, within the time it takes to unpack what is allowed, and the memory of a piece of it."""
    try:
        with path.open("rb") as file:
            parts = sorted(_parts(file), key=lambda part: not is_strings(part))
            strings = Strings()
            _require_worked_out([_looked_through(file, part, most_columns, strings) for part in parts])
    except Refused as refusal:
        raise Unusable(Message(refusal.message.text, refusal.message.parameters | {"file": path.name})) from refusal
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError) as error:
        raise Unusable(_("{file} cannot be read as a workbook: {why}.", file=path.name, why=error)) from error


def _require_worked_out(seen: list[Looked]) -> None:
    """No formula without a value, and none in a workbook that wants all of them worked out when it is opened."""
    unasked = any(part.stale for part in seen) and any(part.formulas for part in seen)
    if unasked or any(part.unworked for part in seen):
        raise Refused(UNWORKED)


def _parts(file: IO[bytes]) -> list[zipfile.ZipInfo]:
    """The parts of the archive, as its directory has them: of bounded number, and each once."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - END.size))
    mark, _disk, _start, _here, count, length, _offset, comment = END.unpack(file.read(END.size))
    if mark != b"PK\x05\x06" or comment:
        raise zipfile.BadZipFile("its directory is not where it belongs")
    if count > MOST_PARTS or length > LARGEST_DIRECTORY:
        raise Refused(_("{file} has more than {most} parts.", most=MOST_PARTS))
    with zipfile.ZipFile(file) as packed:
        parts = packed.infolist()
    if len({part.filename for part in parts}) < len(parts):
        raise zipfile.BadZipFile("two parts have one name")
    if any(part.flag_bits & ENCRYPTED or part.compress_type not in (STORED, DEFLATED) for part in parts):
        raise zipfile.BadZipFile("a part is locked or packed in an unusual way")
    if sum(part.file_size for part in parts) > LARGEST:
        raise Refused(_("{file} unpacks to more than {most} MB.", most=LARGEST // 1_000_000))
    if any(part.file_size > max(SMALL, DENSEST * part.compress_size) for part in parts):
        raise Refused(_("{file} holds almost nothing, many times over, and is not opened."))
    return parts


def _unpacked(file: IO[bytes], part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a part in pieces, never more of them than the directory declares."""
    file.seek(part.header_offset)
    mark, *_rest, name, extra = LOCAL.unpack(file.read(LOCAL.size))
    if mark != b"PK\x03\x04":
        raise zipfile.BadZipFile("a part is not where the directory says")
    file.seek(name + extra, 1)
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS) if part.compress_type == DEFLATED else None
    left, made = part.compress_size, 0
    while left > 0 and not (unpacking and unpacking.eof):
        packed = file.read(min(left, PIECE // 16))
        if not packed:
            raise zipfile.BadZipFile("it ends too early")
        left -= len(packed)
        while packed:
            piece = unpacking.decompress(packed, PIECE) if unpacking else packed
            packed = unpacking.unconsumed_tail if unpacking else b""
            made += len(piece)
            if made > part.file_size:
                raise Refused(_("{file} unpacks to more than it declares, and is not opened."))
            yield piece


def _looked_through(file: IO[bytes], part: zipfile.ZipInfo, most_columns: int, strings: Strings) -> Looked:
    looked, count = Looked(most_columns), strings.of_part(part)
    for piece in _unpacked(file, part):
        looked.at(piece)
        count(piece)
    return looked.finish()
