"""What an import has to keep in memory is bounded, and who comes to the bound is told."""

import pytest

from portal.operations.imports import joins, records
from portal.operations.imports.mapping import Unusable
from tests.harness.world import buying_company
from tests.operations.nordwerk import MAPPING, SUPPLIERS, bring, write

JOINED = MAPPING.replace(
    '[suppliers]\nfile = "Lieferanten*.csv"\n',
    '[suppliers]\nfile = "Lieferanten*.csv"\n[[suppliers.joins]]\nas = "o"\nfile = "Orte.csv"\non = { Ort = "Ort" }\n',
).replace('city = "Ort"', 'city = "o.Stadt"')
PLACES = "Ort;Stadt\nKöln;Cologne\nn/a;\n"


async def test_a_file_to_look_rows_up_in_is_not_too_long(connected, tmp_path, monkeypatch):
    company = await buying_company()
    paths = write(tmp_path, Lieferanten=SUPPLIERS, Orte=PLACES)
    assert (await bring(company, "suppliers", paths, dry_run=True, by=JOINED)).errors == []
    monkeypatch.setattr(joins, "MOST_ROWS", 1)
    with pytest.raises(Unusable, match=r"Orte.csv is too large to look rows up in it: at most 1\."):
        await bring(company, "suppliers", paths, dry_run=True, by=JOINED)
    monkeypatch.undo()
    monkeypatch.setattr(joins, "MOST_LETTERS", 10)
    with pytest.raises(Unusable, match="too large to look rows up"):
        await bring(company, "suppliers", paths, dry_run=True, by=JOINED)


async def test_records_of_several_rows_are_not_too_many(connected, tmp_path, monkeypatch):
    company = await buying_company()
    by = MAPPING.replace('file = "Lieferanten*.csv"', 'file = "Lieferanten*.csv"\nrepeated = "last"')
    monkeypatch.setattr(records, "MOST", 1)
    with pytest.raises(Unusable, match="More than 1 records of several rows"):
        await bring(company, "suppliers", write(tmp_path, Lieferanten=SUPPLIERS), by=by)


async def test_rows_that_are_too_many_to_be_remembered_say_the_same_all_the_same(connected, tmp_path, monkeypatch):
    company = await buying_company()
    by = MAPPING.replace('file = "Lieferanten*.csv"', 'file = "Lieferanten*.csv"\nrepeated = "first"')
    monkeypatch.setattr(records, "MOST_SEEN", 1)
    report = await bring(company, "suppliers", write(tmp_path, Lieferanten=SUPPLIERS + SUPPLIERS), by=by)
    assert report.kinds["suppliers"]["created"] == 2
