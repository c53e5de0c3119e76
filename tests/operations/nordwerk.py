"""Nordwerk, a small company whose system writes another way: semicolons, Latin-1, decimal commas, days first."""

from pathlib import Path
from typing import Any

from portal.operations.imports.mapping import Mapping, decode
from portal.operations.imports.report import Report
from portal.operations.imports.run import Asked, run_import
from portal.platform.actor import Actor
from portal.platform.work import viewing

MAPPING = """
name = "Nordwerk"

[format]
decimal = ","
thousands = "."
dates = ["%d.%m.%Y"]
time_zone = "Europe/Berlin"
empty = ["n/a"]

[values.units]
Stk = "H87"
kg = "KGM"
t = "TNE"

[suppliers]
file = "Lieferanten*.csv"
[suppliers.fields]
number = "Nr"
name = "Name"
country = { column = "Land", default = "DE" }
city = "Ort"

[items]
file = "Artikel.*"
[items.fields]
number = "Nr"
name = "Bezeichnung"
unit = { column = "ME", map = "units" }
tax_rate = { constant = "19" }

[prices]
file = "Preise.csv"
[prices.fields]
supplier = "Lieferant"
item = "Artikel"
unit_price = "Preis"
base_quantity = "Per"
unit = { column = "ME", map = "units" }
minimum_quantity = "Ab"
valid_from = "Gueltig"

[orders]
file = "Bestellungen.csv"
[orders.fields]
number = { column = "Nr", prefix = "NW-" }
supplier = "Lieferant"
ordered_at = "Datum"
state = { column = "Status", map = { offen = "in_approval", bestellt = "issued", fertig = "closed" } }

[orders.lines]
file = "Positionen.csv"
[orders.lines.fields]
order_number = { column = "Bestellung", prefix = "NW-" }
line = "Pos"
item = "Artikel"
quantity = "Menge"
unit_price = "Preis"
base_quantity = { column = "Per", default = "1" }
price_unit = { column = "PreisME", map = "units" }
discount = "Rabatt"
requested_date = "Termin"

[receipts]
file = "Eingaenge.csv"
[receipts.fields]
order_number = { column = "Bestellung", prefix = "NW-" }
line = "Pos"
accepted = "Gut"
rejected = "Schlecht"
"""

SUPPLIERS = "Nr;Name;Land;Ort\n70001;Müller & Söhne;DE;Köln\n70002;Åkesson AB;SE;n/a\n"
ITEMS = "Nr;Bezeichnung;ME\nA-1;Schraube M8;Stk\nA-2;Stahlblech;kg\n"
ORDERS = "Nr;Lieferant;Datum;Status\n1;70001;02.06.2026;offen\n2;70002;03.06.2026;bestellt\n"
LINES = (
    "Bestellung;Pos;Artikel;Menge;Preis;Per;PreisME;Rabatt;Termin\n"
    "1;10;A-1;1.000;12,345;100;;;30.06.2026\n"
    "1;20;A-2;2.500;810,00;1;t;2,5;01.06.2026\n"
    "2;10;A-2;10;0,99;;;;15.06.2026\n"
)


def mapping(text: str = MAPPING) -> Mapping:
    return decode(text.encode())


def write(folder: Path, encoding: str = "latin-1", **files: str) -> list[Path]:
    """The files of these names (without `.csv`), in one encoding."""
    paths = [folder / f"{name}.csv" for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        path.write_bytes(text.encode(encoding))
    return paths


async def bring(company: Any, kind: str, files: list[Path], dry_run: bool = False, by: str = MAPPING) -> Report:
    """Import as the company's system actor."""
    return await run_import(
        Actor.system(company.id), Asked(kind, files, mapping(by), dry_run), lambda _done, _what: None
    )


async def settled(company: Any, folder: Path) -> None:
    """Suppliers and items are there, from which orders can come."""
    for kind, name, text in (("suppliers", "Lieferanten", SUPPLIERS), ("items", "Artikel", ITEMS)):
        report = await bring(company, kind, write(folder, **{name: text}))
        assert report.kinds[kind]["created"] == 2


async def records(company: Any, sql: str) -> list[dict[str, Any]]:
    """What the company itself sees."""
    async with viewing(Actor.system(company.id)) as view:
        return [dict(row) for row in await view.fetch(sql)]


def said(report: Report) -> list[tuple[str, int, str, str, str]]:
    """The errors of a report as a person reads them."""
    return [(p.file, p.row, p.column, p.value, str(p.reason)) for p in report.errors]
