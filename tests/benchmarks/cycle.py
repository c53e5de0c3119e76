"""W1: an order of ten lines from draft to approved invoice, over the JSON API: `python -m tests.benchmarks.cycle`.

Prints milliseconds and CPU of one cycle, its SQL statements, how that stands to the floor, and cycles a second of
eight clients at once.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import asyncpg
import msgspec

from tests.benchmarks import floor
from tests.benchmarks.figures import Asked, Figure, measured, own_cpu
from tests.benchmarks.http import Client
from tests.benchmarks.machine import cpu_of, described
from tests.benchmarks.stage import Stage, staged
from tests.harness.world import line, order_body

API = "/api/v1"
WARM = 20
PATIENCE = 120.0  # seconds
WAITING = "select true from dramatiq.queue where state in ('queued', 'consumed') and available_at <= now() limit 1"
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
        advice = await self.step("shipping", "/despatch-advices", {"lines": goods, "leaves": True})
        came = [{"order_line_id": each["id"], "accepted": each["quantity"]} for each in order["lines"]]
        await self.step("receiver", "/goods-receipts", {"despatch_advice_id": advice["id"], "lines": came})
        bill = {"order_id": order["id"], "number": f"{self.name}-{self.done}", "issue_date": time.strftime("%F")}
        invoice = await self.step("billing", "/invoices", bill)
        sent = await self.step("billing", f"/invoices/{invoice['id']}/submit")
        assert sent["match_state"] == "matched", sent
        await self.step("payable", f"/invoices/{invoice['id']}/approve")


async def alone(stage: Stage, cycles: int, lines: int) -> dict[str, float]:
    """One client: how long, how much CPU, how many statements of the web; then what the worker has of it to do."""
    desk = Cycle(stage, "A", lines)
    for _ in range(WARM):
        await desk.run()
    await _done(stage)
    with stage.front():
        taken = await measured(stage, desk.run, cycles, warm=0)
    before = await stage.spent()
    await _done(stage)
    jobs = (await stage.spent()).since(before, cycles)
    return {
        "p50_ms": taken.p50,
        "p95_ms": taken.p95,
        "web_ms": taken.spent.web * 1000,
        "database_ms": taken.spent.database * 1000,
        "worker_ms": (jobs.worker + jobs.database) * 1000,
        "statements": taken.spent.statements,
    }


async def _done(stage: Stage) -> None:
    """Wait until the worker has done what is due."""
    connection: Any = await asyncpg.connect(stage.cluster.url("postgres"))
    try:
        until = time.perf_counter() + PATIENCE
        while await connection.fetchval(WAITING) and time.perf_counter() < until:  # noqa: ASYNC110 another process's
            await asyncio.sleep(0.2)
    finally:
        await connection.close()


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
    own, server, took = own_cpu(), cpu_of(stage.cluster.pid), []
    for number in range(cycles):
        began = time.perf_counter()
        await floor.cycle(connection, stage.supplier.id, str(number), lines)
        took.append(time.perf_counter() - began)
    cpu = (own_cpu() - own + cpu_of(stage.cluster.pid) - server) / cycles * 1000
    await connection.close()
    return {"p50_ms": statistics.median(took) * 1000, "cpu_ms": cpu, "statements": floor.STATEMENTS}


async def workloads(stage: Stage, asked: Asked, clients: int = 8, lines: int = 10) -> list[Figure]:
    """Processor time is that of web and PostgreSQL; the worker's is told apart, as are cycles a second of many."""
    one = await alone(stage, asked.times, lines)
    least = await bare(stage, max(asked.times * 5, 200), lines)
    per_second = await together(stage, clients, 10, lines)
    cpu = one["web_ms"] + one["database_ms"]
    parts = {name: one[name] for name in ("web_ms", "worker_ms", "database_ms")} | {"floor_cpu_ms": least["cpu_ms"]}
    told = Figure(
        name=f"W1 cycle of {lines} lines",
        orders=asked.orders,
        p50_ms=one["p50_ms"],
        p95_ms=one["p95_ms"],
        cpu_ms=cpu,
        statements=one["statements"],
        floor_ratio=cpu / least["cpu_ms"],
        per_second=per_second,
        more=parts | {"clients": clients},
    )
    return [told]


async def measure(cycles: int, clients: int, lines: int, port: int) -> Figure:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        async with staged(Path(folder), port) as stage:
            return (await workloads(stage, Asked(0, cycles), clients, lines))[0].rounded()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cycles", type=int, default=50)
    asked.add_argument("--clients", type=int, default=8)
    asked.add_argument("--lines", type=int, default=10)
    asked.add_argument("--port", type=int, default=8190)
    given = asked.parse_args()
    told = asyncio.run(measure(given.cycles, given.clients, given.lines, given.port))
    print(described())
    print(msgspec.json.format(msgspec.json.encode(told)).decode())


if __name__ == "__main__":
    main()
