"""Workbooks as spreadsheet programs write them, the least they can be; and such as nobody should open."""

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
SHEET = "xl/worksheets/sheet1.xml"


def workbook(rows: Sequence[Sequence[Any]] = (), **parts: str) -> bytes:
    """A workbook of one sheet; `parts` replace or add some, by their short names."""
    data = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    return packed(
        _parts(
            parts.get("sheet", sheet(data)),
            parts.get("calc", ""),
            parts.get("strings", ""),
            parts.get("styles", STYLES),
        )
    )


def sheet(rows: str, before: str = "") -> str:
    return f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def packed(files: dict[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return made.getvalue()


def understated(body: bytes, name: str, size: int) -> bytes:
    """The same archive, whose headers say that this part unpacks to no more than `size`."""
    return body.replace(*_sizes(body, b"PK\x01\x02", name, 24, size)).replace(
        *_sizes(body, b"PK\x03\x04", name, 22, size)
    )


def _sizes(body: bytes, mark: bytes, name: str, offset: int, size: int) -> tuple[bytes, bytes]:
    """A header with this part's name, and the same with another size."""
    length = 46 if mark == b"PK\x01\x02" else 30
    at = next(
        place - length for place in _all(body, name.encode()) if body[place - length : place - length + 4] == mark
    )
    header = body[at : at + length]
    return header, header[:offset] + struct.pack("<L", size) + header[offset + 4 :]


def _all(body: bytes, wanted: bytes) -> list[int]:
    found, at = [], body.find(wanted)
    while at >= 0:
        found.append(at)
        at = body.find(wanted, at + 1)
    return found


def zeros(size: int) -> bytes:
    """So many blanks, packed a thousand times smaller, as the body of a part."""
    packing = zlib.compressobj(9, wbits=-15)
    return packing.compress(b" " * size) + packing.flush()


def _parts(sheet_: str, calc: str, strings: str, styles: str) -> dict[str, str | bytes]:
    files: dict[str, str | bytes] = {
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": _relations(
            ("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")
        ),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        f'<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>{calc}</workbook>',
        "xl/styles.xml": styles,
        SHEET: sheet_,
    }
    return files | ({"xl/sharedStrings.xml": strings} if strings else {})


def _relations(*kinds: tuple[str, str]) -> str:
    told = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(kinds, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{told}</Relationships>'


def _cell(value: Any) -> str:
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    if isinstance(value, date):
        return f'<c s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
    return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
