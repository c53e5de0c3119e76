"""What is wrong with files is said all at once, and then nothing of them is there."""

import csv

import pytest

from portal.operations.imports.mapping import Unusable
from portal.operations.imports.report import write_errors
from portal.operations.imports.run import Asked, run_import
from portal.platform.refusals import Denied
from tests.harness.world import buying_company
from tests.operations.nordwerk import (
    ITEMS,
    LINES,
    MAPPING,
    ORDERS,
    SUPPLIERS,
    bring,
    mapping,
    records,
    said,
    settled,
    write,
)

MISTAKES = (
    "Bestellung;Pos;Artikel;Menge;Preis;Per;PreisME;Rabatt;Termin\n"
    "1;10;A-1;0;12,345;100;;;30.06.2026\n"
    "1;20;A-9;2.500;=1+1;1;Fass;2,5;31.02.2026\n"
    "1;20;A-2;1;1;;;;\n"
    "9;10;A-1;1;-1;;;101;01.06.2026\n"
    "2;10;A-1;1;1;1;kg;;01.06.2026;more;cells\n"
)


async def test_all_errors_of_all_files_come_at_once_and_nothing_else_does(connected, tmp_path):
    company = await buying_company()
    await settled(company, tmp_path)
    headers = ORDERS.replace("70002", "79999").replace("bestellt", "vertagt") + "2;70001;02.06.2026;offen\n"
    report = await bring(company, "orders", write(tmp_path, Bestellungen=headers, Positionen=MISTAKES))

    assert [(file, row, column, value) for file, row, column, value, _reason in said(report)] == [
        ("Bestellungen.csv", 3, "Status", "vertagt"),
        ("Bestellungen.csv", 3, "Lieferant", "79999"),
        ("Bestellungen.csv", 4, "Nr", "NW-2"),
        ("Positionen.csv", 2, "Menge", "0"),
        ("Positionen.csv", 3, "Preis", "=1+1"),
        ("Positionen.csv", 3, "PreisME", "Fass"),
        ("Positionen.csv", 3, "Termin", "31.02.2026"),
        ("Positionen.csv", 3, "Artikel", "A-9"),
        ("Positionen.csv", 4, "Pos", "20"),
        ("Positionen.csv", 5, "Preis", "-1"),
        ("Positionen.csv", 5, "Rabatt", "101"),
        ("Positionen.csv", 5, "Bestellung", "NW-9"),
        ("Positionen.csv", 6, "", ""),
        ("Positionen.csv", 6, "PreisME", "KGM"),
    ]
    assert all(reason for *_place, reason in said(report))
    assert report.facts()["outcome"] == "refused"
    assert report.kinds["orders"] == {
        "created": 0,
        "updated": 0,
        "unchanged": 0,
        "warnings": 0,
        "errors": 3,
        "right": 0,
    }
    assert report.kinds["lines"]["errors"] == 11
    assert await records(company, "select 1 from purchase_order union all select 1 from import_order_line") == []


async def test_the_file_of_errors_holds_no_formula(connected, tmp_path):
    company = await buying_company()
    await settled(company, tmp_path)
    report = await bring(company, "orders", write(tmp_path, Bestellungen=ORDERS, Positionen=MISTAKES))
    write_errors(tmp_path / "errors.csv", report)
    with (tmp_path / "errors.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["file", "row", "column", "value", "reason"]
    assert len(rows) == len(report.errors)
    assert {"'=1+1", "'-1"} < {row[3] for row in rows}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


async def test_one_bad_row_keeps_a_whole_file_out(connected, tmp_path):
    company = await buying_company()
    report = await bring(company, "items", write(tmp_path, Artikel=ITEMS + "A-1;Schraube;Stk\n;Mutter;Stk\n"))
    assert said(report) == [
        ("Artikel.csv", 4, "Nr", "A-1", "Row 2 is about the same already."),
        ("Artikel.csv", 5, "Nr", "", "This must not be empty."),
    ]
    assert await records(company, "select 1 from item") == []


async def test_prices_need_their_suppliers_and_items_and_name_both(connected, tmp_path):
    company = await buying_company()
    prices = "Lieferant;Artikel;Preis;Per;ME;Ab;Gueltig\n70001;A-1;1,5;100;kg;;01.01.2026\n"
    [paths] = [write(tmp_path, Preise=prices)]
    assert [(row, column) for _file, row, column, *_rest in said(await bring(company, "prices", paths))] == [
        (2, "Lieferant"),
        (2, "Artikel"),
    ]
    await settled(company, tmp_path)
    report = await bring(company, "prices", paths)
    assert report.kinds["prices"] == {"created": 1, "updated": 0, "unchanged": 0, "warnings": 1, "errors": 0}
    assert "does not convert" in str(report.warnings[0].reason)


async def test_a_file_that_cannot_be_read_to_its_end_leaves_nothing(connected, tmp_path):
    company = await buying_company()
    paths = write(tmp_path, Lieferanten=SUPPLIERS + '70003;"never closed')
    with pytest.raises(Unusable, match="near line 4"):
        await bring(company, "suppliers", paths)
    assert await records(company, "select 1 from trading_relationship") == []


@pytest.mark.parametrize(
    ("wrong", "right", "reasons"),
    [
        ('name = "Name"', 'nmae = "Name"', ["no field nmae", "field name of suppliers is needed"]),
        ('city = "Ort"', 'city = "Stadt"', ["Lieferanten.csv has no column Stadt"]),
        ('column = "Land"', 'colum = "Land"', ["unknown field `colum`"]),
        ('map = "units"', 'map = "Einheiten"', ["Einheiten"]),
        ('"Lieferanten*.csv"', '"../Lieferanten.csv"', ["without a folder"]),
        ('"Lieferanten*.csv"', '"Kreditoren.csv"', ["wants Kreditoren.csv"]),
        ('decimal = ","', 'decimal = ",,"', ["one character"]),
        ('"Europe/Berlin"', '"Europe/Bonn"', ["time zone"]),
        ('default = "DE" }', 'default = "DE", constant = "DE" }', ["either a column"]),
        ('city = "Ort"', 'city = { constant = "\\u0007" }', ["city: Enter one line of text"]),
        ("[suppliers]", "[suppliers", ["cannot be used|Expected"]),
    ],
)
async def test_a_mistake_in_the_mapping_is_named(connected, tmp_path, wrong, right, reasons):
    assert wrong in MAPPING
    company = await buying_company()
    with pytest.raises((Unusable, ValueError)) as refusal:
        await bring(company, "suppliers", write(tmp_path, Lieferanten=SUPPLIERS), by=MAPPING.replace(wrong, right, 1))
    for reason in reasons:
        refusal.match(reason)


async def test_a_kind_that_the_mapping_does_not_know_is_refused(connected, tmp_path):
    with pytest.raises(Unusable, match="says nothing about suppliers"):
        await bring(await buying_company(), "suppliers", write(tmp_path, Artikel=ITEMS), by='name = "Nothing"')


async def test_people_do_not_import_by_their_roles_alone(connected, tmp_path):
    company = await buying_company()
    asked = Asked("items", write(tmp_path, Artikel=ITEMS), mapping())
    with pytest.raises(Denied):
        await run_import(company.buyer, asked, lambda _done, _what: None)


async def test_files_that_the_mapping_has_no_use_for_are_named(connected, tmp_path):
    paths = write(tmp_path, Artikel=ITEMS, Positionen=LINES)
    report = await bring(await buying_company(), "items", paths)
    assert report.unused == ["Positionen.csv"]
    assert "Not used: Positionen.csv." in [str(sentence) for sentence in report.sentences()]


BAD = (
    *(
        "\x01",
        "\x7f",
        "\u202e",
        "\ufeff",
        "\u2028",
        "'; drop table item; --",
        "{{7*7}}",
        "<script>",
        "=cmd|' /C calc'!A0",
    ),
    *(
        "9" * 44,
        "-1",
        "NaN",
        "Infinity",
        "1e400",
        "0,000000001",
        "١٢",
        "\\u0000",
        "0000-0000",
        "true",
        "[]",
        "\U0001f4a5",
    ),
    *("31.02.2026", "01.01.0001", "01.01.9999", "2026-13-45", "x" * 5000, "  ", "\t"),
)
GOOD = {
    "suppliers": {"Lieferanten": SUPPLIERS},
    "items": {"Artikel": ITEMS},
    "prices": {"Preise": "Lieferant;Artikel;Preis;Per;ME;Ab;Gueltig\n70001;A-1;1,5;100;Stk;1;01.01.2026\n"},
    "orders": {"Bestellungen": ORDERS, "Positionen": LINES},
    "receipts": {"Eingaenge": "Bestellung;Pos;Gut;Schlecht\n2;10;4;1\n"},
}


@pytest.mark.parametrize("kind", GOOD)
async def test_no_cell_brings_the_import_down(connected, tmp_path, kind):
    """Each bad text in each column: a report that names it, or a record that holds it; never an error of ours."""
    company = await buying_company()
    await settled(company, tmp_path)
    if kind == "receipts":
        await bring(company, "orders", write(tmp_path, Bestellungen=ORDERS, Positionen=LINES))
    by = MAPPING.replace('name = "Name"', 'name = "Name"\nemail = "Name"').replace(
        "[items]", '[items]\nkeep = ["Nr", "Bezeichnung"]'
    )
    for name, text in GOOD[kind].items():
        header, first, *_more = text.splitlines()
        cells = first.split(";")
        spoilt = [";".join([*cells[:at], bad, *cells[at + 1 :]]) for at in range(len(cells)) for bad in BAD]
        files = GOOD[kind] | {name: "\n".join([header, *spoilt])}
        report = await bring(company, kind, write(tmp_path, "utf-8", **files), by=by)
        assert report.refused
        assert {problem.row for problem in report.errors} <= set(range(2, 2 + max(len(spoilt), 5)))
