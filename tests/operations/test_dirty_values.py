"""Texts where a value should be, rows that are none, columns that hold two things: what a mapping can say of them."""

import pytest

from portal.operations.imports.mapping import Unusable
from tests.harness.world import buying_company
from tests.operations.nordwerk import bring, records, said, settled, write

ITEMS = """
name = "Rules"
[format]
decimal = ","
thousands = "."
empty = ["n/a"]
[items]
file = "Items.csv"
FIELDS
"""
PRICES = (
    "Nr;Name;Satz\n1;Mutter;19\n2;Schraube;frei\n3;Blech;Siehe Vertrag 7\n4;Rohr;n/a\n5;Nagel;frei\n6;Draht;unklar\n"
)


def by(fields: str, more: str = "") -> str:
    fixed = 'number = "Nr"\nname = "Name"\nunit = { constant = "H87" }\n'
    return ITEMS.replace("FIELDS", f"{more}\n[items.fields]\n{fixed}{fields}")


async def brought(company, folder, text, mapping):
    return await bring(company, "items", write(folder, "utf-8", Items=text), by=mapping)


async def test_texts_in_a_column_of_numbers_become_what_the_mapping_says(connected, tmp_path):
    """One text is a number, one pattern holds a number, one text is nothing; one is refused, and named."""
    rules = """
    [items.fields.tax_rate]
    column = "Satz"
    rules = [
      { is = "frei", to = "0,5" },
      { like = "Siehe Vertrag (\\\\d+)", to = "\\\\1" },
      { is = "unklar", reject = true },
    ]
    default = "19"
    """
    company = await buying_company()
    report = await brought(company, tmp_path, PRICES, by(rules))
    assert said(report) == [("Items.csv", 7, "Satz", "unklar", "The mapping rejects this.")]
    report = await brought(company, tmp_path, PRICES.replace("unklar", "7"), by(rules))
    found = await records(company, "select number, tax_rate::text from item order by number")
    assert [row["tax_rate"] for row in found] == ["19", "0.5", "7", "19", "0.5", "7"]


async def test_the_report_counts_what_was_treated(connected, tmp_path):
    rules = 'tax_rate = { column = "Satz", empty = ["frei"], rules = [{ like = "Siehe.*", to = "7" }], default = "19" }'
    report = await brought(await buying_company(), tmp_path, PRICES.replace("unklar", "7"), by(rules))
    assert [str(treated.sentence()) for treated in report.treated] == [
        "2 × 'frei' in Satz of Items.csv → empty",
        "1 × 'Siehe.*' in Satz of Items.csv → '7'",
        "1 × 'n/a' in Satz of Items.csv → empty",
    ]
    assert "2 × 'frei' in Satz of Items.csv → empty" in [str(sentence) for sentence in report.sentences()]
    assert report.facts()["treated"][0] == {
        "file": "Items.csv",
        "column": "Satz",
        "text": "frei",
        "became": "",
        "rows": 2,
    }


async def test_rows_of_totals_and_of_other_things_are_left_out(connected, tmp_path):
    text = "Nr;Name;Art\n1;Mutter;W\n2;Miete;D\n;Summe Muttern;\n3;Blech;W\nGesamt;2 Artikel;\n"
    skips = 'skip = [{ column = "Name", like = "(?i)summe.*" }, { column = "Art", is = ["W", "H"], unless = true }]'
    company = await buying_company()
    report = await brought(company, tmp_path, text, by("", skips))
    assert report.kinds["items"]["created"] == 2
    assert {(treated.column, treated.text, treated.became, treated.rows) for treated in report.treated} == {
        ("Name", "(?i)summe.*", None, 1),
        ("Art", "D", None, 1),
        ("Art", "", None, 1),
    }
    assert "row left out" in str(report.treated[0].sentence())


async def test_a_column_is_split_and_put_together(connected, tmp_path):
    """`HD-4711 / Mutter M8 (Stahl)` is a plant, a number, a name and a category."""
    text = "Werk;Artikel\nK1;HD-4711 / Mutter M8 (Stahl)\nK2;HD-4712 / Blech\n"
    derived = """
    [items.derived]
    Code = { column = "Artikel", split = " / ", part = 1 }
    Nr = { columns = ["Werk", "Code"], between = ":" }
    Name = { column = "Artikel", like = ".* / ([^(]*)(?: \\\\(.*)?" }
    """
    field = 'category = { column = "Artikel", like = ".*\\\\((.*)\\\\)", default = "Other" }'
    company = await buying_company()
    await brought(company, tmp_path, text, by(field, derived))
    found = await records(company, "select number, name, category from item order by number")
    assert [tuple(row.values()) for row in found] == [
        ("K1:HD-4711", "Mutter M8", "Stahl"),
        ("K2:HD-4712", "Blech", "Other"),
    ]


async def test_the_second_column_of_a_name_is_called_by_its_number(connected, tmp_path):
    text = "Nr;Name;Name\n1;alt;neu\n"
    company = await buying_company()
    await brought(company, tmp_path, text, by("").replace('name = "Name"', 'name = "Name#2"'))
    assert await records(company, "select name from item") == [{"name": "neu"}]


async def test_rows_that_are_too_short_or_too_long_and_rows_of_blanks(connected, tmp_path):
    text = 'Nr;Name;Gruppe\n1;"Mutter; verzinkt\nM8"\n;;\n  ; ;\t\n2;Blech;G1;;\n3;Rohr;G2;zu;viel\n'
    report = await brought(await buying_company(), tmp_path, text, by('category = "Gruppe"'))
    assert [(row, reason) for _file, row, _column, _value, reason in said(report)] == [
        (6, "The row has more cells than the header.")
    ]
    company = await buying_company()
    await brought(company, tmp_path, text.replace(";zu;viel", ""), by('category = "Gruppe"'))
    assert {row["name"] for row in await records(company, "select name from item")} == {
        "Mutter; verzinkt M8",
        "Blech",
        "Rohr",
    }


async def test_an_empty_cell_can_mean_what_stands_above(connected, tmp_path):
    text = "Gruppe;Nr;Name\nStahl;1;Blech\n;2;Rohr\nHolz;3;Brett\n;4;Latte\n"
    company = await buying_company()
    await brought(company, tmp_path, text, by('category = "Gruppe"', 'fill = ["Gruppe"]'))
    found = await records(company, "select category from item order by number")
    assert [row["category"] for row in found] == ["Stahl", "Stahl", "Holz", "Holz"]


REPEATED = "Nr;Name;Gruppe;Satz\n1;Mutter;;7\n2;Blech;G2;19\n1;Mutter;G1;19\n1;Mutter M8;G1;7\n"


async def test_rows_of_one_record_must_agree_or_the_first_or_last_holds(connected, tmp_path):
    fields = 'category = "Gruppe"\ntax_rate = "Satz"'
    outcomes = {}
    for repeated in ("same", "first", "last"):
        company = await buying_company()
        report = await brought(company, tmp_path, REPEATED, by(fields, f'repeated = "{repeated}"'))
        found = await records(company, "select name, category, tax_rate::text from item where number = '1'")
        outcomes[repeated] = said(report) or [tuple(row.values()) for row in found]
    assert outcomes["same"] == [
        ("Items.csv", 4, "Satz", "19", "Row 2 says 7 of the same record."),
        ("Items.csv", 5, "Name", "Mutter M8", "Row 2 says Mutter of the same record."),
    ]
    assert outcomes["first"] == [("Mutter", "G1", "7")], "an empty cell says nothing"
    assert outcomes["last"] == [("Mutter M8", "G1", "7")]


async def test_a_field_can_take_the_least_the_most_or_the_sum_of_its_rows(connected, tmp_path):
    company = await buying_company()
    fields = 'category = { column = "Gruppe", take = "most" }\ntax_rate = { column = "Satz", take = "sum" }'
    await brought(company, tmp_path, REPEATED.replace("Mutter M8", "Mutter"), by(fields, 'repeated = "same"'))
    found = await records(company, "select name, category, tax_rate::text from item where number = '1'")
    assert [tuple(row.values()) for row in found] == [("Mutter", "G1", "33")]


async def test_the_same_repeated_rows_again_change_nothing(connected, tmp_path):
    company = await buying_company()
    mapping = by('category = "Gruppe"', 'repeated = "first"')
    first = await brought(company, tmp_path, REPEATED, mapping)
    again = await brought(company, tmp_path, REPEATED, mapping)
    assert (first.facts()["outcome"], again.facts()["outcome"]) == ("imported", "unchanged")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ('tax_rate = { column = "Satz", rules = [{ is = "x" }] }', "either `to` or `reject`"),
        ('tax_rate = { column = "Satz", rules = [{ to = "x" }] }', "either `is` or `like`"),
        ('tax_rate = { column = "Satz", rules = [{ like = "(", to = "x" }] }', "cannot be used"),
        ('tax_rate = { column = "Satz", rules = [{ like = "(a)", to = "\\\\2" }] }', "no group 2"),
        ('tax_rate = { column = "Satz", like = "(a)(?=b)" }', "cannot be used"),
        ('tax_rate = { column = "Satz", like = "(a)", part = 2 }', "no group 2"),
        ('tax_rate = { column = "Satz", split = ",", part = 0 }', "counted from 1"),
        ('tax_rate = { column = "Satz", split = ",", like = "(a)" }', "either by `split` or by `like`"),
        ('tax_rate = { column = "Satz", times = "0" }', "times must be a number"),
        ('tax_rate = { column = "Satz", take = "middle" }', "middle"),
        ('tax_rate = { column = "Satz" }\n[files.f]\nfile = "../x"', "without a folder"),
    ],
)
async def test_a_mistake_in_a_rule_is_named(connected, tmp_path, wrong, reason):
    with pytest.raises((ValueError, Unusable), match=reason):
        await brought(await buying_company(), tmp_path, PRICES, by(wrong))


async def test_a_pattern_keeps_nobody_busy(connected, tmp_path):
    """`(a+)+b` takes other engines longer than the universe has."""
    fields = 'tax_rate = { column = "Satz", rules = [{ like = "(a+)+b", to = "1" }], empty = ["%s"] }' % ("a" * 500)
    report = await brought(await buying_company(), tmp_path, f"Nr;Name;Satz\n1;Mutter;{'a' * 500}\n", by(fields))
    assert report.kinds["items"]["created"] == 1


async def test_a_file_of_the_mappings_own_name_is_read_the_same_way_by_everybody(connected, tmp_path):
    named = """
    [files.all]
    file = "Items.csv"
    skip = [{ column = "Nr", is = "Summe" }]
    format = { decimal = "," }
    derived = { Lang = { columns = ["Nr", "Name"], between = "-" } }
    """
    company = await buying_company()
    mapping = by('category = "Lang"').replace('file = "Items.csv"', 'file = "all"') + named
    await brought(company, tmp_path, "Nr;Name\n1;Mutter\nSumme;1\n", mapping)
    assert await records(company, "select number, category from item") == [{"number": "1", "category": "1-Mutter"}]


SPREAD = (
    "Bestellung;Lieferant;Datum;Artikel;Menge;Preis\n"
    "B1;70001;02.06.2026;A-1;10;1\n"
    ";;;A-2;20;2\n"
    "B2;70002;03.06.2026;A-1;5;3\n"
    "B2;70002;{other};A-2;1;4\n"
)
ORDERS = """
name = "Spread"
[format]
dates = ["%d.%m.%Y"]
[files.all]
file = "Alles.csv"
fill = ["Bestellung", "Lieferant", "Datum"]
[orders]
file = "all"
repeated = "REPEATED"
[orders.fields]
number = "Bestellung"
supplier = "Lieferant"
ordered_at = "Datum"
state = { constant = "issued" }
[orders.lines]
file = "all"
[orders.lines.fields]
order_number = "Bestellung"
item = "Artikel"
quantity = "Menge"
unit_price = "Preis"
"""


async def spread(company, folder, repeated, other="03.06.2026"):
    paths = write(folder, Alles=SPREAD.format(other=other))
    return await bring(company, "orders", paths, by=ORDERS.replace("REPEATED", repeated))


async def test_an_order_that_is_spread_over_rows_becomes_one_with_numbered_lines(connected, tmp_path):
    """Its head stands on each of its rows, or on the first of them alone."""
    company = await buying_company()
    await settled(company, tmp_path)
    report = await spread(company, tmp_path, "same")
    assert {part: figures["created"] for part, figures in report.kinds.items()} == {"orders": 2, "lines": 4}
    found = await records(
        company,
        "select o.number, l.line, l.item_number, l.net, o.net as total from purchase_order_line l "
        "join purchase_order o on o.id = l.order_id order by 1, 2",
    )
    assert [(row["number"], row["line"], row["item_number"], int(row["net"]), int(row["total"])) for row in found] == [
        ("B1", 1, "A-1", 10, 50),
        ("B1", 2, "A-2", 40, 50),
        ("B2", 1, "A-1", 15, 19),
        ("B2", 2, "A-2", 4, 19),
    ]
    assert (await spread(company, tmp_path, "same")).facts()["outcome"] == "unchanged"


async def test_an_order_whose_rows_disagree_about_its_head_is_refused_or_decided(connected, tmp_path):
    company = await buying_company()
    await settled(company, tmp_path)
    report = await spread(company, tmp_path, "same", other="04.06.2026")
    assert [(file, row, column) for file, row, column, *_rest in said(report)] == [("Alles.csv", 5, "Datum")]
    assert "Row 4 says 2026-06-03" in said(report)[0][4]
    report = await spread(company, tmp_path, "error")
    assert {reason.partition(" is ")[0] for *_place, reason in said(report)} == {"Row 2", "Row 4"}
    await spread(company, tmp_path, "last", other="04.06.2026")
    [row] = await records(company, "select created_at::date::text as day from purchase_order where number = 'B2'")
    assert row["day"] == "2026-06-04"


async def test_a_long_file_is_read_to_its_end(connected, tmp_path):
    """100,000 rows of 2,000 items, in Windows' encoding, with quoted line breaks and a total at the end."""
    rows = "".join(f'{n % 2000};"Größe {n % 2000}\nrund";Gr. {n % 7}\n' for n in range(100_000))
    company = await buying_company()
    skip = 'repeated = "first"\nskip = [{ column = "Nr", like = "Summe.*" }]'
    path = write(tmp_path, "cp1252", Items=f"Nr;Name;Art\n{rows}Summe: 100.000;;\n")
    report = await bring(company, "items", path, by=by('category = "Art"', skip))
    assert report.errors == []
    assert report.kinds["items"]["created"] == 2000
    [row] = await records(company, "select name, category from item where number = '1999'")
    assert tuple(row.values()) == ("Größe 1999 rund", "Gr. 4")
