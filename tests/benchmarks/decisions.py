"""W8: what the walls cost: decisions, filters, row-level security.

CPU time of one process, the median of several runs. What row-level security adds is measured on a list of fifty orders:
the same statement, prepared, by the application's role and by one that row-level security passes by, as a share of what
a request for this list takes of web and database together.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
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
from tests.benchmarks.figures import Asked, Figure, measured
from tests.benchmarks.lists import JSON
from tests.benchmarks.machine import cpu_of
from tests.benchmarks.stage import Stage

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


async def workloads(stage: Stage, asked: Asked) -> list[Figure]:
    known = {"order": object()}
    bare = microseconds(lambda: known.get("order"))
    told = [
        Figure(
            name=name,
            orders=asked.orders,
            p50_ms=took / 1000,
            cpu_ms=took / 1000,
            statements=0,
            floor_ratio=took / bare,
        )
        for name, took in decisions().items()
    ]
    return [*told, await _walls(stage, asked)]


async def _walls(stage: Stage, asked: Asked) -> Figure:
    """What row-level security adds to a list of fifty, and as a share of what the request for it takes without."""
    spent = {"portal_app": 0.0, "postgres": 0.0}
    with stage.front():
        for _run in range(RUNS):
            for role in spent:
                reading = await _asking(stage.cluster.url(role), stage.company.id)
                spent[role] += await _cpu(stage.cluster.pid, reading) / RUNS / ASKED
        client = stage.client("buyer")
        whole = await measured(stage, lambda: client.ask("GET", JSON), REQUESTS)
    more = (spent["portal_app"] - spent["postgres"]) * 1000
    return Figure(
        name="W8 row-level security of a list", orders=asked.orders, cpu_ms=more, p50_ms=spent["portal_app"] * 1000,
        statements=1, floor_ratio=spent["portal_app"] / spent["postgres"],
        more={"share": more / (whole.spent.cpu * 1000 - more)},
    )  # fmt: skip


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
