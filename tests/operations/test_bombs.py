"""Files made to take the memory or the time of whoever opens them: a sentence, at once, in little memory."""

import io
import resource
import tracemalloc
import zipfile

import pytest

from portal.operations.imports.mapping import Format, Unusable
from portal.operations.imports.sources import LARGEST, look
from tests.operations.workbooks import SHEET, packed, sheet, understated, workbook

HEADER = "<row><c t='inlineStr'><is><t>Nr</t></is></c></row>"
SHARED_HEADER = '<row><c t="s"><v>0</v></c></row>'
LAUGHS = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(10)
)


def cells(count, cell="<c><v>1</v></c>"):
    return f"<row>{cell * count}</row>"


def doubling(count, value=""):
    """Each cell says the one above twice: the last has 2 to the power of `count` characters."""
    return "".join(f"<row><c t='str'><f>A{n}&amp;A{n}</f>{value}</c></row>" for n in range(1, count))


def parts(**files):
    with zipfile.ZipFile(io.BytesIO(workbook([["Nr"]]))) as archive:
        return {name: archive.read(name) for name in archive.namelist()} | files


WORKBOOKS = {
    "a zip bomb": (lambda: packed(parts(**{SHEET: b" " * 350_000_000})), "almost nothing, many times over"),
    "a zip bomb of many parts": (
        lambda: packed(parts(**{f"xl/media/{n}": b" " * 19_000_000 for n in range(25)})),
        "unpacks to more than 400 MB",
    ),
    "a part that hides its size": (
        lambda: understated(packed(parts(**{SHEET: b" " * 200_000_000})), SHEET, 5_000),
        "more than it declares",
    ),
    "six thousand parts": (lambda: packed(parts(**{f"x/{n}": b"" for n in range(6_000)})), "more than 5000 parts"),
    "a million columns": (lambda: workbook(sheet=sheet(HEADER + cells(1_000_000))), "more than 1000 columns"),
    "a cell in the last column": (
        lambda: workbook(sheet=sheet(HEADER + '<row r="2"><c r="XFD2"><v>1</v></c></row>')),
        "more than 1000 columns",
    ),
    "a cell in the last row": (
        lambda: workbook(
            sheet=sheet('<row r="1"><c r="AA1"/></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>')
        ),
        "reaches over more than",
    ),
    "formulas that double": (lambda: workbook(sheet=sheet(HEADER + doubling(200))), "never worked out"),
    "formulas with a value nobody worked out": (
        lambda: workbook(sheet=sheet(HEADER + doubling(200, "<v>0</v>")), calc='<calcPr fullCalcOnLoad="1"/>'),
        "never worked out",
    ),
    "entities that multiply": (
        lambda: workbook(sheet=sheet("<row><c t='str'><v>&k;</v></c></row>", f"{LAUGHS}]>")),
        "multiply themselves",
    ),
    "a NUL": (lambda: workbook(sheet=sheet("<row><c t='str'><v>a\0b</v></c></row>")), "NUL"),
    "a cell of 100 MB": (
        lambda: workbook(sheet=sheet(f"<row><c t='str'><v>{'ab' * 50_000_000}</v></c></row>")),
        "longer than any cell|almost nothing",
    ),
    "a long cell among the shared ones": (
        lambda: workbook(strings=f"<sst><si><t>{'äb' * 400_000}</t></si></sst>"),
        "longer than any cell",
    ),
    "one long text in 45,000 cells": (
        lambda: workbook(
            strings=f"<sst><si><t>Nr</t></si><si><t>{'x' * 30_000}</t></si></sst>",
            sheet=sheet(SHARED_HEADER + cells(45, '<c s="1" t="s"><v>1</v></c>') * 1_000),
        ),
        "come to more than 300 MB",
    ),
    "one long text whose number is hidden": (
        lambda: workbook(
            strings=f"<sst><si><t>Nr</t></si><si><t>{'x' * 30_000}</t></si></sst>",
            sheet=sheet(SHARED_HEADER + cells(45, "<c t = 's'><v>&#49;</v></c>") * 1_000),
        ),
        "come to more than 300 MB",
    ),
    "attributes without an end": (
        lambda: workbook(strings="<sst><si><t>Nr</t></si></sst>", sheet=sheet("<row><c" + ' t="s"' * 95_000)),
        "cannot be read as a workbook|header row",
    ),
    "an archive behind another": (lambda: workbook([["Nr"]]) + b"PK\x05\x06", "cannot be read as a workbook"),
    "half a workbook": (lambda: workbook([["Nr"]])[:600], "cannot be read as a workbook"),
}
TEXTS = {
    "a NUL at the end of a large file": (lambda: b"Nr;Name\n" + b"1;abc\n" * 20_000_000 + b"\0", "is no table"),
    "a million columns": (lambda: b"Nr" + b";c" * 1_000_000 + b"\n", "more than 1000 columns"),
    "a million cells in a row": (lambda: b"Nr;Name\n" + b";" * 1_000_000 + b"\n", "more than 1000 columns"),
    "a cell of 150 MB": (lambda: b"Nr;Name\n1;" + b"x" * 150_000_000, "cannot be read near line"),
    "a cell of 150 MB in quotes": (lambda: b'Nr;Name\n1;"' + b"x\n" * 75_000_000 + b'"', "cannot be read near line"),
    "200 MB and more": (lambda: b"", "larger than 200 MB"),
}


@pytest.mark.parametrize("name", [*WORKBOOKS, *TEXTS])
def test_it_is_refused_at_once_in_little_memory(tmp_path, name):
    body, reason = (WORKBOOKS | TEXTS)[name]
    path = tmp_path / ("bomb.xlsx" if name in WORKBOOKS else "bomb.csv")
    path.write_bytes(body())
    if name == "200 MB and more":
        with path.open("r+b") as file:
            file.truncate(LARGEST + 1)
    tracemalloc.start()
    busy = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    try:
        with pytest.raises(Unusable, match=reason):
            list(look(path, Format()).rows())
        busy = resource.getrusage(resource.RUSAGE_SELF).ru_utime - busy
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 30_000_000
    assert busy < 2  # seconds of this process, whatever else the machine does


def test_shared_texts_that_a_table_really_has_are_no_bomb(tmp_path):
    """A hundred thousand cells with one of a few texts, one of which is a long note that stands in three of them."""
    texts = "".join(f"<si><t>{text}</t></si>" for text in ("Nr", "piece", "n" * 90_000))
    rows = "".join(f'<row><c t="s"><v>{2 if n < 3 else 1}</v></c></row>' for n in range(100_000))
    path = tmp_path / "fine.xlsx"
    path.write_bytes(workbook(strings=f"<sst>{texts}</sst>", sheet=sheet(SHARED_HEADER + rows)))
    found = [cells[0] for _number, cells in look(path, Format()).rows()]
    assert (len(found), found[3], len(str(found[0]))) == (100_000, "piece", 90_000)


def test_numbers_that_are_none_are_texts(tmp_path):
    path = tmp_path / "odd.xlsx"
    path.write_bytes(workbook(sheet=sheet(HEADER + "<row><c><v>1e999</v></c></row><row><c><v>NaN</v></c></row>")))
    assert [cells for _number, cells in look(path, Format()).rows()] == [["inf"], ["nan"]]


def test_a_workbook_of_a_spreadsheet_program_is_harmless(tmp_path):
    """Formulas whose values were saved with them come as these values."""
    rows = "".join(
        f"<row r='{n}'><c r='A{n}'><f>A1*2</f><v>{n}</v></c><c r='B{n}' t='str'><f>B1</f><v></v></c></row>"
        for n in range(2, 2_000)
    )
    path = tmp_path / "fine.xlsx"
    path.write_bytes(workbook(sheet=sheet(HEADER + rows)))
    assert [str(cells[0]) for _number, cells in look(path, Format()).rows()] == [str(n) for n in range(2, 2_000)]
