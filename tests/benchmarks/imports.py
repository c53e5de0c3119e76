"""How long an import takes and what memory it needs, on this machine: `python -m tests.benchmarks.imports`.

Makes the files of a company (500 suppliers, 2,000 items, 12,500 orders of 8 lines), starts a PostgreSQL of its own,
brings all of it in, and prints seconds, seconds of cores, rows a second and megabytes for each kind, then for the
orders once more, which are all there. Ends with 1 where bringing in 100,000 lines takes more than what is promised.
"""

import argparse
import asyncio
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import asyncpg
import msgspec

from portal.app import wire
from portal.operations.imports.mapping import decode
from portal.operations.imports.report import peak_memory
from portal.operations.imports.run import Asked, run_import
from portal.platform import database
from portal.platform.actor import Actor
from portal.platform.gate import gate
from portal.platform.ids import new_id
from portal.platform.settings import override
from tests.benchmarks import floor
from tests.benchmarks.figures import Figure
from tests.benchmarks.promised import kept
from tests.harness.cluster import clone, start, url
from tests.harness.world import buying_company

SUPPLIERS, ITEMS, LINES_PER_ORDER = 500, 2_000, 8
LINE = (  # as `_bare` fills it
    "id", "order_id", "buyer_id", "supplier_id", "line", "item_number", "description", "quantity", "unit",
    "unit_price", "price_unit", "net", "tax_category", "tax_rate", "requested_date",
)  # fmt: skip
PROMISED = {"seconds": 20.0, "peak_memory_mb": 300}
MAPPING = """
name = "Benchmark"
[format]
time_zone = "Europe/Berlin"
[suppliers]
file = "suppliers.csv"
fields = { number = "Number", name = "Name", country = "Country", city = "City", email = "Email" }
[items]
file = "items.csv"
fields = { number = "Number", name = "Name", unit = "Unit", tax_rate = "Tax", category = "Category" }
[orders]
file = "orders.*"
keep = ["Remark"]
fields = { number = "Number", supplier = "Supplier", ordered_at = "Ordered", state = "State", stated_net = "Net" }
[orders.lines]
file = "lines.*"
[orders.lines.fields]
order_number = "Order"
line = "Line"
item = "Item"
quantity = "Quantity"
unit_price = "Price"
requested_date = "Due"
received = "Received"
rejected = "Rejected"
"""


def make(folder: Path, lines: int, suffix: str) -> None:
    """The files, the same ones every time."""
    chance = random.Random(1)
    _write(folder / "suppliers.csv", ["Number", "Name", "Country", "City", "Email"], _suppliers(chance))
    _write(folder / "items.csv", ["Number", "Name", "Unit", "Tax", "Category"], _items(chance))
    orders, details = [], []
    for number in range(1, lines // LINES_PER_ORDER + 1):
        day = date(2025, 1, 1) + timedelta(days=chance.randrange(365))
        made = [_line(chance, number, line, day) for line in range(1, LINES_PER_ORDER + 1)]
        net = sum(round(float(row[3]) * float(row[4]), 2) for row in made)
        state = chance.choice(["issued", "accepted", "closed"])
        orders.append([f"B{number}", f"S{chance.randrange(SUPPLIERS)}", day, state, f"{net:.2f}", "as agreed by phone"])
        details += made
    _write(folder / f"orders.{suffix}", ["Number", "Supplier", "Ordered", "State", "Net", "Remark"], orders)
    names = ["Order", "Line", "Item", "Quantity", "Price", "Due", "Received", "Rejected"]
    _write(folder / f"lines.{suffix}", names, details)


def _suppliers(chance: random.Random) -> list[list]:
    return [
        [f"S{n}", f"Supplier number {n}", chance.choice(["DE", "FR", "CN"]), "Cologne", f"office{n}@example.test"]
        for n in range(SUPPLIERS)
    ]


def _items(chance: random.Random) -> list[list]:
    units = ["H87", "KGM", "MTR"]
    return [[f"I{n}", f"Item number {n} of steel", chance.choice(units), "19", f"Group {n % 40}"] for n in range(ITEMS)]


def _line(chance: random.Random, order: int, line: int, day: date) -> list:
    quantity, came = chance.randrange(1, 500), chance.random()
    received = quantity if came < 0.7 else chance.randrange(quantity) if came < 0.9 else 0
    rejected = received // 10 if chance.random() < 0.1 else 0
    price, due = f"{chance.randrange(1, 90_000) / 100:.2f}", day + timedelta(days=chance.randrange(7, 60))
    return [f"B{order}", line * 10, f"I{chance.randrange(ITEMS)}", quantity, price, due, received, rejected]


def _write(path: Path, names: list[str], rows: list[list]) -> None:
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([names, *rows])
    else:
        from tests.operations.workbooks import workbook

        path.write_bytes(workbook([names, *[[str(cell) for cell in row] for row in rows]]))


async def measure(folder: Path, suffix: str, statements: bool) -> dict[str, float]:
    """Seconds of all that came in, and the most memory that it took."""
    company = await buying_company()
    mapping, actor = decode(MAPPING.encode()), Actor.system(company.id)
    async with gate() as connection:
        backend: Any = await connection.fetchval("select pg_backend_pid()")
    files = {
        "suppliers": ["suppliers.csv"],
        "items": ["items.csv"],
        "orders": [f"orders.{suffix}", f"lines.{suffix}"],
    }
    whole = {"seconds": 0.0, "cores": 0.0, "peak_memory_mb": 0.0}
    for kind in (*files, "orders"):
        asked = Asked(kind, [folder / name for name in files[kind]], mapping)
        with _timed() as taken:
            before = time.process_time(), _busy(backend)
            report = await run_import(actor, asked, lambda _done, _what: None)
            cpu = {"python": time.process_time() - before[0], "postgresql": _busy(backend) - before[1]}
        whole["seconds"] += report.seconds if report.changes else 0
        whole["cores"] += sum(cpu.values()) if report.changes else 0
        whole["peak_memory_mb"] = max(whole["peak_memory_mb"], report.peak_memory_mb)
        rows = sum(sum(list(figures.values())[:3]) for figures in report.kinds.values())
        facts = report.facts() | {"rows_per_second": round(rows / report.seconds)}
        facts["cpu_seconds"] = {name: round(seconds, 1) for name, seconds in cpu.items()}
        told = ("outcome", "kinds", "seconds", "cpu_seconds", "rows_per_second", "peak_memory_mb")
        print(json.dumps({"kind": kind} | {name: facts[name] for name in told}))
        if statements:
            for seconds, sql in sorted(taken, reverse=True)[:15]:
                print(f"  {seconds:7.2f} s  {' '.join(sql.split())[:110]}")
    return {name: round(figure, 2) for name, figure in whole.items()}


def _busy(process: int) -> float:
    """Seconds of a core that a process has used; 0 where that is not to be seen."""
    stat = Path(f"/proc/{process}/stat")
    fields = stat.read_text().rpartition(")")[2].split() if stat.exists() else ["0"] * 13
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _timed():
    """What each statement took, from the client's side."""
    taken: dict[str, float] = {}
    found: list[tuple[float, str]] = []
    engine = database.engine()
    assert engine.pool is not None
    connection = engine.pool._holders[0]._con

    def note(record) -> None:
        taken[record.query] = taken.get(record.query, 0) + record.elapsed

    connection.add_query_logger(note)
    yield found
    connection.remove_query_logger(note)
    found += [(seconds, sql) for sql, seconds in taken.items()]


async def run(asked: argparse.Namespace, folder: Path) -> dict[str, float]:
    clone("benchmark")
    with override(
        database_url=url("portal_app", "benchmark"),
        owner_url=url("portal_owner", "benchmark"),
        data=folder,
        secret_keys=("the key ring of a benchmark, which is no secret",),
        url="http://portal.test",
    ):
        wire()
        await database.connect(least=1, most=1)
        print(f"before: {peak_memory()} MB")
        whole = await measure(folder, "xlsx" if asked.xlsx else "csv", asked.statements)
        await database.disconnect()
        if asked.json:
            whole["floor"] = await copied(asked.lines)
    return whole


def _bare(lines: int) -> Iterator[tuple[Any, ...]]:
    """The rows of lines as a program has them that knows everything already."""
    buyer, supplier, day, price = new_id(), new_id(), date(2030, 5, 15), Decimal("12.50")
    for number in range(lines):
        if number % LINES_PER_ORDER == 0:
            order = new_id()
        place, quantity = number % LINES_PER_ORDER + 1, Decimal(number % 500 + 1)
        what = (place, f"A-{number}", "Hex bolt M8", quantity, "C62", price, "C62", quantity * price)
        yield (new_id(), order, buyer, supplier, *what, "S", Decimal(19), day)


async def copied(lines: int) -> float:
    """Seconds of a core of PostgreSQL and this process for the same number of bare lines by COPY, the floor."""
    connection: Any = await asyncpg.connect(url("postgres", "benchmark"))
    try:
        await connection.execute(floor.SCHEMA)
        backend, own = connection.get_server_pid(), time.process_time()
        before = _busy(backend)
        await connection.copy_records_to_table(
            "purchase_order_line", schema_name="floor", columns=LINE, records=_bare(lines)
        )
        return time.process_time() - own + _busy(backend) - before
    finally:
        await connection.close()


def figure(whole: dict[str, float], lines: int) -> Figure:
    return Figure(
        name="W9 import of order lines", orders=lines // LINES_PER_ORDER, p50_ms=whole["seconds"] * 1000,
        cpu_ms=whole["cores"] * 1000, floor_ratio=whole["cores"] / whole["floor"], per_second=lines / whole["seconds"],
        more={"lines": lines, "peak_memory_mb": whole["peak_memory_mb"]},
    )  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lines", type=int, default=100_000)
    options.add_argument("--xlsx", action="store_true")
    options.add_argument("--statements", action="store_true")
    options.add_argument("--json", action="store_true", help="end with one line for programs")
    options.add_argument("--make", type=Path, help="only make the files, in this folder")
    asked = options.parse_args()
    if asked.make:
        make(asked.make, asked.lines, "xlsx" if asked.xlsx else "csv")
        return
    with tempfile.TemporaryDirectory() as folder:
        # By a process of its own, so that its memory is not counted here.
        subprocess.run([sys.executable, "-m", "tests.benchmarks.imports", *sys.argv[1:], "--make", folder], check=True)
        cluster = start(Path(folder))
        try:
            whole = asyncio.run(run(asked, Path(folder)))
        finally:
            cluster.stop()
    if asked.json:
        print(msgspec.json.encode([figure(whole, asked.lines).rounded()]).decode())
        return
    sys.exit(kept(whole, PROMISED))


if __name__ == "__main__":
    main()
