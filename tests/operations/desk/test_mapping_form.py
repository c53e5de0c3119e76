"""A mapping as a form: what a page shows and sends back is the same mapping, with what the page has no box for."""

from contextlib import suppress
from pathlib import Path

import pytest

from portal.operations.desk.glance import Glance, glance
from portal.operations.desk.mapping_form import form_of, mapping_of, sheets
from portal.operations.desk.samples import samples
from portal.operations.imports.mapping import Format, decode
from portal.platform.refusals import Invalid
from tests.operations import nordwerk

TEXTS = {
    "Lieferanten.csv": nordwerk.SUPPLIERS,
    "Artikel.csv": nordwerk.ITEMS,
    "Preise.csv": "Lieferant;Artikel;Preis;Per;ME;Ab;Gueltig\n70001;A-1;1,5;100;Stk;1;01.01.2026\n",
    "Bestellungen.csv": nordwerk.ORDERS,
    "Positionen.csv": nordwerk.LINES,
    "Eingaenge.csv": "Bestellung;Pos;Gut;Schlecht\n2;10;4;1\n",
}
KINDS = ("suppliers", "items", "prices", "orders", "receipts")
ADVENTURE = Path(__file__).parents[1] / "adventureworks.toml"


@pytest.fixture(scope="module")
def glances(tmp_path_factory) -> dict[str, Glance]:
    folder = tmp_path_factory.mktemp("glances")
    for name, text in TEXTS.items():
        (folder / name).write_bytes(text.encode("latin-1"))
    return {name: glance(folder / name, Format()) for name in TEXTS}


@pytest.mark.parametrize("kind", [*KINDS, "all"])
@pytest.mark.parametrize("text", [nordwerk.MAPPING, ADVENTURE.read_text()], ids=["Nordwerk", "AdventureWorks"])
def test_a_form_that_is_sent_as_it_stands_changes_nothing(glances, kind, text):
    before, sources = decode(text.encode()), samples(glances)
    if kind not in KINDS or getattr(before, kind):
        after = mapping_of(form_of(before, kind, sources), before, kind, sources)
        assert without_files(after, kind) == without_files(before, kind)


def without_files(mapping, kind):
    """The fields alone: a file's name is the one thing that a form says its own way."""
    return mapping.format, mapping.values, {part: table.plans() for part, table in mapping.parts(kind).items()}


def test_what_the_form_has_no_box_for_outlives_it(glances):
    text = nordwerk.MAPPING.replace(
        'number = "Nr"\nname = "Bezeichnung"',
        'number = "Nr"\nname = { column = "Bezeichnung", take = "first", rules = [{ like = "x.*", to = "" }] }',
    ).replace("[items]", '[items]\nkeep = ["ME"]\nskip = [{ column = "Nr", is = "A-9" }]')
    before, sources = decode(text.encode()), samples(glances)
    values = form_of(before, "items", sources)
    assert values["items.name.from"] == "kept"
    after = mapping_of(values | {"items.number.prefix": "N-"}, before, "items", sources)
    assert after.items is not None
    assert before.items is not None
    assert after.items.plans()["name"] == before.items.plans()["name"]
    assert (after.items.keep, after.items.skip) == (before.items.keep, before.items.skip)
    assert after.items.plans()["number"].prefix == "N-"


def test_columns_are_put_together_and_split_by_boxes(glances):
    before, sources = decode(nordwerk.MAPPING.encode()), samples(glances)
    boxes = {"items.name.and.0": "c:ME", "items.name.and.1": "c:Nr", "items.name.between": " / "}
    values = form_of(before, "items", sources) | boxes | {"items.category.from": "c:Nr"}
    after = mapping_of(values | {"items.category.split": "-", "items.category.part": "-1"}, before, "items", sources)
    assert after.items is not None
    plans = after.items.plans()
    assert (plans["name"].sources, plans["name"].between) == (("Bezeichnung", "ME", "Nr"), " / ")
    assert (plans["category"].column, plans["category"].split, plans["category"].part) == ("Nr", "-", -1)
    again = form_of(after, "items", sources)
    assert {name: again[name] for name in boxes} == boxes
    assert mapping_of(again, after, "items", sources) == after
    one = mapping_of(again | {"items.name.and.0": "", "items.name.and.1": ""}, after, "items", sources)
    assert one.items is not None
    assert one.items.plans()["name"].column == "Bezeichnung"
    with pytest.raises(Invalid) as refusal:
        mapping_of(again | {"items.category.part": "first"}, after, "items", sources)
    assert [error.field for error in refusal.value.errors] == ["items.category.part"]


def test_a_box_says_that_an_empty_cell_takes_the_row_above(glances):
    text = nordwerk.MAPPING.replace("[items]", '[items]\nfill = ["Nr", "Elsewhere"]')
    before, sources = decode(text.encode()), samples(glances)
    values = form_of(before, "items", sources)
    assert {name for name in values if name.endswith(".fill")} == {"items.number.fill"}
    for sent, fill in (
        (values, ("Nr", "Elsewhere")),
        (values | {"items.number.fill": ""}, ("Elsewhere",)),
        (values | {"items.name.fill": "1"}, ("Nr", "Elsewhere", "Bezeichnung")),
    ):
        after = mapping_of(sent, before, "items", sources)
        assert after.items is not None
        assert after.items.fill == fill


def test_all_mistakes_are_named_at_once_each_at_its_box(glances):
    before, sources = decode(nordwerk.MAPPING.encode()), samples(glances)
    values = form_of(before, "suppliers", sources) | {
        "suppliers.number.from": "",
        "suppliers.country.value": "Atlantis",
        "suppliers.payment_days.from": "constant",
        "suppliers.payment_days.value": "soon",
        "suppliers.tier.from": "constant",
        "format.decimal": "",
        "format.time_zone": "Mars/Olympus",
    }
    with pytest.raises(Invalid) as refusal:
        mapping_of(values, before, "suppliers", sources)
    assert {error.field for error in refusal.value.errors} == {
        "suppliers.number.from",
        "suppliers.country.value",
        "suppliers.payment_days.value",
        "suppliers.tier.value",
        "format.decimal",
        "format.time_zone",
    }


@pytest.mark.parametrize(
    "wild",
    [
        {"format.delimiter": "ab"},
        {"format.encoding": "\0"},
        {"items.number.from": "c:" + "x" * 9999},
        {"items.source": "9" * 40},
        {"items.source": "-1"},
        {"items.repeated": "sometimes"},
        {"items.unit.map.0.theirs": "\ud800"},
        {"items.name.dates": "%Q\n%"},
        {"items.tax_rate.from": "constant", "items.tax_rate.value": "1" * 5000},
        {"items.name.rules.0.text": "x", "items.name.rules.0.what": "explode"},
    ],
)
def test_whatever_is_sent_is_a_mapping_or_a_refusal(glances, wild):
    before, sources = decode(nordwerk.MAPPING.encode()), samples(glances)
    values = form_of(before, "items", sources) | wild
    with suppress(Invalid):
        mapping_of(values, before, "items", sources)


def test_the_page_shows_needed_fields_first_with_an_example_of_their_column(glances):
    mapping, sources = decode(nordwerk.MAPPING.encode()), samples(glances)
    [sheet] = sheets(form_of(mapping, "suppliers", sources), mapping, "suppliers", sources)
    assert [row.path for row in sheet.fields[:3]] == ["suppliers.number", "suppliers.name", "suppliers.country"]
    assert [row.is_required for row in sheet.fields[:4]] == [True, True, True, False]
    assert sheet.fields[1].example == "Müller & Söhne"
    assert sheet.unused == []


def test_the_example_is_put_together_and_cut_as_the_boxes_say(glances):
    mapping, sources = decode(nordwerk.MAPPING.encode()), samples(glances)
    boxes = {
        "items.name.and.0": "c:ME",
        "items.name.between": " / ",
        "items.number.split": "-",
        "items.number.part": "2",
    }
    typed = form_of(mapping, "items", sources) | boxes
    [sheet] = sheets(typed, mapping, "items", sources)
    shown = {row.path: row.example for row in sheet.fields}
    assert (shown["items.name"], shown["items.number"]) == ("Schraube M8 / Stk", "1")


def test_a_column_that_another_part_of_the_file_uses_is_not_without_a_use(glances):
    text = nordwerk.MAPPING.replace('"Bestellungen.csv"', '"Positionen.csv"').replace(
        'state = { column = "Status"', 'state = { column = "Preis"'
    )
    mapping, sources = decode(text.encode()), samples(glances)
    orders, lines = sheets(form_of(mapping, "orders", sources), mapping, "orders", sources)
    assert (orders.unused, lines.unused) == ([], [])


def test_words_that_are_no_values_are_put_beside_the_ones_that_the_mapping_knows(glances):
    text = nordwerk.MAPPING.replace("Stk = ", "Karton = ")
    mapping, sources = decode(text.encode()), samples(glances)
    [sheet] = sheets(form_of(mapping, "items", sources), mapping, "items", sources)
    unit = next(row for row in sheet.fields if row.path == "items.unit")
    assert dict(unit.maps) == {"Stk": "", "kg": "KGM", "Karton": "H87", "t": "TNE", "": ""}
    assert unit.is_open
