"""What can be read in two ways is said, with how it was read: by the command, in the report, on the mapping's page."""

import pytest

from portal.operations.desk.glance import glance
from portal.operations.desk.mapping_form import form_of, mapping_of
from portal.operations.desk.open_questions import questions
from portal.operations.desk.samples import samples
from portal.operations.imports.doubts import other_order
from portal.operations.imports.mapping import Format
from tests.harness.world import buying_company
from tests.operations.nordwerk import MAPPING, ORDERS, bring, mapping, settled, write

SLASHED = MAPPING.replace('dates = ["%d.%m.%Y"]', 'dates = ["%d/%m/%Y"]').replace(
    'decimal = ","\nthousands = "."', 'decimal = "."\nthousands = ","'
)
HEADER = "Bestellung;Pos;Artikel;Menge;Preis;Per;PreisME;Rabatt;Termin\n"


def lines(*rows):
    return HEADER + "".join(
        f"1;{place}0;A-1;{quantity};{price};;;;{day}\n" for place, (quantity, price, day) in enumerate(rows, 1)
    )


async def doubts(folder, text, by=SLASHED):
    company = await buying_company()
    await settled(company, folder)
    files = write(folder, Bestellungen=ORDERS.replace(".", "/"), Positionen=text)
    return await bring(company, "orders", files, dry_run=True, by=by)


def told(report):
    return [(doubt.column, doubt.what, [tuple(each) for each in doubt.examples]) for doubt in report.doubts]


async def test_dates_that_could_begin_with_the_month_are_named_with_two_examples(connected, tmp_path):
    report = await doubts(
        tmp_path, lines(("1", "9.50", "03/04/2026"), ("2", "9.50", "05/06/2026"), ("3", "9", "01/02/2026"))
    )
    assert [each for each in report.errors if each.file == "Positionen.csv"] == []
    assert told(report) == [
        ("Datum", "date", [("02/06/2026", "2026-06-02", "2026-02-06"), ("03/06/2026", "2026-06-03", "2026-03-06")]),
        ("Termin", "date", [("03/04/2026", "2026-04-03", "2026-03-04"), ("05/06/2026", "2026-06-05", "2026-05-06")]),
    ]
    said = [str(sentence) for sentence in report.sentences()]
    assert any("Termin of Positionen.csv" in each and "03/04/2026 is read as 2026-04-03" in each for each in said)
    assert report.facts()["doubts"][1]["examples"][0]["otherwise"] == "2026-03-04"


async def test_one_day_beyond_the_twelfth_settles_its_column(connected, tmp_path):
    report = await doubts(tmp_path, lines(("1", "9.50", "03/04/2026"), ("2", "9.50", "25/06/2026")))
    assert [column for column, _what, _examples in told(report)] == ["Datum"]


@pytest.mark.parametrize("day", ["2026-04-03", "03.04.2026", "05/05/2026"])
async def test_what_nobody_reads_otherwise_is_no_doubt(connected, tmp_path, day):
    by = SLASHED.replace('"%d/%m/%Y"', '"%d/%m/%Y", "%d.%m.%Y"')
    report = await doubts(tmp_path, lines(("1", "9.50", day)), by)
    assert [column for column, _what, _examples in told(report)] == ["Datum"]


async def test_numbers_that_could_be_thousands_or_fractions_are_named(connected, tmp_path):
    report = await doubts(tmp_path, lines(("1,234", "9", "2026-04-03"), ("2,500", "12", "2026-04-03")))
    assert [each for each in told(report) if each[1] == "number"] == [
        ("Menge", "number", [("1,234", "1234", "1.234"), ("2,500", "2500", "2.500")]),
    ]
    said = [str(sentence) for sentence in report.sentences()]
    assert any("1,234 is read as the whole number 1234" in each and "`thousands`" in each for each in said)


@pytest.mark.parametrize("price", ["12.50", "1,234,567", "1,234.5"])
async def test_marks_of_one_column_settle_the_numbers_of_the_file(connected, tmp_path, price):
    report = await doubts(tmp_path, lines(("1,234", price, "2026-04-03"), ("2,500", "12", "2026-04-03")))
    assert [each for each in told(report) if each[1] == "number"] == []


async def test_who_says_it_of_the_field_is_told_nothing_more(connected, tmp_path):
    by = SLASHED.replace('quantity = "Menge"', 'quantity = { column = "Menge", decimal = ".", thousands = "," }')
    by = by.replace('requested_date = "Termin"', 'requested_date = { column = "Termin", dates = ["%m/%d/%Y"] }')
    report = await doubts(tmp_path, lines(("1,234", "9", "03/04/2026")), by)
    assert [column for column, _what, _examples in told(report)] == ["Datum"]


async def test_two_orders_of_day_and_month_in_one_mapping_are_never_settled_by_a_cell(connected, tmp_path):
    by = SLASHED.replace('"%d/%m/%Y"', '"%d/%m/%Y", "%m/%d/%Y"')
    report = await doubts(tmp_path, lines(("1", "9.50", "03/04/2026"), ("2", "9.50", "12/25/2026")), by)
    assert [column for column, _what, _examples in told(report)] == ["Datum", "Termin"]


@pytest.mark.parametrize(
    ("way", "other"),
    [
        ("%d/%m/%Y", "%m/%d/%Y"),
        ("%m-%d-%y %H:%M", "%d-%m-%y %H:%M"),
        ("%d.%m.%Y", None),
        ("%Y/%m/%d", None),
        ("%d-%b-%y", None),
        ("excel", None),
    ],
)
def test_what_the_other_order_of_a_way_is(way, other):
    assert other_order(way) == other


def test_the_mapping_page_asks_and_the_answer_stands_in_the_mapping(tmp_path):
    (file,) = write(tmp_path, Positionen=lines(("1,234", "9", "03/04/2026"), ("2,500", "12", "05/06/2026")))
    (orders,) = write(tmp_path, Bestellungen=ORDERS.replace(".", "/"))
    glances = {path.name: glance(path, Format()) for path in (file, orders)}
    before, sources = mapping(SLASHED), samples(glances)

    asked = questions(before, "orders", glances)
    assert [(each.doubt.column, each.box) for each in asked] == [
        ("Datum", "orders.ordered_at.settled.date"),
        ("Menge", "lines.quantity.settled.number"),
        ("Termin", "lines.requested_date.settled.date"),
    ]
    answers = {asked[0].box: "as_read", asked[1].box: "otherwise", asked[2].box: "otherwise"}
    after = mapping_of(form_of(before, "orders", sources) | answers, before, "orders", sources)
    assert questions(after, "orders", glances) == []
    fields = after.parts("orders")["lines"].plans()
    assert (fields["quantity"].decimal, fields["quantity"].thousands) == (",", ".")
    assert fields["requested_date"].dates == ("%m/%d/%Y",)
    assert after.parts("orders")["orders"].plans()["ordered_at"].dates == ("%d/%m/%Y",)
    again = mapping_of(form_of(after, "orders", sources), after, "orders", sources)
    assert again.parts("orders")["lines"].plans()["quantity"].decimal == ","
