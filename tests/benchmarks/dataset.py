"""A company's orders of five years by set-based SQL: copies of a few that went the portal's own way.

Triggers are off while they are written, which only saves time: a copy differs from its original in ids, numbers,
names, words and days, all alike in all its rows, so what held of the original holds of the copy. `disagreements` asks
afterwards whether every view that is always empty is. What the log says of the originals is not copied.
"""

import sys
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg

from portal.cli.figures import ALWAYS_EMPTY
from tests.benchmarks.copies import Copier
from tests.benchmarks.originals import PARTNERS
from tests.harness.world import Organised

CHUNK = 50_000
# From the oldest order to the newest: up to this share of them, originals in turn. Few orders are open.
COURSE = (
    (0.85, ("history",)),
    (0.965, ("completed", "completed", "completed", "completed", "rejected")),
    (0.975, ("completed", "received")),
    (0.985, ("received", "despatched")),
    (0.995, ("despatched", "accepted", "accepted")),
    (1.0, ("accepted", "issued", "draft", "in_approval")),
)
# Few suppliers have most of the orders: the first has one in six, the last one in five hundred.
PLAN = """
create temp table plan as
select n, w.whole, o.original, at, p.id as supplier_id, p.name as supplier_name,
  'PO-' || to_char(at, 'YYYY') || '-' || lpad(n::text, 7, '0') as number,
  (array['bolt', 'washer', 'bearing', 'sheet', 'cable', 'pump', 'valve', 'shaft'])[1 + n % 8] || ' '
    || (array['steel', 'brass', 'zinc', 'nylon', 'copper'])[1 + n % 5] || ' m' || n % 40 as words
from generate_series(1, $1::int) n
cross join lateral (select now() - ($1 - n) * interval '5 years' / $1 - interval '1 hour') d (at)
cross join lateral (select (n * 0.6180339887) % 1) h (luck)
cross join lateral (select greatest(1, ceil($2::int * power(h.luck, 3)))::int) q (place)
join supplier p on p.place = q.place
cross join lateral (select c.ways[1 + n % cardinality(c.ways)] as way from course c
  where n <= ceil(c.until * $1) order by c.until limit 1) y
cross join lateral (select a.originals[1 + n % cardinality(a.originals)] as original, a.whole from way a
  where a.way = y.way) o
cross join lateral (select a.whole from way a where a.way = y.way) w
"""
_SUPPLIERS = """
create temp table supplier as select row_number() over (order by o.id = $2 desc, r.supplier_number) as place,
  o.id, r.supplier_name as name
from trading_relationship r join organisation o on o.id = r.supplier_id where r.buyer_id = $1
"""


async def fill(
    url: str, company: Organised, supplier: Organised, orders: int, originals: Mapping[str, list[UUID]]
) -> None:
    """So many orders of the company, the benchmark's own supplier being its greatest partner."""
    connection: Any = await asyncpg.connect(url)
    try:
        before = await disagreements(connection)
        await connection.execute(
            "set session_replication_role = replica; set timezone = 'UTC'; set jit = off; set work_mem = '256MB'"
        )
        await _plan(connection, company, supplier, orders, originals)
        copier = await Copier.of(connection, [id for ids in originals.values() for id in ids], supplier.id)
        for first in range(1, orders + 1, CHUNK):
            await copier.copy(first, first + CHUNK - 1)
            print(f"data set: {min(first + CHUNK - 1, orders):,} of {orders:,} orders", file=sys.stderr)
        await connection.execute("reset session_replication_role")
        await connection.execute("vacuum (analyze, parallel 0)")
        wrong = {*await disagreements(connection)} - {*before}
        assert not wrong, wrong
    finally:
        await connection.close()


async def _plan(
    connection: Any, company: Organised, supplier: Organised, orders: int, originals: Mapping[str, list[UUID]]
) -> None:
    await connection.execute(_SUPPLIERS, company.id, supplier.id)
    assert await connection.fetchval("select count(*) from supplier") == PARTNERS
    await connection.execute("create temp table way (way text, originals uuid[], whole bool)")
    await connection.executemany(
        "insert into way values ($1, $2, $3)", [(way, ids, way != "history") for way, ids in originals.items()]
    )
    await connection.execute("create temp table course (until float8, ways text[])")
    await connection.executemany("insert into course values ($1, $2)", COURSE)
    await connection.execute(PLAN, orders, PARTNERS)
    await connection.execute("create index on plan (n); analyze plan")
    assert await connection.fetchval("select count(*) from plan") == orders


async def disagreements(connection: Any) -> list[str]:
    """Which views that are always empty are not; asked by one who sees the rows of every organisation. Counted: for one
    row the planner would look for what is never found, row by row."""
    views = [row[0] for row in await connection.fetch(ALWAYS_EMPTY)]
    return [view for view in views if await connection.fetchval(f"select count(*) from portal.{view}")]
