"""Every process follows the policy: what is announced holds in all of them, and is kept."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import psycopg
import pytest

from portal.access.commands.policies import note
from portal.access.following import announce, following
from portal.access.policy import Policy
from portal.operations.workspace.policies import policy_at
from portal.platform.ids import new_id
from portal.platform.paths import resource
from portal.platform.settings import settings
from portal.platform.work import viewing
from tests.harness.world import buying_company

BUYER = frozenset({"buyer"})
READ = "p, buyer, buyer, orders, read, allow,\n"
ISSUE = "p, buyer, buyer, orders, issue, allow,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model.conf").write_text((resource("policies") / "model.conf").read_text())
    (tmp_path / "duties.csv").write_text(f"first,second,meaning\norders:create,orders:approve,{new_id()}\n")
    (tmp_path / "roles.csv").write_text(READ)
    return tmp_path


@pytest.fixture
async def teller(connected: None) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(settings().database_url)
    yield connection
    await connection.close()


@pytest.fixture(autouse=True)
def as_before(superuser: psycopg.Connection) -> Iterator[None]:
    """Policies of these stories decide nobody else's looks back, and the log never told of them."""
    tables = {"policy_load": "id", "audit_entry": "id", "audit_unsealed": "entry_id"}
    listed = "select coalesce(array_agg({}), '{{}}') from {}"
    known = {name: superuser.execute(listed.format(key, name).encode()).fetchone() for name, key in tables.items()}
    yield
    superuser.execute("set session_replication_role = replica")
    for name, key in tables.items():
        superuser.execute(f"delete from {name} where not {key} = any(%s)".encode(), known[name])
    superuser.execute("reset session_replication_role")


def loaded(folder: Path) -> Policy:
    policy = Policy()
    policy.load(folder)
    return policy


async def until(condition, seconds: float) -> float:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds
        await asyncio.sleep(0.01)
    return time.monotonic() - began


def kept(superuser, policy: Policy):
    return superuser.execute("select added, removed from policy_load where digest = %s", [policy.digest]).fetchall()


async def test_a_changed_policy_holds_in_every_process_as_soon_as_it_is_announced(folder, teller, superuser):
    processes = [loaded(folder), loaded(folder)]
    async with following(processes[0]), following(processes[1]):
        await until(lambda: kept(superuser, processes[0]), 5)
        (folder / "roles.csv").write_text(READ + ISSUE)
        await announce(teller)

        await until(lambda: all(each.decide(BUYER, "buyer", "orders:issue") for each in processes), 5)
        await until(lambda: kept(superuser, processes[0]), 5)
    seen = kept(superuser, processes[0])  # twice when the second process still began with the policy of before
    assert all(change == (["buyer, buyer, orders, issue, allow, "], []) for change in seen)


async def test_a_policy_that_is_broken_while_it_is_followed_denies_everything(folder, teller):
    policy = loaded(folder)
    async with following(policy):
        await asyncio.sleep(0)
        await until(lambda: policy.loaded, 1)
        (folder / "roles.csv").write_text(READ + "p, buyer\n")
        while policy.loaded:
            await announce(teller)
            await asyncio.sleep(0.02)
    assert policy.decide(BUYER, "buyer", "orders:read") == frozenset()


async def test_a_database_that_goes_away_is_followed_again(folder, teller, superuser):
    policy = loaded(folder)
    async with following(policy):
        await until(lambda: kept(superuser, policy), 5)
        superuser.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'portal-policy' "
            "and datname = current_database()"
        )
        (folder / "roles.csv").write_text(READ + ISSUE)
        await until(lambda: policy.decide(BUYER, "buyer", "orders:issue"), 10)


async def test_the_same_policy_is_kept_once_however_many_processes_load_it(folder, connected, superuser):
    processes = [loaded(folder) for _each in range(4)]
    async with following(processes[0]), following(processes[1]), following(processes[2]), following(processes[3]):
        await until(lambda: kept(superuser, processes[0]), 5)
        await asyncio.sleep(0.3)
    assert len(kept(superuser, processes[0])) == 1


async def test_a_duty_that_is_dropped_stands_in_the_difference(folder, teller, superuser):
    policy = loaded(folder)
    async with following(policy):
        await until(lambda: kept(superuser, policy), 5)
        before, (dropped,) = policy.digest, [line for line in policy.told() if line.startswith("duty")]
        (folder / "duties.csv").write_text("first,second,meaning\n")
        await announce(teller)
        await until(lambda: policy.digest != before and kept(superuser, policy), 5)
    assert kept(superuser, policy) == [([], [dropped])]


async def test_a_policy_that_nobody_loaded_is_named_and_decides_no_look_back(teller, client_of, superuser):
    company = await buying_company()
    forged = "select portal.note_policy(uuidv7(), now(), %s, 'forged', '{}', '{}', '{}', %s)"
    digest = new_id().hex * 2
    with pytest.raises(psycopg.errors.CheckViolation):
        superuser.execute(forged, [digest, None])
    superuser.execute(forged, [digest, bytes(16)])
    auditor = await client_of(company.auditor)
    page = (await auditor.get("/policy")).text
    async with viewing(company.auditor) as view:
        then = await policy_at(view, datetime.now(UTC))
    assert page.count("No process of the portal noted this") == 1
    assert then.digest != digest


async def test_a_look_back_says_that_the_policy_of_then_was_taken_away(folder, teller, client_of, superuser):
    company = await buying_company()
    first, second = loaded(folder), Policy()
    (folder / "roles.csv").write_text(READ + ISSUE)
    second.load(folder)
    for policy in (first, second):
        async with teller.transaction():
            await note(teller, policy)
    auditor = await client_of(company.auditor)
    whole = (await auditor.get("/api/v1/audit/policy")).json()
    superuser.execute("set session_replication_role = replica")
    superuser.execute("delete from policy_load where digest = %s", [second.digest])
    superuser.execute("reset session_replication_role")

    robbed = (await auditor.get("/api/v1/audit/policy")).json()
    page = (await auditor.get("/audit/policy")).text
    assert (whole["digest"], whole["missed"]) == (second.digest, None)
    assert (robbed["digest"], robbed["missed"]) == (first.digest, whole["since"])
    assert "Other rules held then, which nobody knows any more" in page
    assert "Policies that came to hold are gone from this list." in (await auditor.get("/policy")).text
