"""A real copy that follows the database: lists and reports are read there, by whoever wrote only what they wrote."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import psycopg
import pytest

from portal.platform import database as platform_database
from portal.platform import position
from portal.platform.actor import Actor
from portal.platform.postgres import Cluster
from portal.platform.postgres.account import account_for
from portal.platform.postgres.binaries import programs
from portal.platform.settings import override
from portal.platform.work import viewing
from tests.harness.cluster import KNOWN, url
from tests.harness.masters import add_item
from tests.harness.parts import eventually
from tests.harness.world import Organised, buying_company, selling_company

BEAT = "create table beat (); drop table beat"  # a transaction, of which nothing is left
WHERE = "select pg_is_in_recovery()"
STARTED = "select pg_postmaster_start_time()"
ITEMS = "/api/v1/items"
BOLT = {"number": "B-1", "name": "Hex bolt", "unit": "C62", "tax_category": "S", "tax_rate": "19"}
LONG = 60  # seconds that a copy may take to catch up on a busy machine


@pytest.fixture
def copy(database: str) -> Iterator[Cluster]:
    """A streaming copy of the server of the tests, made by PostgreSQL's own program."""
    folder = Path(tempfile.mkdtemp(prefix="portal-replica-"))
    folder.chmod(0o755)
    base = folder / "pg"
    base.mkdir(mode=0o700)
    found = None
    try:
        account = account_for(base)
        account.own(base)
        (host,) = parse_qs(os.environ[KNOWN])["host"]
        where = [f"--host={host}", "--username=postgres", f"--pgdata={base}"]
        command = [programs(account) / "pg_basebackup", *where]
        options = ["--checkpoint=fast", "--write-recovery-conf", "--no-sync"]
        subprocess.run([*command, *options], check=True, cwd="/", env={"LC_ALL": "C"}, **account.process())
        found = Cluster.open(base, fsync=False)
        yield found
    finally:
        if found is not None:
            found.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def following(connected: None, database: str, copy: Cluster, monkeypatch) -> AsyncIterator[Cluster]:
    """The portal with both addresses."""
    monkeypatch.setattr(platform_database, "_pools", None)
    with override(database_url=url("portal_app", database), database_replica_url=copy.url("portal_app", database)):
        await platform_database.connect(most=3)
        yield copy
        await platform_database.disconnect()


@pytest.fixture
def caught_up(superuser: psycopg.Connection, following: Cluster, database: str) -> Callable[[], None]:
    """Until the copy has replayed all there is, a sign of life included."""

    def wait() -> None:
        superuser.execute(BEAT)
        (least,) = superuser.execute(position.NOW).fetchone() or ("",)
        with psycopg.connect(following.url("postgres", database), autocommit=True) as there:
            reached = f"select pg_last_wal_replay_lsn() >= '{least}'::pg_lsn"
            eventually(lambda: there.execute(reached.encode()).fetchone() == (True,), LONG)

    return wait


async def at_the_copy(actor: Actor) -> bool:
    async with viewing(actor, report=True) as view:
        return await view.value(WHERE)


async def numbers(actor: Actor) -> set[str]:
    async with viewing(actor, report=True) as view:
        return {row["number"] for row in await view.fetch("select number from item")}


async def test_lists_are_read_from_the_copy_single_records_and_unknown_readers_from_the_database(following, caught_up):
    company = await buying_company()
    caught_up()
    position.begin(position.ANY)
    assert await at_the_copy(company.auditor)
    async with viewing(company.auditor) as view:
        assert not await view.value(WHERE)
    for unknown in (None, "", "0/0'; select 1 --", "no position"):
        position.begin(unknown)
        assert not await at_the_copy(company.auditor)


async def test_whoever_wrote_reads_it_at_once_though_the_copy_stands_still(following, caught_up, database):
    company = await buying_company()
    caught_up()
    with psycopg.connect(following.url("postgres", database), autocommit=True) as there:
        there.execute("select pg_wal_replay_pause()")
        position.begin(position.ANY)
        await add_item(company.supplier_manager, number="B-1", name="Hex bolt")
        carried = position.present().written
        assert await numbers(company.supplier_manager) == {"B-1"}

        position.begin(carried)  # of the next request, perhaps at another host
        assert await numbers(company.supplier_manager) == {"B-1"}
        assert not await at_the_copy(company.supplier_manager)
        position.begin(position.ANY)  # of a colleague, who may be a moment behind
        assert await numbers(company.auditor) == set()
        there.execute("select pg_wal_replay_resume()")
    caught_up()
    position.begin(carried)
    assert await at_the_copy(company.supplier_manager)
    assert await numbers(company.supplier_manager) == {"B-1"}


async def test_browsers_and_programs_carry_how_far_they_wrote(following, caught_up, client_of, database):
    company = await buying_company()
    caught_up()
    browser = await client_of(company.supplier_manager)
    with psycopg.connect(following.url("postgres", database), autocommit=True) as there:
        there.execute("select pg_wal_replay_pause()")
        answer = await browser.post(ITEMS, json=BOLT)
        assert answer.status_code == 201
        assert answer.headers["portal-position"] == browser.cookies["position"]
        assert "Max-Age=60; Path=/; HttpOnly; SameSite=Lax" in answer.headers["set-cookie"]
        assert [item["number"] for item in (await browser.get(ITEMS)).json()["items"]] == ["B-1"]
        del browser.cookies["position"]
        assert (await browser.get(ITEMS)).json()["items"] == []
        there.execute("select pg_wal_replay_resume()")


async def test_the_walls_hold_at_the_copy(following, caught_up):
    company, stranger = await buying_company(), await selling_company()
    await add_item(company.supplier_manager, number="B-1", name="Hex bolt")
    caught_up()
    position.begin(position.ANY)
    assert await numbers(company.auditor) == {"B-1"}
    assert await numbers(Actor.system(stranger.id)) == set()
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), psycopg.connect(_app(following)) as there:
        there.execute("delete from item")


def _app(following: Cluster) -> str:
    return following.url("portal_app", "portal")


async def test_a_copy_that_is_promoted_or_killed_is_left_for_the_database(following, caught_up, database, superuser):
    company = await buying_company()
    caught_up()
    position.begin(position.ANY)
    assert await at_the_copy(company.auditor)
    (ours,) = superuser.execute(STARTED).fetchone()

    with psycopg.connect(following.url("postgres", database), autocommit=True) as there:
        there.execute("select pg_promote()")
        assert there.execute(STARTED).fetchone() != (ours,)
    assert await started(company.auditor) == ours
    following.stop()
    assert await started(company.auditor) == ours


async def started(actor: Actor) -> Any:
    async with viewing(actor, report=True) as view:
        return await view.value(STARTED)


async def test_a_copy_that_is_late_is_not_read(following, caught_up, monkeypatch):
    company = await buying_company()
    caught_up()
    position.begin(position.ANY)
    monkeypatch.setattr(position, "LAG", 0)
    assert not await at_the_copy(company.auditor)


async def test_without_a_copy_lists_are_read_from_the_database_and_nobody_carries_anything(connected, database):
    company: Organised = await buying_company()
    position.begin(position.ANY)
    await add_item(company.supplier_manager, number="B-1", name="Hex bolt")
    assert position.present().written == ""
    seen: Any = await numbers(company.auditor)
    assert seen == {"B-1"}
