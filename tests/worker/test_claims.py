"""Taking jobs stays cheap whatever the planner last knew of the queue."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from dramatiq_postgres.broker import QUERIES

from portal.worker.brokers import broker

MANY = """
insert into dramatiq.queue (queue_name, message_id, state, message)
select 'default', gen_random_uuid(), 'queued', '{"actor_name": "tests.none"}' from generate_series(1, 5000)
"""


@pytest.mark.parametrize("known", ["delete from dramatiq.queue", MANY], ids=["empty", "full"])
def test_a_claim_goes_by_the_index_on_fresh_statistics(watched, superuser: psycopg.Connection, known: str):
    superuser.execute(known.encode())
    superuser.execute("analyze dramatiq.queue")
    superuser.execute("delete from dramatiq.queue")
    superuser.execute(MANY)
    source: Any = broker()
    with source.pool.connection() as connection:
        told = connection.execute(
            f"explain (analyze, costs off, format json) {QUERIES.CLAIM}".encode(), _claim(16)
        ).fetchone()
    source.close()
    steps = list(_steps(told[0][0]["Plan"]))
    assert [step for step in steps if step["Node Type"] == "Seq Scan"] == []
    read = [step["Actual Rows"] for step in steps if "Index" in step["Node Type"]]
    assert read
    assert max(read) <= 16, "it reads no more than it takes"


def _claim(number: int) -> tuple[str, int, str]:
    return "default", number, "00000000-0000-7000-8000-000000000000"


def _steps(plan: dict) -> Iterator[dict]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from _steps(inner)
