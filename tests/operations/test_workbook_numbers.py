"""Numbers of workbooks are those that a spreadsheet program shows, not the binary fractions that it keeps."""

from decimal import Decimal

import pytest

from portal.operations.desk.glance import cell_of, glance
from portal.operations.imports.mapping import Format
from portal.operations.imports.sources import look
from portal.operations.imports.values import Share, Written, reader
from portal.platform.fields import Quantity, TaxRate
from tests.harness.world import buying_company
from tests.operations.nordwerk import bring, records, said
from tests.operations.workbooks import STYLES, sheet, workbook

BY = """
name = "Workbook"
[items]
file = "Artikel.xlsx"
[items.fields]
number = "Nr"
name = "Name"
unit = { constant = "H87" }
tax_rate = "Tax"
"""
PERCENT = STYLES.replace("<cellXfs>", '<numFmts><numFmt numFmtId="164" formatCode="0.0%"/></numFmts><cellXfs>').replace(
    "</cellXfs>", '<xf numFmtId="9"/><xf numFmtId="164"/></cellXfs>'
)


def text(said_, place=""):
    return f'<c{place} t="inlineStr"><is><t>{said_}</t></is></c>'


def file(folder, *cells, styles=STYLES):
    rows = f"<row>{text('Nr')}{text('Name')}{text('Tax')}</row>"
    rows += "".join(f"<row>{text(f'A{n}')}{text('Bolt')}{cell}</row>" for n, cell in enumerate(cells))
    path = folder / "Artikel.xlsx"
    path.write_bytes(workbook(sheet=sheet(rows), styles=styles))
    return path


@pytest.mark.parametrize(
    ("kept", "shown"), [("7.0000000000000009", "7"), ("3.3000000000000003", "3.3"), ("19", "19"), ("0.1", "0.1")]
)
async def test_a_number_that_was_worked_out_is_the_one_that_is_shown(connected, tmp_path, kept, shown):
    company = await buying_company()
    report = await bring(company, "items", [file(tmp_path, f"<c><f>x</f><v>{kept}</v></c>")], by=BY)
    assert said(report) == []
    assert [row["tax_rate"] for row in await records(company, "select tax_rate from item")] == [Decimal(shown)]


async def test_a_cell_that_shows_percent_means_percent(connected, tmp_path):
    company = await buying_company()
    cells = ('<c s="2"><v>0.13</v></c>', '<c s="3"><v>0.055</v></c>', "<c><v>19</v></c>", text("7 %"))
    report = await bring(company, "items", [file(tmp_path, *cells, styles=PERCENT)], by=BY)
    assert said(report) == []
    found = await records(company, "select tax_rate from item order by number")
    assert [row["tax_rate"] for row in found] == [Decimal(13), Decimal("5.5"), Decimal(19), Decimal(7)]


def test_places_of_percentages_are_known_by_name_or_by_order(tmp_path):
    path = tmp_path / "Artikel.xlsx"
    heads = text("Nr", ' r="B3"') + text("Tax", ' r="D3"')
    first = text("A", ' r="B5"') + '<c r="D5" s="2"><v>0.13</v></c>'
    second = text("B", ' r="B6"') + '<c s="0" r="D6"><v>0.13</v></c>'
    rows = f'<row r="3">{heads}</row><row r="5">{first}</row><row r="6">{second}</row>'
    path.write_bytes(workbook(sheet=sheet(rows), styles=PERCENT))
    found = [cells[2] for _number, cells in look(path, Format()).rows()]
    assert [(type(cell), cell) for cell in found] == [(Share, Decimal("0.13")), (Decimal, Decimal("0.13"))]
    [seen] = glance(path, Format()).sheets
    assert [type(cell_of(row[2])) for _number, row in seen.rows] == [Share, Decimal]


def test_only_percentages_are_read_as_such_and_a_factor_of_the_mapping_holds():
    share = Share("0.13")
    assert reader(TaxRate, Written())(share) == Decimal(13)
    assert reader(TaxRate, Written(times="100"))(share) == Decimal(13), "as mappings say for all numbers of a column"
    assert reader(Quantity, Written())(share) == Decimal("0.13")
