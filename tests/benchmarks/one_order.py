"""W4: a supplier reads one order; a stranger is told that there is none, and takes no more and no less time for it."""

from functools import partial
from typing import Any

import asyncpg

from tests.benchmarks.figures import Asked, Figure, floor_cpu, measured
from tests.benchmarks.http import Client
from tests.benchmarks.stage import Stage

BARE = """
select o.*, (select json_agg(l) from purchase_order_line l where l.order_id = o.id) as lines
from purchase_order o where id = $1
"""


async def workloads(stage: Stage, asked: Asked) -> list[Figure]:
    reader, stranger = stage.client("order_desk"), stage.client("stranger")
    listed = (await reader.ask("GET", "/api/v1/purchase-orders?state=accepted&limit=10")).json()["items"]
    path, order = f"/api/v1/purchase-orders/{listed[5]['id']}", listed[5]["id"]
    floor = await _bare(stage, order, asked.times)
    with stage.front():
        seen = await measured(stage, partial(_ask, reader, path, 200), asked.times)
        refused = await measured(stage, partial(_ask, stranger, path, 404), asked.times)
    apart = abs(seen.p50 - refused.p50) / max(seen.p50, refused.p50)
    return [
        seen.figure("W4 a supplier reads one order", asked.orders, floor),
        refused.figure("W4 a stranger is refused", asked.orders, floor, apart=apart),
    ]


async def _bare(stage: Stage, order: str, times: int) -> float:
    connection: Any = await asyncpg.connect(stage.cluster.url("postgres"))
    try:
        prepared = await connection.prepare(BARE)
        return await floor_cpu(stage, partial(prepared.fetch, order), times * 5)
    finally:
        await connection.close()


async def _ask(client: Client, path: str, expected: int) -> None:
    answer = await client.ask("GET", path)
    assert answer.status == expected, (path, answer.status, answer.body[:300])
