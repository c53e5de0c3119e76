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


@pytest.fixture(autouse=True)
def emptied(superuser: psycopg.Connection) -> Iterator[None]:
    """No worker of another story meets these jobs."""
    superuser.execute("delete from dramatiq.queue")
    yield
    superuser.execute("delete from dramatiq.queue")


def test_a_claim_never_reads_the_whole_queue_on_fresh_statistics(watched, superuser: psycopg.Connection):
    """The planner knows an empty queue when a burst comes."""
    superuser.execute("analyze dramatiq.queue")
    superuser.execute(MANY)
    assert [step for step in claim_plan() if step["Node Type"] == "Seq Scan"] == []


def test_a_claim_of_a_long_queue_reads_no_more_than_it_takes(watched, superuser: psycopg.Connection):
    superuser.execute(MANY)
    superuser.execute("analyze dramatiq.queue")
    read = [step["Actual Rows"] for step in claim_plan() if "Index" in step["Node Type"]]
    assert read
    assert max(read) <= 16


def claim_plan() -> list[dict[str, Any]]:
    """The steps of taking 16 jobs, as they went."""
    source: Any = broker()
    with source.pool.connection() as connection:
        asked = f"explain (analyze, costs off, format json) {QUERIES.CLAIM}".encode()
        told = connection.execute(asked, _claim(16)).fetchone()
    source.close()
    return list(_steps(told[0][0]["Plan"]))


def _claim(number: int) -> tuple[str, int, str]:
    return "default", number, "00000000-0000-7000-8000-000000000000"


def _steps(plan: dict) -> Iterator[dict]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from _steps(inner)
