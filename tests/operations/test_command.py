"""`portal import` as an operator calls it: exit codes, what stands on the screen, where errors go."""

import json
import os
import subprocess
import sys

import pytest

from tests.harness.cluster import RING, url
from tests.harness.world import buying_company
from tests.operations.adventureworks import ROOT
from tests.operations.nordwerk import ITEMS, LINES, MAPPING, ORDERS, SUPPLIERS, write


@pytest.fixture
async def portal(connected, database, tmp_path):
    """`portal("items", …)`: the command of a company of its own, by Nordwerk's mapping."""
    company = await buying_company()
    environment = os.environ | {"PORTAL_DATABASE_URL": url("portal_app", database), "PORTAL_DATA": str(tmp_path)}
    environment |= {"PORTAL_SECRET_KEYS": RING}
    (tmp_path / "nordwerk.toml").write_text(MAPPING)
    options = ["--mapping", "nordwerk.toml", "--organisation", company.name]
    command = [sys.executable, "-c", "from portal.cli import main; main()", "import"]

    def run(*arguments):
        return subprocess.run(
            [*command, *options, *arguments],
            cwd=tmp_path,
            env=environment | {"PYTHONPATH": str(ROOT), "COLUMNS": "200"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


async def test_what_is_wrong_is_shown_written_down_and_exits_with_1(portal, tmp_path):
    write(tmp_path, Artikel=ITEMS + "A-3;Mutter;Eimer\n=1;;Stk\n")
    done = portal("items", "Artikel.csv", "--errors", "errors.csv")
    assert done.returncode == 1
    assert "The mapping does not say what this means" in done.stdout
    assert "Refused, nothing was changed" in done.stderr
    assert (tmp_path / "errors.csv").read_text("utf-8-sig").count("Artikel.csv") == 2

    write(tmp_path, Artikel=ITEMS)
    done = portal("items", "Artikel.csv", "--errors", "errors.csv")
    assert (done.returncode, "Imported for" in done.stderr) == (0, True)
    assert (tmp_path / "errors.csv").read_text("utf-8-sig") == "file,row,column,value,reason\n"


async def test_everything_comes_in_with_one_command(portal, tmp_path):
    prices = "Lieferant;Artikel;Preis;Per;ME;Ab;Gueltig\n70001;A-1;1,5;100;Stk;1;01.01.2026\n"
    receipts = "Bestellung;Pos;Gut;Schlecht\n2;10;4;1\n"
    files = {"Lieferanten": SUPPLIERS, "Artikel": ITEMS, "Preise": prices, "Bestellungen": ORDERS}
    write(tmp_path, **files, Positionen=LINES, Eingaenge=receipts)
    done = portal("all", *(f"{name}.csv" for name in files), "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["outcome"]) == (0, "imported"), told["errors"]
    assert {kind: figures["created"] for kind, figures in told["kinds"].items()} == {
        "suppliers": 2,
        "items": 2,
        "prices": 1,
        "orders": 2,
        "lines": 3,
        "receipts": 1,
    }


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (("colours", "Artikel.csv"), 2, "colours"),
        (("items", "Nirgends.csv"), 2, "Nirgends.csv"),
        (("items",), 2, "Missing argument"),
        (("suppliers", "Artikel.csv"), 1, "The mapping wants Lieferanten*.csv"),
        (("items", "Artikel.csv", "--organisation", "Nobody"), 1, "no buying organisation of this name"),
    ],
)
async def test_what_was_wrongly_asked_is_said(portal, tmp_path, arguments, code, reason):
    write(tmp_path, Artikel=ITEMS)
    done = portal(*arguments)
    assert (done.returncode, reason in done.stderr) == (code, True), done.stderr
