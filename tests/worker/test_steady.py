"""Workers whose database goes away and comes back: every job is done, none is left lying."""

import threading

import dramatiq
import psycopg
import pytest
from psycopg.types.json import Jsonb

from portal.worker.brokers import broker
from tests.harness import cluster
from tests.harness.parts import add, eventually
from tests.harness.world import buying_company

CUT = """
select count(pg_terminate_backend(pid)) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and application_name = 'dramatiq-postgres'
"""
# As the queue stands when the connection breaks between the taking of a job and the news of it.
TAKEN = """
insert into dramatiq.queue (queue_name, message_id, state, message, worker_id, consumed_at)
select 'default', %s, 'consumed', %s, worker_id, now() - interval '1 minute' from dramatiq.worker
order by heartbeat_at desc limit 1 returning true
"""


async def test_a_job_whose_taking_was_never_answered_is_done_by_the_same_worker(start, effects, job_follows, superuser):
    job_follows("tests.note", "taken and forgotten")
    await add(await buying_company(), "1")
    taken = superuser.execute("delete from dramatiq.queue returning message_id, message").fetchone()
    superuser.execute("delete from dramatiq.worker")
    worker = start("worker")
    eventually(lambda: superuser.execute(TAKEN, [taken[0], Jsonb(taken[1])]).fetchone(), 120)

    assert eventually(lambda: effects().get("taken and forgotten"), 60)[1] == worker.process.pid


async def test_a_worker_goes_on_after_all_its_connections_were_cut(start, effects, job_follows, superuser):
    company = await buying_company()
    worker = start("worker")
    eventually(lambda: worker.says("worker is ready"))
    for number in range(5):
        job_follows("tests.stumble", f"cut {number}")
        await add(company, str(number))
        superuser.execute(CUT)

    eventually(lambda: {f"cut {number}" for number in range(5)} <= effects().keys(), 120)
    eventually(lambda: superuser.execute("select count(*) from dramatiq.queue").fetchone() == (0,), 60)
    assert worker.stop() == 0


@pytest.fixture
def away(database):
    """`away(True)`: nobody new is let into the database."""
    with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as connection:

        def let(gone: bool) -> None:
            allowed = "false" if gone else "true"
            connection.execute(f'alter database "{database}" allow_connections {allowed}'.encode())

        yield let
        let(gone=False)


async def test_a_job_that_is_to_be_tried_again_waits_for_its_database(watched, away, superuser):
    source = broker()
    source.declare_queue("default")
    message = dramatiq.Message("default", "tests.note", (), {"key": "again"}, {})
    away(True)
    putting = threading.Thread(target=source.enqueue, args=(message,), kwargs={"delay": 1})
    putting.start()
    putting.join(3)
    assert putting.is_alive()
    away(False)
    putting.join(120)
    source.close()
    found = superuser.execute("select state, queue_name from dramatiq.queue").fetchall()
    assert found == [("queued", "default.DQ")]
