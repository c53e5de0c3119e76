"""What was measured, as a table, as a page and as a picture: `make bench-report`."""

import argparse
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from tests.benchmarks.aims import told
from tests.benchmarks.figures import Figure
from tests.benchmarks.machine import described
from tests.benchmarks.picture import drawn

ROOT = Path(__file__).resolve().parents[2]
PAGE, PICTURE = ROOT / "docs/performance.md", ROOT / "docs/pictures/performance.svg"
SIZES = (1_000, 100_000, 1_000_000)
HEADS = ("workload", "orders", "p50 ms", "p95 ms", "CPU ms", "statements", "× floor", "per second", "besides")
PREFACE = """# How fast it is

Written by `make bench-report`; every figure comes from one run on the machine named below, which other work may have
shared: milliseconds on the clock say the least of it, processor time and statements the most. `make bench
ARGS="--orders 100000 --json"` measures again, `--only W2,W4` some of it.

A data set is made of copies of orders that went the portal's own way; every view that is always empty is asked and is
empty. The portal runs as in production: granian with two web processes, a worker, a scheduler, an embedded PostgreSQL.
**CPU ms** is processor time of web, worker and PostgreSQL for one operation (of W1: of web and PostgreSQL, the worker's
is told beside it). **× floor** is that time as a multiple of the same thing done bare in the same run on the same
database: plain asyncpg without row-level security, log or jobs (`tests/benchmarks/floor.py`); for documents bare
WeasyPrint setting the same HTML, for a start PostgreSQL alone, for a decision the look-up of a dictionary.

Why each is as it is, and what would reach what is missed: [decisions/speed.md](decisions/speed.md).
"""


def table(figures: Sequence[Figure]) -> Iterator[str]:
    yield "| " + " | ".join(HEADS) + " |"
    yield "|---" * len(HEADS) + "|"
    for each in figures:
        besides = ", ".join(f"{name} {_said(value)}" for name, value in each.more.items())
        values = (each.p50_ms, each.p95_ms, each.cpu_ms, each.statements, each.floor_ratio, each.per_second)
        yield "| " + " | ".join((each.name, f"{each.orders:,}", *map(_said, values), besides)) + " |"


def _said(value: float | None) -> str:
    return "" if value is None else f"{value:,.4g}" if value < 1000 else f"{value:,.0f}"


def measured(orders: int, *options: str) -> list[Figure]:
    """A run of its own for each size, so that none is warmed by another."""
    command = [sys.executable, "-m", "tests.benchmarks", "--orders", str(orders), "--json", *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False, cwd=ROOT)  # its words say what broke
    return read(done.stdout.splitlines()[-1])


def _headed(size: int) -> str:
    return f"{size:,} orders" if size else "On databases of their own"


def _kept(files: Sequence[Path]) -> dict[int, list[Figure]]:
    """The last line of each file, by the number of orders."""
    found: dict[int, list[Figure]] = {}
    for file in files:
        for each in read(file.read_text().splitlines()[-1]):
            found.setdefault(each.orders, []).append(each)
    return {size: sorted(found[size], key=lambda each: each.name[:2]) for size in sorted(found)}


def read(line: str | bytes) -> list[Figure]:
    return msgspec.json.decode(line, type=dict[str, list[Figure]])["workloads"]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of orders")
    asked.add_argument("--all-at", type=int, default=100_000, help="the size at which all workloads are measured")
    asked.add_argument("--kept", type=Path, nargs="*", help="lines of `make bench` that are kept, instead of measuring")
    given = asked.parse_args()
    if given.kept:
        found = _kept(given.kept)
    else:
        sizes = [int(size) for size in given.sizes.split(",")]
        found = {size: measured(size, *(() if size == given.all_at else ("--only", "W2,W4"))) for size in sizes}
    PICTURE.write_text(drawn([each for figures in found.values() for each in figures if each.name[:2] in ("W2", "W4")]))
    parts = [PREFACE, f"Machine: {described()}.\n", "![How cost grows with orders](pictures/performance.svg)\n"]
    parts.append("## What is aimed at, and the worst that was measured\n\n" + "\n".join(told(found)) + "\n")
    parts += [f"## {_headed(size)}\n\n" + "\n".join(table(figures)) + "\n" for size, figures in found.items()]
    PAGE.write_text("\n".join(parts))
    print(f"Written: {PAGE.relative_to(ROOT)} and {PICTURE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
