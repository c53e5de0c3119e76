"""Which cells of a workbook show percentages: 13 % is stored as 0.13, and only the number format says what is meant.

Asked of workbooks that were found harmless before. Read are the styles, then the tags of one sheet, in pieces; where no
style of a cell shows percentages, nothing more is read.
"""

import html
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

PIECE = 1 << 20
BUILT_IN = {"9", "10"}  # 0% and 0.00%
Percents = dict[int, bytearray]  # by column, counted from 0: the rows, counted from 1, whose cells are percentages

_FORMAT = re.compile(r"<(?:[\w.-]+:)?numFmt\s([^>]*)>")
_CELLS = re.compile(r"<(?:[\w.-]+:)?cellXfs[\s>](.*?)</(?:[\w.-]+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(r"<(?:[\w.-]+:)?xf(?=[\s/>])([^>]*)>")
_SHEET = re.compile(r"<(?:[\w.-]+:)?sheet\s([^>]*)>")
_RELATION = re.compile(r"<(?:[\w.-]+:)?Relationship\s([^>]*)>")
_SAID = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')  # of a number format: what is shown as it stands
_TAG = re.compile(rb"""<(?:[\w.-]+:)?(row|c)(?=[\s/>])((?:"[^"]*"|'[^']*'|[^>"'])*)>""")
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]*)(\d*)["']""")
_USED = re.compile(rb"""\ss\s*=\s*["'](\d+)["']""")


def percents(path: Path, sheet: str | None) -> Percents:
    """The places of a sheet's percentages, the first sheet's if none is named; nothing for what is not understood."""
    try:
        with zipfile.ZipFile(path) as book:
            styles = _styles(_text(book, "xl/styles.xml"))
            part = _part(book, sheet) if styles else None
            return _found(book, part, styles) if part else {}
    except (KeyError, ValueError, zipfile.BadZipFile):
        return {}


def _text(book: zipfile.ZipFile, part: str) -> str:
    return book.read(part).decode("utf-8", errors="replace") if part in book.NameToInfo else ""


def _styles(told: str) -> set[bytes]:
    """The numbers of the styles of cells that show percentages."""
    shown = BUILT_IN | {
        said.get("numFmtId", "")
        for said in map(_said, _FORMAT.findall(told))
        if "%" in _LITERAL.sub("", html.unescape(said.get("formatCode", ""))).partition(";")[0]
    }
    used = _STYLE.findall(found[1]) if (found := _CELLS.search(told)) else []
    return {str(number).encode() for number, style in enumerate(used) if _said(style).get("numFmtId") in shown}


def _said(attributes: str) -> dict[str, str]:
    return {name.rpartition(":")[2]: one or other for name, one, other in _SAID.findall(attributes)}


def _part(book: zipfile.ZipFile, sheet: str | None) -> str | None:
    """The part of the archive that a sheet is in."""
    sheets = [_said(told) for told in _SHEET.findall(_text(book, "xl/workbook.xml"))]
    wanted = next((each for each in sheets if sheet in (None, html.unescape(each.get("name", "")))), None)
    told = map(_said, _RELATION.findall(_text(book, "xl/_rels/workbook.xml.rels")))
    relations = {each.get("Id"): each.get("Target") for each in told}
    target = relations.get(wanted.get("id")) if wanted else None
    part = target and (target.lstrip("/") if target.startswith("/") else f"xl/{target}")
    return part if part in book.NameToInfo else None


def _found(book: zipfile.ZipFile, part: str, styles: set[bytes]) -> Percents:
    found: Percents = {}
    row = column = 0
    for kind, attributes in _tags(book, part):
        place = _PLACE.search(attributes)
        if kind == b"row":
            row, column = int(place[2]) if place and place[2] else row + 1, 0
            continue
        column = _column(place[1]) if place and place[1] else column + 1
        used = _USED.search(attributes)
        if used and used[1] in styles:
            rows = found.setdefault(column - 1, bytearray())
            rows.extend(bytes(max(0, row + 1 - len(rows))))
            rows[row] = 1
    return found


def _tags(book: zipfile.ZipFile, part: str) -> Iterator[tuple[bytes, bytes]]:
    with book.open(part) as file:
        rest = b""
        while piece := file.read(PIECE):
            text = rest + piece
            end = text.rfind(b"<")
            yield from _TAG.findall(text[: max(end, 0)])
            rest = text[max(end, 0) :]


def _column(letters: bytes) -> int:
    """A is 1, XFD is 16384."""
    found = 0
    for letter in letters.upper():
        found = found * 26 + letter - 64
    return found
