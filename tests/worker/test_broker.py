"""A broker of its own: jobs begin in the database all the same, and are carried over by the scheduler."""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.parts import add, eventually
from tests.harness.world import buying_company

# Debian's redis-tools hold the server under the name of its checker; the package redis-server would start a service.
REDIS = "/usr/bin/redis-check-rdb"


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """The address of a real Redis that writes down what it takes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = (tmp_path / "redis.log").open("wb")
    server = subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--appendonly", "yes", "--dir", str(tmp_path)],
        executable=REDIS,
        stdout=said,
        stderr=said,
    )
    eventually(lambda: "Ready to accept connections" in (tmp_path / "redis.log").read_text())
    yield f"redis://127.0.0.1:{port}/0"
    server.kill()
    server.wait()
    said.close()


async def test_a_job_goes_from_the_database_to_the_broker_and_to_a_worker(
    start, effects, job_follows, redis, superuser
):
    company = await buying_company()
    job_follows("tests.stumble", "far away")
    await add(company, "1")

    worker = start("worker", PORTAL_BROKER_URL=redis)
    scheduler = start("scheduler", PORTAL_BROKER_URL=redis)
    organisations, pid = eventually(lambda: effects().get("far away"))
    assert (organisations, pid) == ([company.id], worker.process.pid)
    assert superuser.execute("select count(*) from dramatiq.queue").fetchone() == (0,)
    assert scheduler.stop() == 0
    assert worker.stop() == 0


async def test_jobs_wait_in_the_database_while_the_broker_does_not_answer(start, effects, job_follows, superuser):
    company = await buying_company()
    job_follows("tests.note", "waits")
    await add(company, "1")

    scheduler = start("scheduler", PORTAL_BROKER_URL="redis://127.0.0.1:1/0")
    eventually(lambda: scheduler.says("the broker does not answer"))
    assert superuser.execute("select count(*) from dramatiq.queue where state = 'queued'").fetchone() == (1,)
