"""A migration that is killed leaves nothing half: the next one goes on where the last whole step ended."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
import psycopg
import pytest

from portal.platform import migrations
from portal.platform.migrations import migrate, pending
from tests.harness import cluster

ROOT = Path(__file__).resolve().parents[2]
# Tables with their columns and rights, functions, policies, triggers and indexes, as text.
SCHEMA = """
select 'table', c.oid::regclass::text, c.relkind::text, c.relforcerowsecurity::text, c.relacl::text,
  (select array_agg(a.attname || ' ' || a.atttypid::regtype || coalesce(a.attacl::text, '') order by a.attnum)
   from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)::text
from pg_class c where relnamespace in ('public'::regnamespace, 'portal'::regnamespace, 'dramatiq'::regnamespace)
union all
select 'function', p.oid::regprocedure::text, prosrc, prosecdef::text, proacl::text, proowner::regrole::text
from pg_proc p where pronamespace in ('public'::regnamespace, 'portal'::regnamespace)
union all
select 'policy', tablename || ' ' || policyname, roles::text, cmd, qual, with_check from pg_policies
union all
select 'trigger', tgrelid::regclass || ' ' || tgname, pg_get_triggerdef(oid), tgenabled::text, '', ''
from pg_trigger where not tgisinternal order by 1, 2
"""


@pytest.fixture
def empty(database):
    """A database of one's own without anything in it."""
    name = f"{database}_killed"
    with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(f'drop database if exists "{name}" with (force)'.encode())
        connection.execute(f'create database "{name}" owner portal_owner'.encode())
        connection.execute(f'revoke all on database "{name}" from public'.encode())
        connection.execute(f'grant connect on database "{name}" to portal_app'.encode())
        yield name
        connection.execute(f'drop database if exists "{name}" with (force)'.encode())


def ran(name: str) -> list[str]:
    with psycopg.connect(cluster.url("postgres", name)) as connection:
        known = connection.execute("select to_regclass('migration')").fetchone()
        if known == (None,):
            return []
        return [row[0] for row in connection.execute("select name from migration order by id")]


def schema(name: str) -> list[tuple]:
    with psycopg.connect(cluster.url("postgres", name)) as connection:
        return connection.execute(SCHEMA).fetchall()


def test_a_migration_that_is_killed_at_random_points_ends_as_one_that_is_not(empty):
    chance, kills, done = random.Random(20261122), 0, 0
    told = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    told |= {"PORTAL_OWNER_URL": cluster.url("portal_owner", empty), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", "from portal.cli import main; main()", "migrate"]
    while asyncio.run(pending(cluster.url("portal_owner", empty))):
        wanted = done + chance.randrange(1, 25)
        running = subprocess.Popen(command, cwd=ROOT, env=told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while running.poll() is None:
            if len(ran(empty)) >= wanted:
                running.send_signal(signal.SIGKILL)
                kills += 1
                break
        running.wait()
        before, done = done, len(ran(empty))
        assert done > before, "it does not go on"
    assert kills >= 3
    assert len(ran(empty)) == len(set(ran(empty)))
    assert schema(empty) == schema(cluster.TEMPLATE)


async def test_a_connection_that_breaks_after_a_script_leaves_nothing_of_it(empty, monkeypatch):
    """The last script did all its work; what notes that it ran never comes."""
    known = await migrations.scripts()
    name, script = list(known.items())[-1]
    cut = "reset role; do $$ begin perform pg_terminate_backend(pg_backend_pid()); end $$"

    async def cut_at_the_end() -> dict[str, str]:
        return known | {name: f"{script}; {cut}"}

    with monkeypatch.context() as broken, pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        broken.setattr(migrations, "scripts", cut_at_the_end)
        await migrate(cluster.url("portal_owner", empty))
    assert name not in ran(empty)
    assert await migrate(cluster.url("portal_owner", empty)) == [name]
    assert schema(empty) == schema(cluster.TEMPLATE)
