"""All workloads on one data set: `make bench ARGS="--orders 100000 --json [--only W2,W4]"`."""

import argparse
import asyncio
import sys
import tempfile
import traceback
from collections.abc import Awaitable
from pathlib import Path

import msgspec

from tests.benchmarks import apart, cycle, decisions, large, lists, one_order, papers
from tests.benchmarks.figures import Asked, Figure
from tests.benchmarks.machine import described
from tests.benchmarks.report import table
from tests.benchmarks.stage import staged

# What asks one portal, with the data set: reading comes before what adds to it.
STAGED = {
    "W2": lists.workloads,
    "W4": one_order.workloads,
    "W8": decisions.workloads,
    "W3": papers.workloads,
    "W1": cycle.workloads,
    "W6": large.workloads,
}
# What has a database of its own.
APART = {"W5": apart.starting, "W7": apart.scores, "W9": apart.imports}
CODES = sorted({*STAGED, *APART})


class Measured:
    """What was measured, and which workloads broke: one that breaks takes nothing from the others."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []
        self.broken: list[str] = []

    async def take(self, code: str, work: Awaitable[list[Figure]]) -> None:
        print(f"{code} …", file=sys.stderr)
        try:
            self.figures += await work
        except Exception:
            self.broken.append(code)
            traceback.print_exc()

    def rounded(self) -> list[Figure]:
        return sorted((each.rounded() for each in self.figures), key=lambda each: each.name[:2])


async def run(given: argparse.Namespace) -> Measured:
    chosen, measured = given.only, Measured()
    if any(code in chosen for code in STAGED):
        with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
            async with staged(Path(folder), given.port, given.orders) as stage:
                for code, workload in STAGED.items():
                    if code in chosen:
                        await measured.take(code, workload(stage, Asked(given.orders, given.times, given.documents)))
                if set(STAGED) <= set(chosen):
                    print("indexes that served nothing:", ", ".join(await stage.unused()), file=sys.stderr)
    for code, workload in APART.items():
        if code in chosen:
            await measured.take(code, asyncio.to_thread(workload, given.orders))
    return measured


def _codes(text: str) -> list[str]:
    codes = text.upper().split(",")
    if unknown := set(codes) - set(CODES):
        raise argparse.ArgumentTypeError(f"no workload {', '.join(sorted(unknown))}; there are {', '.join(CODES)}")
    return codes


def options() -> argparse.ArgumentParser:
    asked = argparse.ArgumentParser(prog="make bench", description=__doc__)
    asked.add_argument("--orders", type=int, default=1000, help="how many orders there are")
    asked.add_argument("--only", type=_codes, default=CODES, help="some workloads, as W2,W4")
    asked.add_argument("--times", type=int, default=100, help="how often each operation is done")
    asked.add_argument("--documents", type=int, default=1000, help="how many invoices are set")
    asked.add_argument("--port", type=int, default=8190)
    asked.add_argument("--json", action="store_true", help="one line for programs")
    return asked


def main() -> None:
    given = options().parse_args()
    measured = asyncio.run(run(given))
    figures = measured.rounded()
    if given.json:
        print(msgspec.json.encode({"workloads": figures}).decode())
    else:
        print(described(), *table(figures), sep="\n")
    if measured.broken:
        sys.exit(f"not measured: {', '.join(measured.broken)}")


if __name__ == "__main__":
    main()
