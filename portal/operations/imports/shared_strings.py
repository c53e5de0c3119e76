"""What the texts of a workbook come to once they stand in its cells.

Cells name shared texts by number, and whoever opens the workbook copies the text for each of them: one of 30,000
letters in 45,000 cells is 1.3 GB out of a file of four kilobytes. So their lengths are kept as the texts go by, and
added up as the cells that name them do.
"""

import re
import zipfile
from array import array
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from portal.platform.i18n import Message, _

MOST_TEXT = 300_000_000  # bytes in the cells of a sheet
FRAME = len("<si><t></t></si>")  # that is no text
_BEGINS = re.compile(rb"<(?:[\w.-]++:)?si(?=[\s/>])")
# Nothing in it is tried twice, so it takes the time of its text whatever that says: a cell with t="s" among its
# attributes, and its number.
_SHARED = re.compile(
    rb"""<(?:[\w.-]++:)?c(?>(?:\s++[^\s<>=]++\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+'))*?\s++t\s*+=\s*+["']s["'])[^<>]*+>"""
    rb"""(?:\s*+<(?:[\w.-]++:)?v[^<>]*+>\s*+(\d{1,9})\s*+<)?"""
)


class Refused(Exception):
    """Why a workbook is not opened."""

    def __init__(self, message: Message) -> None:
        self.message = message


def is_strings(part: zipfile.ZipInfo) -> bool:
    return part.filename.lower().endswith("sharedstrings.xml")


class Strings:
    """The lengths of the shared texts, and the sum of those that the cells of one sheet name."""

    def __init__(self) -> None:
        self._lengths = array("l")
        self._longest = self._sum = 0
        self._rest = b""
        self._reads_texts = False

    def of_part(self, part: zipfile.ZipInfo) -> Callable[[bytes], None]:
        """What is to be done with each piece of a part; the part with the texts must come first."""
        if self._reads_texts:
            self._lengths.append(len(self._rest))  # the last one
        self._reads_texts = is_strings(part)
        self._sum, self._rest = 0, b""
        return self._texts if is_strings(part) else self._cells

    def _texts(self, piece: bytes) -> None:
        text = self._rest + piece
        begins = [found.start() for found in _BEGINS.finditer(text)]
        if not begins:
            self._rest = text
            return
        lengths = [max(0, after - before - FRAME) for before, after in pairwise(begins)]
        self._lengths.extend(lengths)
        self._rest = text[begins[-1] :]
        self._longest = max(self._longest, *lengths, len(self._rest), 0)

    def _cells(self, piece: bytes) -> None:
        """A cell whose number is not seen here counts as one with the longest text."""
        if not self._longest:
            return
        text = self._rest + piece
        end = max(text.rfind(b"<c"), text.rfind(b":c"), 0) if len(text) < 2 * len(piece) + 1_000 else len(text)
        self._rest = text[end:]
        for number, times in Counter(_SHARED.findall(text[:end])).items():
            self._sum += times * self._length(number)
        if self._sum > MOST_TEXT:
            raise Refused(_("The texts of {file} come to more than {most} MB.", most=MOST_TEXT // 1_000_000))

    def _length(self, number: bytes) -> int:
        if not number:
            return self._longest
        return self._lengths[int(number)] if int(number) < len(self._lengths) else 0
