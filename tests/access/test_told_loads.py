"""Which policy held when is told in the sealed log: a load that is taken away, added, altered or dated otherwise by
whoever owns the database is found, and named."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from portal.access.commands.policies import note
from portal.access.policy import Policy
from portal.audit.sealing import seal
from portal.audit.verifying import verify
from portal.platform.paths import resource
from portal.platform.settings import override, settings
from tests.harness import cluster

READ = "p, buyer, buyer, orders, read, allow,\n"
ISSUE = "p, buyer, buyer, orders, issue, allow,\n"


@pytest.fixture
async def app(database: str, connected: None) -> AsyncIterator[Any]:
    """A connection as the application to a database of this story's own."""
    name = f"{database}_loads"
    cluster.clone(name)
    connection = await asyncpg.connect(cluster.url("portal_app", name))
    with override(owner_url=cluster.url("portal_owner", name)):
        yield connection
    await connection.close()


@pytest.fixture
async def thief(app: Any, database: str) -> AsyncIterator[Any]:
    """The same database as its superuser, for whom no trigger fires."""
    connection = await asyncpg.connect(cluster.url("postgres", f"{database}_loads"))
    await connection.execute("set session_replication_role = replica; delete from policy_load")
    yield connection
    await connection.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model.conf").write_text((resource("policies") / "model.conf").read_text())
    (tmp_path / "duties.csv").write_text("first,second,meaning\n")
    return tmp_path


async def load(app: Any, folder: Path, roles: str) -> bool:
    """A process reads these rules and notes them."""
    (folder / "roles.csv").write_text(roles)
    policy = Policy()
    policy.load(folder)
    async with app.transaction():
        return await note(app, policy)


def faults() -> list[str]:
    return [fault.kind for fault in verify(str(settings().owner_url)).faults]


async def test_a_load_and_its_entry_stand_together_and_are_sealed(app, thief, folder):
    assert [await load(app, folder, roles) for roles in (READ, READ, READ + ISSUE)] == [True, False, True]
    assert faults() == []
    await seal(app)

    verdict = verify(str(settings().owner_url))
    assert (verdict.faults, verdict.entries) == ([], 2)
    told = await thief.fetchval("select body -> 'data' -> 'added' ->> 0 from audit_entry order by id desc limit 1")
    assert told == "buyer, buyer, orders, issue, allow, "


@pytest.mark.parametrize(
    ("act", "found"),
    [
        ("delete from policy_load where at = (select max(at) from policy_load)", "load-removed"),
        ("update policy_load set at = at - interval '1 day' where added = '{}' or removed = '{}'", "load-changed"),
        ("update policy_load set release = '0.0.1'", "load-changed"),
        ("update policy_load set added = '{}'", "load-changed"),
        (
            "insert into policy_load (at, digest, release, rules, added, removed, mark) "
            "select now(), digest, release, rules, added, removed, mark from policy_load order by at limit 1",
            "load-untold",
        ),
    ],
)
async def test_whatever_is_done_to_the_table_of_loads_is_found(app, thief, folder, act, found):
    for roles in (READ, READ + ISSUE):
        await load(app, folder, roles)
    await seal(app)

    await thief.execute(act)

    assert set(faults()) == {found}


async def test_the_fault_names_the_load_its_day_and_the_entry_that_tells_of_it(app, thief, folder):
    await load(app, folder, READ)
    row = await thief.fetchrow("delete from policy_load returning id, at")
    [fault] = verify(str(settings().owner_url)).faults

    assert fault.entry == str(await thief.fetchval("select id from audit_entry"))
    assert (str(row["id"]) in fault.sentence(), row["at"].date().isoformat() in fault.sentence()) == (True, True)


async def test_a_load_that_was_taken_away_with_its_entry_leaves_a_gap_in_the_log(app, thief, folder):
    await load(app, folder, READ)
    await seal(app)
    await thief.execute("delete from policy_load; delete from audit_entry")
    assert "removed" in faults()


async def test_an_entry_that_no_process_wrote_vouches_for_no_load(app, thief, folder):
    await load(app, folder, READ)
    await thief.execute(
        "insert into policy_load (digest, release, rules, added, removed) "
        "select digest, 'forged', rules, added, removed from policy_load; "
        "update audit_entry set mark = '\\x00000000000000000000000000000000'"
    )
    assert set(faults()) == {"unmarked"}
    await load(app, folder, READ + ISSUE)
    assert {"unmarked", "load-untold"} == set(faults())


async def test_loads_of_a_release_that_told_none_are_taken_into_the_log_once(app, thief, folder):
    old = (
        "insert into policy_load (digest, release, rules, added, removed) "
        "values (repeat($1, 64), '1', '{}', '{}', '{}')"
    )
    await thief.execute(old, "a")
    await thief.execute(old, "b")
    assert faults() == []

    await load(app, folder, READ)
    assert faults() == []
    told = "select event, json_array_length(body -> 'data' -> 'loads') from audit_entry order by id"
    assert [tuple(row) for row in await thief.fetch(told)] == [("access-policy.found", 2), ("access-policy.loaded", 1)]

    await thief.execute(old, "c")
    await load(app, folder, READ + ISSUE)
    assert faults() == ["load-untold"]
