"""AdventureWorks: its files, what they say by plain Python alone, and the company that is made of them."""

import csv
import json
import os
import subprocess
import sys
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from portal.operations.imports.mapping import load
from portal.operations.imports.run import Asked, run_import
from portal.platform.actor import Actor
from tests.harness.cluster import url
from tests.harness.world import Organised

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "adventureworks"
MAPPING = Path(__file__).with_suffix(".toml")
FILES = {
    "suppliers": ["Vendor.csv"],
    "items": ["Product.csv"],
    "prices": ["ProductVendor.csv"],
    "orders": ["PurchaseOrderHeader.csv", "PurchaseOrderDetail.csv"],
    "receipts": ["PurchaseOrderDetail.csv"],
}
needs_data = pytest.mark.skipif(not DATA.exists(), reason="the sample files lie beside the repository, and here do not")


def rows(name: str) -> list[dict[str, str]]:
    """A file's rows by column, blanks around the cells gone."""
    with (DATA / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return [{column: cell.strip() for column, cell in row.items()} for row in csv.DictReader(file)]


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def lines_by_order() -> dict[str, list[dict[str, str]]]:
    found = defaultdict(list)
    for line in rows("PurchaseOrderDetail"):
        found[line["PurchaseOrderID"]].append(line)
    return found


def rounded_net(lines: list[dict[str, str]]) -> Decimal:
    return sum((cents(Decimal(line["UnitPrice"]) * Decimal(line["OrderQty"])) for line in lines), Decimal(0))


class Imported:
    """The company that imported everything once, its reports, and a look into its tables."""

    def __init__(self, company: Organised, database: str, folder: str) -> None:
        self.company, self.reports = company, {}
        self._url = url("portal_app", database)
        self._environment = os.environ | {"PORTAL_DATABASE_URL": self._url, "PORTAL_DATA": folder}
        self._url_of_superuser = url("postgres", database)

    def run(self, kind: str, *options: str) -> dict[str, Any]:
        files = [str(DATA / name) for name in FILES[kind]]
        asked = ["import", kind, *files, "--mapping", str(MAPPING), "--organisation", self.company.name, "--json"]
        command = [sys.executable, "-c", "from portal.cli import main; main()", *asked, *options]
        done = subprocess.run(
            command, cwd=ROOT, env=self._environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    async def again(self, kind: str, *, dry_run: bool = False) -> dict[str, Any]:
        """The same import in this process."""
        asked = Asked(kind, [DATA / name for name in FILES[kind]], load(MAPPING), dry_run)
        return (await run_import(Actor.system(self.company.id), asked, lambda _done, _what: None)).facts()

    def ask(self, sql: str) -> list[dict[str, Any]]:
        """Rows of a query past every wall; `%(buyer)s` is the company."""
        with psycopg.connect(self._url_of_superuser) as connection, connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(sql.encode(), {"buyer": self.company.id}).fetchall()

    def fingerprint(self) -> dict[str, str]:
        """Every row there is, by table, as one hash each."""
        tables = ("organisation", "trading_relationship", "item", "supplier_price", "purchase_order", "import_run")
        tables += ("purchase_order_line", "schedule_line", "order_revision", "audit_entry")
        hashed = "md5(string_agg(t::text, '' order by t::text))"
        found = self.ask(" union all ".join(f"select '{name}' as name, {hashed} from {name} t" for name in tables))
        return {row["name"]: row["md5"] for row in found}
