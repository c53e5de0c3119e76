"""A portal that is backed up and restored: the commands as an operator runs them, and what is in a database."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from portal.operations.backup.snapshot import PASSING
from portal.platform import database as platform_database
from portal.platform.settings import override, settings
from tests.harness import cluster

ROOT = Path(__file__).resolve().parents[2]
# What a schema is, as text: whoever may do what, and what holds by itself.
SHAPE = {
    "columns": """select attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, attgenerated
      from pg_attribute a join pg_class c on c.oid = attrelid where {ours} and attnum > 0 and not attisdropped
      and c.relkind in ('r', 'p', 'v')""",
    "tables": """select c.oid::regclass, relkind, relowner::regrole, relrowsecurity, relforcerowsecurity,
      relispartition, array(select each::text from unnest(relacl) each order by 1) from pg_class c where {ours}""",
    "indexes": "select pg_get_indexdef(indexrelid) from pg_index i join pg_class c on c.oid = i.indrelid where {ours}",
    "constraints": """select conrelid::regclass, conname, convalidated, pg_get_constraintdef(k.oid) from pg_constraint k
      join pg_class c on c.oid = conrelid where {ours} and conparentid = 0""",
    "triggers": """select pg_get_triggerdef(t.oid), tgenabled from pg_trigger t join pg_class c on c.oid = tgrelid
      where {ours} and not tgisinternal""",
    "policies": """select polrelid::regclass, polname, polcmd, polpermissive, polroles::regrole[]::text,
      pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) from pg_policy p
      join pg_class c on c.oid = polrelid where {ours}""",
    "functions": """select c.oid::regprocedure, proowner::regrole, prosecdef, proleakproof, provolatile, md5(prosrc),
      array(select each::text from unnest(proacl) each order by 1)
      from pg_proc c where pronamespace = 'portal'::regnamespace""",
    "schemas": """select nspname, array(select each::text from unnest(nspacl) each order by 1) from pg_namespace
      where nspname in ('portal', 'dramatiq', 'public')""",
    "members": """select roleid::regrole, member::regrole, inherit_option, set_option from pg_auth_members
      where roleid::regrole::text ~ '^portal' and grantor::regrole::text = 'portal_owner'""",
    "roles": """select rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles
      where rolname ~ '^portal'""",
    "comments": """select c.oid::regclass, objsubid, description from pg_description d join pg_class c on c.oid = objoid
      where classoid = 'pg_class'::regclass and {ours}""",
}
OURS = "c.relnamespace::regnamespace::text in ('public', 'portal', 'dramatiq')"


class Said(NamedTuple):
    code: int
    facts: Any
    err: str


def portal(*arguments: str | Path, **environment: str) -> Said:
    """Run the command `portal` as its operator does."""
    done = subprocess.run(command(*arguments), env=known(environment), capture_output=True, text=True, timeout=120)
    return Said(done.returncode, json.loads(done.stdout) if done.stdout.startswith(("{", "[")) else None, done.stderr)


def command(*arguments: str | Path, before: str = "") -> list[str]:
    """The command line; `before` is Python that runs first."""
    return [sys.executable, "-c", f"{before}\nfrom portal.cli import main; main()", *map(str, arguments)]


def known(environment: dict[str, str]) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return clean | {"PYTHONPATH": str(ROOT), "COLUMNS": "500", "PORTAL_SECRET_KEYS": cluster.RING} | environment


def here() -> dict[str, str]:
    """The environment of the portal that the stories run in."""
    return {
        "PORTAL_DATABASE_URL": str(settings().database_url),
        "PORTAL_OWNER_URL": str(settings().owner_url),
        "PORTAL_DATA": str(settings().data),
    }


@contextmanager
def empty_database(name: str) -> Iterator[dict[str, str]]:
    """A database with nothing in it, as the settings of a portal."""
    with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as connection:
        cluster.run(connection, f'drop database if exists "{name}" with (force)')
        cluster.run(connection, f'create database "{name}" owner portal_owner')
        cluster.run(connection, f'grant connect on database "{name}" to portal_app')
        yield {
            "PORTAL_DATABASE_URL": cluster.url("portal_app", name),
            "PORTAL_OWNER_URL": cluster.url("portal_owner", name),
        }
        cluster.run(connection, f'drop database if exists "{name}" with (force)')


@asynccontextmanager
async def working_in(environment: dict[str, str]) -> AsyncIterator[None]:
    """This process is a process of that portal meanwhile."""
    before = settings()
    await platform_database.disconnect()
    try:
        with override(
            database_url=environment["PORTAL_DATABASE_URL"],
            owner_url=environment["PORTAL_OWNER_URL"],
            data=Path(environment["PORTAL_DATA"]),
        ):
            await platform_database.connect(least=1, most=5)
            yield
            await platform_database.disconnect()
    finally:
        assert settings() == before
        await platform_database.connect(least=1, most=20)


def rows_in(url: str) -> dict[str, tuple[int, str]]:
    """How many rows each table has, and what they say; without those of passing processes."""
    with psycopg.connect(url) as connection:
        names = connection.execute(
            f"select c.oid::regclass::text, relnamespace::regnamespace || '.' || relname from pg_class c "
            f"where {OURS} and relkind in ('r', 'p') and not relispartition".encode()
        ).fetchall()
        return {name: _rows(connection, name) for name, whole in names if whole not in PASSING}


def shape_of(url: str) -> dict[str, set[str]]:
    """Everything that the catalogue says of the portal's own."""
    with psycopg.connect(url) as connection:
        return {
            what: {str(row) for row in connection.execute(sql.format(ours=OURS).encode()).fetchall()}
            for what, sql in SHAPE.items()
        }


def files_in(data: Path) -> dict[str, bytes]:
    """Every stored file by its place."""
    folder = data / "documents"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _rows(connection: psycopg.Connection, name: str) -> tuple[int, str]:
    """A job that was being done when the backup was made waits again."""
    said = "to_jsonb(t) - array['state', 'worker_id', 'consumed_at']" if name == "dramatiq.queue" else "t"
    text = f"md5(({said})::text)"
    sql = f"select count(*), coalesce(md5(string_agg({text}, '' order by {text})), '') from {name} t"
    found: Any = connection.execute(sql.encode()).fetchone()
    return found
