"""Tables that do not begin in the first row: reports with a title, a date and a blank row above the header."""

import pytest

from portal.operations.imports.mapping import Format, Unusable
from portal.operations.imports.propose import propose
from portal.operations.imports.sources import look
from tests.harness.world import buying_company
from tests.operations.nordwerk import bring, records, said, write
from tests.operations.workbooks import workbook

BY = """
name = "Reports"
[items]
file = "Artikel*"
[items.fields]
number = "Nr"
name = "Name"
unit = { constant = "H87" }
"""
TITLED = "Item report;;\nPrinted 02.06.2026, page 1;;\n\nNr;Name;Group\n1;Bolt;Metal\n2;Nut, small;Metal\n"


async def test_what_stands_above_the_header_is_no_record(connected, tmp_path):
    company = await buying_company()
    report = await bring(company, "items", write(tmp_path, Artikel=TITLED), by=BY)
    assert (report.kinds["items"]["created"], said(report)) == (2, [])
    source = (await records(company, "select source from item where number = '1'"))[0]["source"]
    assert source["row"] == 5, "rows are counted as the file has them"


async def test_an_error_names_the_row_that_a_spreadsheet_shows(connected, tmp_path):
    company = await buying_company()
    report = await bring(company, "items", write(tmp_path, Artikel=TITLED.replace("2;Nut", ";Nut")), by=BY)
    assert [(row, column) for _file, row, column, *_rest in said(report)] == [(6, "Nr")]


@pytest.mark.parametrize(
    ("text", "row", "header"),
    [
        ("Report\nof items\n\nNr;Name\n1;Bolt\n2;Nut\n", 4, ("Nr", "Name")),
        ("Company:;Acme;;;;\nDate:;1.6.2026;;;;\nPO;Item;Qty;Price;Unit;Date\n1;A;5;1,5;H87;\n", 3, None),
        ("Nr;Name\n1;Bolt;a;b;c;d\n2;Nut\n3;Nail\n", 1, ("Nr", "Name")),
        ("Nr;2024;2025\n1;5;6\n", 1, ("Nr", "2024", "2025")),
        ("Nr;Name;;;\n1;Bolt;5;6;7\n2;Nut;5;6;7\n", 1, None),
        ("Name\nBolt\nNut\n", 1, ("Name",)),
    ],
)
def test_the_header_is_the_first_row_as_wide_as_the_table(tmp_path, text, row, header):
    [path] = write(tmp_path, Datei=text)
    found = look(path, Format())
    assert (found.at, header or found.header) == (row, found.header)


def test_a_workbook_may_have_a_title_too(tmp_path):
    path = tmp_path / "Artikel.xlsx"
    path.write_bytes(workbook([["Stock list"], ["Nr", "Name", "Preis"], ["1", "Bolt", 1.5], ["2", "Nut", 2.5]]))
    found = look(path, Format())
    assert (found.at, found.header) == (2, ("Nr", "Name", "Preis"))


async def test_a_mapping_may_say_in_which_row_the_header_is(connected, tmp_path):
    company = await buying_company()
    text = "Number;Title;Sort\nNr;Name;Group\n1;Bolt;Metal\n"
    by = BY.replace('file = "Artikel*"', 'file = "Artikel*"\nheader = 2')
    report = await bring(company, "items", write(tmp_path, Artikel=text), by=by)
    assert (report.kinds["items"]["created"], said(report)) == (1, [])
    with pytest.raises(Unusable, match="has no header in row 9"):
        await bring(company, "items", write(tmp_path, Artikel=text), by=by.replace("header = 2", "header = 9"))


def test_columns_are_proposed_below_a_title(tmp_path):
    [path] = write(tmp_path, Datei="Open items\n\nItem No;Item Name;Unit\nA-1;Bolt;Stk\nA-2;Nut;Stk\n")
    found = propose(look(path, Format()), "items")
    assert {field.name: field.column for field in found.fields}["number"] == "Item No"
