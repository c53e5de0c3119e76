"""One month's scores of 10,000 suppliers from 1,000,000 facts of schedule lines, and the pages that read them.

    .venv/bin/python -m tests.benchmarks.scores_of_a_month [--suppliers N] [--facts N]

Starts a PostgreSQL of its own. Each schedule line has one delivery and one invoiced line besides. Ends with 1 where the
month takes more than the 20 s that are promised of all suppliers.
"""

import argparse
import asyncio
import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Awaitable
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from portal.app import wire
from portal.platform import database
from portal.platform.actor import Actor
from portal.platform.calendar import Month
from portal.platform.ids import new_id
from portal.platform.settings import override
from portal.platform.work import viewing
from portal.scorecards import commands, queries
from portal.scorecards.pages.scores import shown
from tests.benchmarks.figures import Figure
from tests.benchmarks.promised import kept
from tests.harness import cluster

NAME = "benchmark_scores"
MONTH = date(2026, 10, 1)
LATER = datetime(2026, 11, 2, 12, tzinfo=UTC)
PROMISED = {"month of all suppliers, kept": 20.0, "one supplier's page": 0.01}  # seconds
PAGES = 40
BARE = """
select d.supplier_id, sum(d.accepted), sum(d.rejected), sum(s.last_in_time), sum(i.exceptions)
from schedule_fact s join delivery_fact d on d.line_id = s.line_id join invoice_fact i on i.line_id = s.line_id
where d.counts_on >= %(month)s and d.counts_on < %(month)s::date + 31 group by 1
"""

COMPANY = """
insert into organisation (id, name, kind, country, currency, time_zone)
  values (%(buyer)s, 'Buyer', 'buyer', 'DE', 'EUR', 'Europe/Berlin');
insert into organisation (id, name, kind, country, currency)
  select gen_random_uuid(), 'Supplier ' || n, 'supplier', 'DE', 'EUR' from generate_series(1, %(suppliers)s) n;
insert into trading_relationship (id, buyer_id, supplier_id, shown_to, supplier_name, state, currency)
  select gen_random_uuid(), %(buyer)s, id, id, name, 'approved', 'EUR' from organisation where kind = 'supplier';
"""
FACTS = """
create temp table numbered as
  select id as supplier_id, row_number() over (order by id) - 1 as place from organisation where kind = 'supplier';
create temp table fact as select gen_random_uuid() as id, gen_random_uuid() as line_id, gen_random_uuid() as order_id,
  supplier_id, n, 10 + n %% 90 as quantity, (n::bigint * 7919) %% 100 as luck, %(month)s::date + (n %% 31)::int as day
  from generate_series(0, %(facts)s - 1) n join numbered on place = n %% %(suppliers)s;
insert into schedule_fact (id, buyer_id, supplier_id, shown_to, order_id, order_number, line_id, line, sequence, leads,
  description, unit, unit_price, discount, base_quantity, currency, time_zone, ordered_quantity, requested_date,
  first_quantity, first_date, last_quantity, last_date, issued_at, response_due_at, responded_at, received, accepted,
  rejected, first_delivered, last_delivered, filled_quantity, requested_in_time, first_in_time, last_in_time)
select id, %(buyer)s, supplier_id, supplier_id, order_id, 'PO-' || n, line_id, 1, 1, true, 'Bolt', 'C62', 5, 0, 1,
  'EUR', 'Europe/Berlin', quantity, day, quantity, day, quantity, day, day - 20, day + time '12:00',
  day + time '12:00' - make_interval(hours => luck::int - 4), quantity, quantity - (luck < 5)::int, (luck < 5)::int,
  day, day,
  quantity, case when luck < 12 then 0 else quantity end,
  case when luck < 9 then 0 else quantity end, quantity
from fact;
insert into delivery_fact (buyer_id, supplier_id, shown_to, order_id, line_id, receipt_id, delivered_on, counts_on,
  accepted, rejected) select %(buyer)s, supplier_id, supplier_id, order_id, line_id, id, day, day,
  quantity - (luck < 5)::int, (luck < 5)::int from fact;
insert into invoice_fact (invoice_id, buyer_id, supplier_id, shown_to, order_id, line_id, counts_on, quantity, currency,
  invoiced_amount, ordered_amount, exceptions, matched_first_time)
select id, %(buyer)s, supplier_id, supplier_id, order_id, line_id, day, quantity, 'EUR', quantity * 5 + (luck < 7)::int,
  quantity * 5, (luck < 7)::int, luck >= 7 from fact;
insert into score_excuse (id, buyer_id, supplier_id, shown_to, buyer_name, supplier_name, state, part, fact_id,
  order_id, order_number, counts_on, code, reason, created_at, decided_at)
select gen_random_uuid(), %(buyer)s, supplier_id, supplier_id, 'Buyer', 'Supplier', 'granted', 'delivery', id, order_id,
  'PO-' || n, day, 'carrier', 'Strike', now(), now() from fact where luck = 3 and n %% 10 = 0;
"""


def furnish(buyer: UUID, suppliers: int, facts: int) -> None:
    """A data set of its own, made by the database itself; orders and receipts behind the facts are left out."""
    told = {"buyer": buyer, "suppliers": suppliers, "facts": facts, "month": MONTH}
    with psycopg.connect(cluster.url("postgres", NAME), autocommit=True, cursor_factory=psycopg.ClientCursor) as there:
        there.execute("set session_replication_role = replica")
        for script in (COMPANY, FACTS):
            there.execute(script.encode(), told)
        there.execute("vacuum analyze")


async def measured(name: str, doing: Awaitable[Any], figures: dict[str, float]) -> Any:
    began = perf_counter()
    done = await doing
    figures[name] = round(perf_counter() - began, 2)
    return done


async def measure(buyer: UUID) -> dict[str, float]:
    figures: dict[str, float] = {}
    system = Actor.system(buyer)
    reader = Actor(
        organisation_id=buyer,
        organisation_kind="buyer",
        organisation_name="Buyer",
        name="Reader",
        roles=frozenset({"supplier_manager", "anyone"}),
    )
    await database.connect()
    database.set_clock(LATER)
    began = process_time()
    await measured("month of all suppliers, kept", commands.recompute_standings(system), figures)
    figures["of that in Python"] = round(process_time() - began, 2)
    await measured("the same again, nothing new", commands.recompute_standings(system), figures)
    async with viewing(reader) as view:
        asked = queries.Asked(period=str(Month.of(MONTH)))
        ranked = await measured("first page of the ranking", queries.ranking(view, asked), figures)
    one = [ranked.rows[0].supplier_id]
    figures["one supplier's page"] = await _page_of(reader, one[0])
    await measured("one supplier, after a fact", commands.recompute_standings(system, one), figures)
    database.set_clock(datetime(2026, 11, 20, 12, tzinfo=UTC))
    await measured("freezing the month", commands.freeze_due(system), figures)
    database.set_clock(None)
    await database.disconnect()
    return figures


async def _page_of(reader: Actor, supplier: UUID) -> float:
    """Seconds of the page of one supplier's score, with its twelve months, as it is set: the middle of many."""
    took = []
    for _turn in range(PAGES):
        began = perf_counter()
        await shown(reader, supplier, "")
        took.append(perf_counter() - began)
    return round(statistics.median(took), 4)


def bare() -> float:
    """Seconds of the plain sums of the month by supplier: what no way of scoring can do without."""
    with psycopg.connect(cluster.url("postgres", NAME), autocommit=True) as there:
        there.execute("set jit = off")
        began = perf_counter()
        there.execute(BARE.encode(), {"month": MONTH}).fetchall()
        return perf_counter() - began


def _figures(figures: dict[str, float], least: float, facts: int) -> list[Figure]:
    month, page = figures["month of all suppliers, kept"], figures["one supplier's page"]
    more = {"facts": facts, "floor_s": least, "python_s": figures["of that in Python"]}
    return [
        Figure(
            name="W7 one month of all suppliers", orders=0, p50_ms=month * 1000, floor_ratio=month / least, more=more
        ),
        Figure(name="W7 one supplier's page", orders=0, p50_ms=page * 1000, per_second=1 / page),
    ]


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--suppliers", type=int, default=10_000)
    given.add_argument("--facts", type=int, default=1_000_000)
    given.add_argument("--json", action="store_true", help="one line for programs")
    asked = given.parse_args()
    folder, buyer = Path(tempfile.mkdtemp(prefix="portal-benchmark-")), new_id()
    running = cluster.start(folder)
    try:
        cluster.clone(NAME)
        began = perf_counter()
        furnish(buyer, asked.suppliers, asked.facts)
        made = {"data set made": round(perf_counter() - began, 2)}
        urls = {"database_url": cluster.url("portal_app", NAME), "owner_url": cluster.url("portal_owner", NAME)}
        with override(**urls, data=folder, secret_keys=(cluster.RING,), url="http://portal.test"):
            wire()
            figures = made | asyncio.run(measure(buyer))
            if asked.json:
                print(msgspec.json.encode([each.rounded() for each in _figures(figures, bare(), asked.facts)]).decode())
            else:
                print(json.dumps(figures, indent=1))
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)
    if not asked.json:
        sys.exit(kept(figures, PROMISED))


if __name__ == "__main__":
    main()
