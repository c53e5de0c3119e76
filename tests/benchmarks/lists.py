"""W2: lists of fifty orders, as buyer and as supplier, as JSON and as a page: `python -m tests.benchmarks.lists`."""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.dataset import fill
from tests.benchmarks.http import Client
from tests.benchmarks.machine import described
from tests.benchmarks.stage import Stage, staged

JSON, PAGE = "/api/v1/purchase-orders?limit=50", "/orders?"
DEEP = 20
ASKED = {
    "first page": "",
    "state": "&state=accepted",
    "supplier": "&supplier_id={supplier}",
    "word": "&query=bearing%20nylon",
    "number": "&query={number}",
    "sorted by gross": "&sort=-gross",
}


async def measure(stage: Stage, client: Client, path: str, times: int) -> dict[str, float]:
    for _ in range(5):
        answer = await client.ask("GET", path)
        assert answer.status == 200, (path, answer.status, answer.body[:300])
    before, took = await stage.spent(), []
    for _ in range(times):
        began = time.perf_counter()
        await client.ask("GET", path)
        took.append((time.perf_counter() - began) * 1000)
    after = await stage.spent()
    cpu = (after.web - before.web + after.database - before.database) / times * 1000
    statements = (after.statements - before.statements) / times
    return {
        "p50_ms": round(statistics.median(took), 2),
        "p95_ms": round(statistics.quantiles(took, n=20)[-1], 2),
        "cpu_ms": round(cpu, 2),
        "statements": round(statements, 1),
    }


async def run(orders: int, times: int, port: int) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        async with staged(Path(folder), port) as stage:
            await fill(stage.cluster.url("postgres"), stage.company, stage.supplier, orders)
            told = []
            for side, role in (("buyer", "buyer"), ("supplier", "order_desk")):
                client = stage.client(role)
                first = (await client.ask("GET", JSON)).json()
                known = {"supplier": stage.supplier.id, "number": first["items"][7]["number"]}
                cursor = await _deep(client)
                for name, query in (*ASKED.items(), ("deep page", f"&cursor={cursor}")):
                    if side == "supplier" and name == "supplier":
                        continue
                    for form, path in (("json", JSON), ("page", PAGE)):
                        if form == "page" and name == "deep page":
                            continue
                        facts = await measure(stage, client, path + query.format(**known), times)
                        told.append({"name": f"W2 {name} {form} {side}", "orders": orders} | facts)
    return told


async def _deep(client: Client) -> str:
    cursor = ""
    for _ in range(DEEP):
        page = (await client.ask("GET", JSON + (f"&cursor={cursor}" if cursor else ""))).json()
        if page["next_cursor"] is None:
            break
        cursor = page["next_cursor"]
    return cursor


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--orders", type=int, default=1000)
    asked.add_argument("--times", type=int, default=60)
    asked.add_argument("--port", type=int, default=8192)
    given = asked.parse_args()
    told = asyncio.run(run(given.orders, given.times, given.port))
    print(described())
    for row in told:
        print(json.dumps(row))


if __name__ == "__main__":
    main()
