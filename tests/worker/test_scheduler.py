"""Periodic jobs: once for each due time and organisation, whoever schedules, across restarts."""

import asyncio
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from portal.organisations.commands import add_supplier
from portal.organisations.forms import SupplierForm
from portal.platform.convert import convert
from portal.platform.database import engine
from portal.platform.wiring import WIRING
from portal.worker import schedule
from portal.worker.schedule import insert_due, last_due
from tests.harness.jobs import waiting_jobs
from tests.harness.parts import eventually
from tests.harness.world import buying_company

LONG = 90  # seconds that two parts may take to start on a busy machine
MIDDAY = datetime(2031, 3, 3, 12, 0, 5, tzinfo=UTC)


@pytest.fixture
async def look(watched: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], Any]:
    """`await look(instant)`: what a scheduler finds due at that time."""
    monkeypatch.setattr(WIRING, "periodic", [("tests.hourly", "0 * * * *")])

    async def at(instant: datetime) -> list[str]:
        pool = engine().pool
        assert pool is not None
        async with pool.acquire() as connection:
            await connection.execute(f"set portal.now = '{instant.isoformat()}'")
            inserted = await insert_due(connection)
            await connection.execute("reset portal.now")
        return [name for name in inserted if name.startswith("tests.")]

    return at


async def test_a_due_time_inserts_one_job_for_each_organisation_once(look):
    company, other = await buying_company(), await buying_company()
    await look(MIDDAY)

    assert await look(MIDDAY + timedelta(hours=1)) == ["tests.hourly"]
    assert await look(MIDDAY + timedelta(hours=1, minutes=30)) == []
    waiting = [job["organisation_id"] for job in await waiting_jobs("tests.hourly")]
    assert {str(company.id), str(other.id)} <= set(waiting)
    assert len(waiting) == len(set(waiting))


async def test_a_supplier_in_which_nobody_works_yet_costs_no_job(look, superuser):
    company = await buying_company()
    brought = await add_supplier(
        company.supplier_manager, convert(SupplierForm, {"name": "Brought", "country": "DE", "currency": "EUR"})
    )
    await look(MIDDAY)
    await look(MIDDAY + timedelta(hours=1))
    waiting = {job["organisation_id"] for job in await waiting_jobs("tests.hourly")}
    assert str(company.id) in waiting
    assert str(brought.supplier_id) not in waiting


async def test_times_that_passed_while_nobody_scheduled_are_made_up_by_one_run(look):
    company = await buying_company()
    await look(MIDDAY)
    assert await look(MIDDAY + timedelta(hours=7)) == ["tests.hourly"]
    waiting = [job["organisation_id"] for job in await waiting_jobs("tests.hourly")]
    assert waiting.count(str(company.id)) == 1


async def test_a_job_that_is_new_waits_for_its_next_due_time(look):
    assert await look(MIDDAY) == []
    assert await look(MIDDAY + timedelta(minutes=59, seconds=56)) == ["tests.hourly"]


@pytest.mark.parametrize(
    ("spec", "now", "due"),
    [
        ("0 3 * * sun", "2026-11-22 03:00:59", "2026-11-22 03:00"),
        ("0 3 * * sun", "2026-11-22 02:59:59", "2026-11-15 03:00"),
        ("30 1 1 * *", "2026-03-01 00:00:00", "2026-02-01 01:30"),
        ("* * * * *", "2026-03-01 00:00:59", "2026-03-01 00:00"),
    ],
)
def test_the_latest_due_time_is_never_in_the_future(spec, now, due):
    found = last_due(spec, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)


async def test_a_second_scheduler_waits_and_takes_over_from_one_that_was_killed(start):
    first = start("scheduler")
    eventually(lambda: first.says("this process schedules"))
    second = start("scheduler")
    eventually(lambda: second.says("another process schedules"))
    assert not second.says("this process schedules")

    first.kill()
    eventually(lambda: second.says("this process schedules"))
    assert second.stop() == 0


HOLDERS = """
select l.pid from pg_locks l join pg_database d on d.oid = l.database and d.datname = current_database()
where l.locktype = 'advisory' and l.objid = hashtext('portal.scheduler')::oid and l.granted
"""


async def test_a_scheduler_that_stands_still_is_replaced_and_stands_by_when_it_goes_on(start):
    frozen, other = start("scheduler"), start("scheduler")
    eventually(lambda: frozen.says("this process schedules") or other.says("this process schedules"), LONG)
    if other.says("this process schedules"):
        frozen, other = other, frozen
    eventually(lambda: other.says("another process schedules"), LONG)

    frozen.process.send_signal(signal.SIGSTOP)
    eventually(lambda: other.says("this process schedules"), LONG)
    frozen.process.send_signal(signal.SIGCONT)
    eventually(lambda: frozen.says("another process schedules"), LONG)
    assert frozen.says("the scheduler lost its database")
    assert (frozen.stop(), other.stop()) == (0, 0)


async def test_when_the_connection_of_the_one_that_schedules_breaks_one_schedules_again(start, superuser):
    parts = start("scheduler"), start("scheduler")
    (first,) = eventually(lambda: superuser.execute(HOLDERS).fetchone(), LONG)
    eventually(lambda: any(part.says("another process schedules") for part in parts), LONG)

    superuser.execute("select pg_terminate_backend(%s)", [first])
    (second,) = eventually(lambda: superuser.execute(f"{HOLDERS} and l.pid <> %s", [first]).fetchone(), LONG)
    assert superuser.execute(HOLDERS).fetchall() == [(second,)]
    eventually(lambda: any(part.says("the scheduler lost its database") for part in parts), LONG)
    assert [part.stop() for part in parts] == [0, 0]


async def test_wherever_its_connection_breaks_the_scheduler_tries_again(watched, superuser, monkeypatch):
    """Also where the driver itself stumbles over the break, in the middle of a statement or of a transaction."""
    for pause in ("AGAIN", "PULSE", "GLANCE"):
        monkeypatch.setattr(schedule, pause, 0)
    chance, stopped, ended = Random(26), asyncio.Event(), set()
    scheduling = asyncio.create_task(schedule.keep_leading(stopped))
    while len(ended) < 60:
        await asyncio.sleep(chance.uniform(0, 0.04))
        assert not scheduling.done(), "it gave up"
        for holder in superuser.execute(HOLDERS).fetchall():
            superuser.execute("select pg_terminate_backend(%s)", holder)
            ended.add(holder)
    stopped.set()
    await scheduling


async def test_what_has_expired_is_cleaned_up(look, superuser):
    company = await buying_company()
    person = company.buyer.person_id
    superuser.execute(
        "insert into idempotency_key (organisation_id, person_id, key, digest, created_at) values "
        "(%s, %s, 'old', '', now() - interval '25 hours'), (%s, %s, 'new', '', now())",
        [company.id, person, company.id, person],
    )
    superuser.execute(
        "insert into session (token_hash, person_id, organisation_id, csrf, expires_at) "
        "values (sha256('over'), %s, %s, '', now() - interval '1 minute')",
        [person, company.id],
    )
    await look(MIDDAY)
    await look(MIDDAY + timedelta(hours=1))

    assert superuser.execute("select key from idempotency_key where person_id = %s", [person]).fetchall() == [("new",)]
    assert superuser.execute("select 1 from session where person_id = %s", [person]).fetchall() == []
