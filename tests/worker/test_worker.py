"""Jobs: only what was committed runs, all of it, as whom it belongs to, also when a worker is killed."""

import asyncpg
import pytest

from portal.platform.actor import Request
from tests.harness.parts import add, eventually
from tests.harness.world import buying_company


async def test_a_committed_job_runs_and_one_that_was_rolled_back_never_does(start, effects, job_follows):
    company = await buying_company()
    job_follows("tests.note", "rolled back")
    with pytest.raises(asyncpg.CheckViolationError):
        await add(company, "1", name="")
    job_follows("tests.note", "committed")
    await add(company, "2")

    worker = start("worker")
    eventually(lambda: "committed" in effects())
    assert worker.stop() == 0
    assert set(effects()) == {"committed"}


async def test_a_job_sees_the_rows_of_its_own_organisation_alone(start, effects, job_follows):
    company, _other = await buying_company(), await buying_company()
    job_follows("tests.note", "whose")
    await add(company, "1")

    start("worker")
    organisations, _pid = eventually(lambda: effects().get("whose"))
    assert organisations == [company.id]


async def test_the_job_of_a_killed_worker_comes_back_and_its_effect_happens_once(
    start, effects, job_follows, superuser
):
    company = await buying_company()
    job_follows("tests.slow", "long")
    await add(company, "1")
    first = start("worker")
    eventually(lambda: superuser.execute("select 1 from watched.attempt").fetchone())
    first.kill()

    second = start("worker")
    _organisations, pid = eventually(lambda: effects().get("long"))
    assert pid == second.process.pid
    assert superuser.execute("select count(*) from watched.attempt").fetchone() == (2,)
    eventually(lambda: superuser.execute("select count(*) from dramatiq.queue").fetchone() == (0,))


async def test_a_worker_that_is_asked_to_stop_finishes_what_it_began(start, effects, job_follows, superuser):
    company = await buying_company()
    job_follows("tests.brief", "finished")
    await add(company, "1")
    worker = start("worker")
    eventually(lambda: superuser.execute("select 1 from watched.attempt").fetchone())

    assert worker.stop() == 0
    assert "finished" in effects()
    assert superuser.execute("select count(*) from dramatiq.queue").fetchone() == (0,)


async def test_a_job_that_fails_is_tried_again_and_the_log_names_the_request_that_caused_it(
    start, effects, job_follows
):
    company = await buying_company()
    job_follows("tests.stumble", "second time")
    await add(company, "1", request=Request(id="request-of-the-test"))

    worker = start("worker")
    eventually(lambda: "second time" in effects())
    told = {"job": "tests.stumble", "request_id": "request-of-the-test", "organisation": str(company.id)}
    assert worker.says("job failed", error="ConnectionError: nobody answers", **told)
    eventually(lambda: worker.says("job done", **told))


async def test_a_job_that_nobody_knows_is_given_up_and_told(start, job_follows, superuser):
    company = await buying_company()
    job_follows("tests.of-the-next-release", "unknown")
    await add(company, "1")

    worker = start("worker")
    eventually(lambda: worker.says("job given up", job="tests.of-the-next-release", known=False))
    assert superuser.execute("select state from dramatiq.queue").fetchall() == [("rejected",)]


async def test_a_worker_without_its_database_says_so_and_ends(start):
    worker = start("worker", PORTAL_DATABASE_URL="postgresql://portal_app@127.0.0.1:1/portal")
    assert worker.process.wait(20) == 1
    assert "NotConnected" in worker.log.read_text()
