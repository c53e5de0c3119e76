"""Files as people's systems write them, and files that are no files at all."""

from datetime import date
from decimal import Decimal

import pytest

from portal.operations.imports.mapping import Format, Unusable
from portal.operations.imports.sources import look
from portal.operations.imports.values import Written, moment, number, reader
from portal.platform.fields import Day, Quantity, TaxRate
from tests.harness.world import buying_company
from tests.operations.nordwerk import ITEMS, MAPPING, SUPPLIERS, bring, records, settled, write
from tests.operations.workbooks import workbook

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


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-16", "utf-8-sig"])
def test_a_chinese_text_is_read_however_it_is_written(tmp_path, encoding):
    path = tmp_path / "物料.csv"
    path.write_bytes("编号;名称;单位\nA-1;六角螺栓（镀锌）;个\n".encode(encoding))
    source = look(path, Format())
    assert (source.header, *source.rows()) == (("编号", "名称", "单位"), (2, ["A-1", "六角螺栓（镀锌）", "个"]))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_wide_text_without_a_mark_is_known_by_its_zeros(tmp_path, encoding):
    path = tmp_path / "Lieferanten.csv"
    path.write_bytes(SUPPLIERS.encode(encoding))
    assert look(path, Format()).header == tuple(SUPPLIERS.partition("\n")[0].split(";"))


def test_letters_of_the_west_are_no_chinese(tmp_path):
    path = tmp_path / "Maße.csv"
    path.write_bytes("Größe;Maß\nübergroß;Fußmaß\n".encode("latin-1"))
    assert look(path, Format()).header == ("Größe", "Maß")


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


@pytest.mark.parametrize(
    ("shown", "written", "means"),
    [
        ("1\u00a0234,5", Written(",", " "), "1234.5"),
        ("1\u202f234\u202f567,50", Written(",", " "), "1234567.5"),
        ("1 234", Written(",", " "), "1234"),
        ("1'234.50", Written(thousands="'"), "1234.5"),
        ("1’234’567", Written(thousands="'"), "1234567"),
        ("12,34,567.8", Written(thousands=","), "1234567.8"),
        ("1.234,50 €", Written(",", ".", signs=("€", "EUR")), "1234.5"),
        ("EUR 12,00", Written(",", signs=("€", "EUR")), "12"),
        ("$1,234.50", Written(thousands=",", signs=("$",)), "1234.5"),
        ("-$12.50", Written(signs=("$",)), "-12.5"),
        ("$-12.50", Written(signs=("$",)), "-12.5"),
        ("($12.50)", Written(signs=("$",)), "-12.5"),
        ("12.50-", Written(), "-12.5"),
        ("12,50- €", Written(",", signs=("€",)), "-12.5"),
        ("−12.50", Written(), "-12.5"),
        ("+12", Written(), "12"),
        ("(0.00)", Written(), "0"),
        ("0.05", Written(times="100"), "5"),
        (Decimal("0.19"), Written(",", ".", times="100"), "19"),
        ("3", Written(times="12"), "36"),
    ],
)
def test_numbers_are_read_with_their_marks_and_signs(shown, written, means):
    assert number(shown, written) == means


@pytest.mark.parametrize(
    ("shown", "written"),
    [
        ("1,5", Written(thousands=",")),
        ("1,23,4", Written(thousands=",")),
        ("12345,678", Written(thousands=",")),
        (",123", Written(thousands=",")),
        ("€ 12", Written()),
        ("$12", Written(signs=("€",))),
        ("5 %", Written()),
        ("(12", Written()),
        ("--12", Written()),
        ("(-12)", Written()),
        ("12 34", Written(thousands=" ")),
    ],
)
def test_a_mark_in_the_wrong_place_is_no_mark(shown, written):
    """A decimal comma where the mapping says that commas part thousands would become a number ten times as large."""
    with pytest.raises(ValueError, match="not a number"):
        number(shown, written)


@pytest.mark.parametrize(
    ("shown", "dates", "means"),
    [
        ("02-Jun-06", "%d-%b-%y", "2006-06-02T00:00:00+02:00"),
        ("2-JUN-06", "%d-%b-%y", "2006-06-02T00:00:00+02:00"),
        ("02. März 2026", "%d. %B %Y", "2026-03-02T00:00:00+01:00"),
        ("02-MRZ-26", "%d-%b-%y", "2026-03-02T00:00:00+01:00"),
        ("Sept. 5, 2026", "%b %d, %Y", "2026-09-05T00:00:00+02:00"),
        ("05.06.69", "%d.%m.%y", "1969-06-05T00:00:00+01:00"),
        ("2026年6月2日", "%Y年%m月%d日", "2026-06-02T00:00:00+02:00"),
        ("38870", "excel", "2006-06-02T00:00:00+02:00"),
        ("38870,5", "excel", "2006-06-02T12:00:00+02:00"),
        (Decimal("38870.75"), "excel", "2006-06-02T18:00:00+02:00"),
        ("37408", "excel-1904", "2006-06-02T00:00:00+02:00"),
        ("20060602", "%d.%m.%Y", "2006-06-02T00:00:00+02:00"),
        ("2006-06-02T23:30:00Z", "%d.%m.%Y", "2006-06-02T23:30:00+00:00"),
        ("2006-06-02T23:30:00-07:00", "%d.%m.%Y", "2006-06-02T23:30:00-07:00"),
    ],
)
def test_dates_are_read_however_they_are_written(shown, dates, means):
    written = Written(",", ".", (dates,), "Europe/Berlin", language="de")
    assert moment(shown, written).isoformat() == means


@pytest.mark.parametrize("shown", ["0", "-5", "2958466", "31-Feb-06", "02-Foo-06", "1e9", "99999999999999"])
def test_what_is_no_day_is_refused(shown):
    with pytest.raises(ValueError, match="not a date"):
        moment(shown, Written(dates=("excel", "%d-%b-%y")))


def test_an_instant_falls_on_the_day_it_is_in_the_mappings_time_zone():
    assert str(reader(Day, Written(time_zone="Europe/Berlin"))("2026-06-01T23:30:00Z")) == "2026-06-02"


def test_percent_signs_belong_to_percentages_alone():
    assert reader(TaxRate, Written(","))("19,5 %") == Decimal("19.5")
    with pytest.raises(ValueError, match="not a number"):
        reader(Quantity, Written())("19 %")


def test_columns_of_one_name_are_told_apart_by_their_place(tmp_path):
    text = "Nr;Datum;Datum;;Menge;Datum#2;Datum\n1;a;b;x;3;c;d\n"
    source = look(write(tmp_path, Datei=text)[0], Format())
    assert source.names == ("Nr", "Datum", "", "", "Menge", "Datum#2", "Datum#3")


@pytest.mark.parametrize("named", ["sep=|\n", "\ufeffsep=|\r\n", '"sep=|"\n', "SEP=|\n"])
def test_a_line_that_names_the_delimiter_is_no_row(tmp_path, named):
    source = look(write(tmp_path, "utf-8", Datei=f"{named}Nr|Name;a;b\n1|x;y;z\n")[0], Format())
    assert (source.header, list(source.rows())) == (("Nr", "Name;a;b"), [(2, ["1", "x;y;z"])])


@pytest.mark.parametrize("encoding", ["hex", "rot13", "no-such", "undefined", "idna", "a\0b"])
def test_an_encoding_that_is_none_is_named(tmp_path, encoding):
    with pytest.raises(Unusable, match="unknown encoding"):
        look(write(tmp_path, Datei="Nr;Name\n")[0], Format(encoding=encoding))


def test_a_header_that_comes_again_is_no_row_even_without_its_last_cells(tmp_path):
    text = "Nr;Name;;\n1;a;;\nNr;Name\n\n2;b\n Nr ;Name;;\n"
    source = look(write(tmp_path, Datei=text)[0], Format())
    assert [row[1][0] for row in source.rows()] == ["1", "2"]


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
        (HEADER + b"1;a\0b;;\n", "is no table"),
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
    _write(path, ["", "", ""], ["Nr", "Bezeichnung", "ME"], [4711, "Schraube", "Stk"], ["A-2", "Blech", "Tonne"])
    report = await bring(company, "items", [path])
    assert [(problem.row, problem.column, problem.value) for problem in report.errors] == [(4, "ME", "Tonne")]
    _write(path, ["Nr", "Bezeichnung", "ME"], [4711, "Schraube", "Stk"])
    assert (await bring(company, "items", [path])).kinds["items"]["created"] == 1
    assert await records(company, "select number, unit from item") == [{"number": "4711", "unit": "H87"}]


def _write(path, *rows):
    path.write_bytes(workbook(rows))


async def test_the_dates_of_a_workbook_are_dates(connected, tmp_path):
    """Cells that are formatted as a day come as one; a bare number is one where the mapping says `excel`."""
    company = await buying_company()
    await settled(company, tmp_path)
    prices = tmp_path / "Preise.xlsx"
    header = ["Lieferant", "Artikel", "Preis", "Per", "ME", "Ab", "Gueltig"]
    _write(prices, header, ["70001", "A-1", 0.1, 1, "Stk", 0, date(2026, 6, 2)], ["70001", "A-2", 2, 1, "kg", 0, 46175])
    by = MAPPING.replace('file = "Preise.csv"', 'file = "Preise.xlsx"').replace(
        'dates = ["%d.%m.%Y"]', 'dates = ["%d.%m.%Y", "excel"]'
    )
    assert (await bring(company, "prices", [prices], by=by)).errors == []
    found = await records(company, "select unit_price::text as price, valid_from from supplier_price order by 1")
    assert [tuple(row.values()) for row in found] == [("0.1", date(2026, 6, 2)), ("2", date(2026, 6, 2))]
