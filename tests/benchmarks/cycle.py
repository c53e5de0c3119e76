"""W1: an order of ten lines from draft to approved invoice, over the JSON API: `python -m tests.benchmarks.cycle`.

Prints milliseconds and CPU of one cycle, its SQL statements, how that stands to the floor, and cycles a second of
eight clients at once.
"""

import argparse
import asyncio
import json
import resource
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import asyncpg

from tests.benchmarks import floor
from tests.benchmarks.http import Client
from tests.benchmarks.machine import cpu_of, described
from tests.benchmarks.stage import Stage, staged
from tests.harness.world import line, order_body

API = "/api/v1"
WARM = 20
PEOPLE = ("requester", "approver", "buyer", "order_desk", "shipping", "receiver", "billing", "payable")


class Cycle:
    """One desk of people who take orders through, one after the other."""

    def __init__(self, stage: Stage, name: str, lines: int) -> None:
        self.stage, self.name, self.lines, self.done = stage, name, lines, 0
        self.people: dict[str, Client] = {role: stage.client(role) for role in PEOPLE}

    async def step(self, who: str, path: str, body: Any = None) -> Any:
        answer = await self.people[who].ask("POST", API + path, body)
        if answer.status not in (200, 201):
            raise RuntimeError(f"{path}: {answer.status} {answer.body[:400]!r}")
        return answer.json()

    async def run(self) -> None:
        self.done += 1
        body = order_body(self.stage.supplier, [line() for _ in range(self.lines)])
        order = await self.step("requester", "/purchase-orders", body)
        at = f"/purchase-orders/{order['id']}"
        await self.step("requester", f"{at}/submit")
        await self.step("approver", f"{at}/approve")
        await self.step("buyer", f"{at}/issue")
        await self.step("order_desk", f"{at}/responses", {"code": "AP"})
        goods = [{"order_line_id": each["id"], "quantity": each["quantity"]} for each in order["lines"]]
        advice = await self.step("shipping", "/despatch-advices", {"lines": goods})
        await self.step("shipping", f"/despatch-advices/{advice['id']}/despatch")
        came = [{"order_line_id": each["id"], "accepted": each["quantity"]} for each in order["lines"]]
        await self.step("receiver", "/goods-receipts", {"despatch_advice_id": advice["id"], "lines": came})
        bill = {"order_id": order["id"], "number": f"{self.name}-{self.done}", "issue_date": time.strftime("%F")}
        invoice = await self.step("billing", "/invoices", bill)
        sent = await self.step("billing", f"/invoices/{invoice['id']}/submit")
        assert sent["match_state"] == "matched", sent
        await self.step("payable", f"/invoices/{invoice['id']}/approve")


async def alone(stage: Stage, cycles: int, lines: int) -> dict[str, float]:
    """One client: how long, how much CPU, how many statements."""
    desk = Cycle(stage, "A", lines)
    for _ in range(WARM):
        await desk.run()
    before, took = await stage.spent(), []
    for _ in range(cycles):
        began = time.perf_counter()
        await desk.run()
        took.append(time.perf_counter() - began)
    after = await stage.spent()
    return {
        "p50_ms": statistics.median(took) * 1000,
        "p95_ms": statistics.quantiles(took, n=20)[-1] * 1000,
        "web_ms": (after.web - before.web) / cycles * 1000,
        "database_ms": (after.database - before.database) / cycles * 1000,
        "statements": (after.statements - before.statements) / cycles,
    }


async def together(stage: Stage, clients: int, seconds: float, lines: int) -> float:
    """Cycles a second of so many clients at once."""
    desks = [Cycle(stage, f"T{number}", lines) for number in range(clients)]
    until = time.perf_counter() + seconds

    async def work(desk: Cycle) -> None:
        while time.perf_counter() < until:
            await desk.run()

    began = time.perf_counter()
    await asyncio.gather(*map(work, desks))
    return sum(desk.done for desk in desks) / (time.perf_counter() - began)


async def bare(stage: Stage, cycles: int, lines: int) -> dict[str, float]:
    """The same by bare SQL in this process."""
    connection: Any = await asyncpg.connect(stage.cluster.url("postgres"))
    await connection.execute(floor.SCHEMA)
    for number in range(WARM):
        await floor.cycle(connection, stage.supplier.id, f"W{number}", lines)
    own, server, took = _own_cpu(), cpu_of(stage.cluster.pid), []
    for number in range(cycles):
        began = time.perf_counter()
        await floor.cycle(connection, stage.supplier.id, str(number), lines)
        took.append(time.perf_counter() - began)
    cpu = (_own_cpu() - own + cpu_of(stage.cluster.pid) - server) / cycles * 1000
    await connection.close()
    return {"p50_ms": statistics.median(took) * 1000, "cpu_ms": cpu, "statements": floor.STATEMENTS}


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def measure(cycles: int, clients: int, lines: int, port: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        async with staged(Path(folder), port) as stage:
            one = await alone(stage, cycles, lines)
            least = await bare(stage, max(cycles * 5, 200), lines)
            per_second = await together(stage, clients, 10, lines)
    cpu = one["web_ms"] + one["database_ms"]
    return {
        "name": f"W1 cycle of {lines} lines",
        "p50_ms": round(one["p50_ms"], 1),
        "p95_ms": round(one["p95_ms"], 1),
        "cpu_ms": round(cpu, 2),
        "web_ms": round(one["web_ms"], 2),
        "database_ms": round(one["database_ms"], 2),
        "statements": round(one["statements"], 1),
        "floor_cpu_ms": round(least["cpu_ms"], 2),
        "floor_ratio": round(cpu / least["cpu_ms"], 2),
        "per_second": round(per_second, 1),
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cycles", type=int, default=50)
    asked.add_argument("--clients", type=int, default=8)
    asked.add_argument("--lines", type=int, default=10)
    asked.add_argument("--port", type=int, default=8190)
    given = asked.parse_args()
    told = asyncio.run(measure(given.cycles, given.clients, given.lines, given.port))
    print(described())
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
