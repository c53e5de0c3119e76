"""Files as people's systems write them, and files that are no files at all."""

import zipfile
from decimal import Decimal

import pytest

from portal.operations.imports.mapping import Format, Unusable
from portal.operations.imports.sources import look
from portal.operations.imports.values import Written, moment, number
from tests.harness.world import buying_company
from tests.operations.nordwerk import ITEMS, SUPPLIERS, bring, records, write

HEADER = b"Nr;Name;Land;Ort\n"


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "utf-8-sig", "utf-16"])
async def test_an_encoding_is_found_out(connected, tmp_path, encoding):
    company = await buying_company()
    report = await bring(company, "suppliers", write(tmp_path, encoding, Lieferanten=SUPPLIERS))
    assert report.kinds["suppliers"]["created"] == 2
    found = await records(
        company, "select name, country, address from organisation where host_id is not null order by 1"
    )
    assert found == [
        {"name": "Müller & Söhne", "country": "DE", "address": {"city": "Köln", "country": "DE"}},
        {"name": "Åkesson AB", "country": "SE", "address": {"country": "SE"}},
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_delimiter_is_found_out(tmp_path, delimiter):
    header = f'"Nr, alt;neu"{delimiter}Name\r\n'
    text = f'{header}1{delimiter}"two\r\nlines"\r\n\r\n{header}2{delimiter}x\r\n'
    source = look(write(tmp_path, Datei=text)[0], Format())
    assert source.header == ("Nr, alt;neu", "Name")
    assert list(source.rows()) == [(2, ["1", "two\r\nlines"]), (5, ["2", "x"])], "rows are counted as spreadsheets do"


@pytest.mark.parametrize(
    ("written", "means"),
    [
        (".00", "0"),
        ("3.00", "3"),
        ("50.2600", "50.26"),
        ("007", "7"),
        ("-.5", "-0.5"),
        ("1,234.5", "1234.5"),
        (Decimal("1E+3"), "1000"),
    ],
)
def test_numbers_are_read_however_they_are_written(written, means):
    assert number(written, Written(thousands=",")) == means


@pytest.mark.parametrize("written", ["", ".", "1.2.3", "1e5", "NaN", "٣", "1 000", "--1", "0" * 100, "12.5 kg"])
def test_what_is_no_number_is_refused(written):
    with pytest.raises(ValueError, match="not a number"):
        number(written, Written())


def test_a_decimal_comma_is_no_decimal_point():
    assert number("1.234,50", Written(decimal=",", thousands=".")) == "1234.5"
    with pytest.raises(ValueError, match="not a number"):
        number("1.5", Written(decimal=","))


def test_a_day_begins_at_midnight_of_the_mappings_time_zone():
    assert (
        moment("02.06.2026", Written(dates=("%d.%m.%Y",), time_zone="Europe/Berlin")).isoformat()
        == "2026-06-02T00:00:00+02:00"
    )
    assert moment("2022-04-15 00:00:00.000", Written()).isoformat() == "2022-04-15T00:00:00+00:00"
    with pytest.raises(ValueError, match="not a date"):
        moment("Date Not Captured", Written())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (HEADER + b"1;a\0b;;\n", "NUL"),
        (b"", "no header"),
        (b";;\n", "no header"),
        (";".join(["c"] * 1001).encode(), "more than 1000 columns"),
        (HEADER + b"1;" + b"x" * 200_000, "cannot be read near line 2"),
        (HEADER + b'1;"never closed', "cannot be read near line"),
        (b"PK\x03\x04 no workbook", "as a workbook"),
    ],
)
async def test_what_is_no_table_is_refused_with_a_sentence(connected, tmp_path, content, reason):
    path = tmp_path / "Lieferanten.csv"
    path.write_bytes(content)
    with pytest.raises(Unusable, match=reason):
        await bring(await buying_company(), "suppliers", [path])


async def test_a_workbook_is_read_like_a_text(connected, tmp_path):
    """Numbers, dates and blank rows above the header come as the spreadsheet holds them."""
    company = await buying_company()
    (tmp_path / "Artikel.csv").write_text(ITEMS)
    path = tmp_path / "Artikel.xlsx"
    _workbook(path, ["", "", ""], ["Nr", "Bezeichnung", "ME"], [4711, "Schraube", "Stk"], ["A-2", "Blech", "Tonne"])
    report = await bring(company, "items", [path])
    assert [(problem.row, problem.column, problem.value) for problem in report.errors] == [(4, "ME", "Tonne")]
    _workbook(path, ["Nr", "Bezeichnung", "ME"], [4711, "Schraube", "Stk"])
    assert (await bring(company, "items", [path])).kinds["items"]["created"] == 1
    assert await records(company, "select number, unit from item") == [{"number": "4711", "unit": "H87"}]


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def _workbook(path, *rows):
    """The least a workbook can be."""
    sheet = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    files = {
        "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w") as packed:
        for name, text in files.items():
            packed.writestr(name, text)


def _relation(kind, target):
    relation = f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{PACKAGE}">{relation}</Relationships>'


def _cell(value):
    return f"<c><v>{value}</v></c>" if isinstance(value, int) else f'<c t="inlineStr"><is><t>{value}</t></is></c>'
