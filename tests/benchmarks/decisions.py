"""W8: what the walls cost: decisions, filters, row-level security: `python -m tests.benchmarks.decisions`.

CPU time of one process, the median of several runs. What row-level security adds is measured on a list of fifty orders:
the same statement, prepared, by the application's role and by one that row-level security passes by, as a share of what
a request for this list takes of web and database together.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import asyncpg

from portal.access.guards import allowed, scoped
from portal.access.policy import POLICY
from portal.platform.actor import Actor, ApprovalLimit, Scope
from portal.platform.database import context_sql
from portal.platform.ids import new_id
from portal.platform.paging import Bind
from tests.benchmarks.dataset import fill
from tests.benchmarks.machine import cpu_of, described
from tests.benchmarks.promised import kept
from tests.benchmarks.stage import Stage, staged

# Microseconds of a decision, and what the database's wall adds to a request, as a share.
PROMISED = {
    "W8 decision cached": 5.0,
    "W8 decision cached, with scope, author and limit": 5.0,
    "W8 filter of a list": 5.0,
    "W8 row-level security adds to the request": 0.1,
}
RUNS, TIMES = 9, 20_000
ASKED, REQUESTS = 1000, 300
LIST = "select * from purchase_order where buyer_id = $1 order by created_at desc, id desc limit 50"


def microseconds(act: Callable[[], object]) -> float:
    """CPU time of one call."""
    took = []
    for _run in range(RUNS):
        began = time.process_time()
        for _time in range(TIMES):
            act()
        took.append((time.process_time() - began) / TIMES * 1e6)
    return round(statistics.median(took), 2)


def decisions() -> dict[str, float]:
    POLICY.load()
    limit = ApprovalLimit("EUR", Decimal(500), None)
    scope = Scope(purchasing_groups=("metals",), cost_centres=("CC-1",))
    buyer = {"organisation_id": new_id(), "organisation_kind": "buyer", "person_id": new_id(), "scope": scope}
    approver = Actor(**buyer, roles=frozenset({"approver", "buyer"}), limit=limit)
    order = SimpleNamespace(
        buyer_id=approver.organisation_id, created_by=new_id(), submitted_by=None, currency="EUR", gross=Decimal(100),
        purchasing_group="metals", cost_centre="CC-1", site_id=None, categories=(),
    )  # fmt: skip
    assert allowed(approver, "orders:approve", order)
    assert not allowed(approver, "orders:approve", SimpleNamespace(**vars(order) | {"gross": Decimal(501)}))
    return {
        "W8 decision cached": microseconds(lambda: allowed(approver, "orders:approve")),
        "W8 decision cached, with scope, author and limit": microseconds(
            lambda: allowed(approver, "orders:approve", order)
        ),
        "W8 filter of a list": microseconds(lambda: scoped(approver, "orders:read", "o", Bind())),
    }


async def walls(orders: int) -> dict[str, float]:
    """How much more CPU a request for the list takes because of row-level security, as a share."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        async with staged(Path(folder), 8193) as stage:
            await fill(stage.cluster.url("postgres"), stage.company, stage.supplier, orders)
            spent = {"portal_app": 0.0, "postgres": 0.0}
            for _run in range(RUNS):
                for role in spent:
                    asked = await _asking(stage.cluster.url(role), stage.company.id)
                    spent[role] += await _cpu(stage.cluster.pid, asked)
            more = (spent["portal_app"] - spent["postgres"]) / RUNS / ASKED
            whole = await _request(stage)
            return {
                "W8 row-level security, microseconds a list": round(more * 1e6, 1),
                "W8 row-level security adds to the request": round(more / (whole - more), 3),
            }


async def _request(stage: Stage) -> float:
    """Seconds of CPU of web and database for one request of the list."""
    client = stage.client("buyer")
    for _time in range(20):
        await client.ask("GET", "/api/v1/purchase-orders?limit=50")
    before = await stage.spent()
    for _time in range(REQUESTS):
        await client.ask("GET", "/api/v1/purchase-orders?limit=50")
    after = await stage.spent()
    return (after.web + after.database - before.web - before.database) / REQUESTS


async def _asking(url: str, buyer: UUID) -> Callable[[], Awaitable[None]]:
    connection: Any = await asyncpg.connect(url)
    await connection.execute(context_sql(buyer, None).replace("true)", "false)"))
    prepared = await connection.prepare(LIST)

    async def ask() -> None:
        for _time in range(ASKED):
            assert len(await prepared.fetch(buyer)) == 50
        await connection.close()

    return ask


async def _cpu(pid: int, act: Callable[[], Awaitable[None]]) -> float:
    before = cpu_of(pid)
    await act()
    await asyncio.sleep(0.2)  # until the server has counted a process that ended
    return cpu_of(pid) - before


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--orders", type=int, default=100_000)
    given = asked.parse_args()
    print(described())
    figures = decisions() | asyncio.run(walls(given.orders))
    for name, figure in figures.items():
        print(json.dumps({"name": name, "figure": figure}))
    sys.exit(kept(figures, PROMISED))


if __name__ == "__main__":
    main()
