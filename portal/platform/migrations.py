"""Bring the database to this release's schema, as its owner, one process at a time.

Migrations are Piccolo's, their bodies SQL. They run under an advisory lock with short lock and statement timeouts, so
that two starting machines do not race and a busy table is never blocked for long.
"""

import contextlib
import os
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager
from piccolo.apps.migrations.tables import Migration

from portal.platform.database import Engine

_LOCK = 7_003_112_011
_SCRIPTS: dict[str, str] = {}  # of the migrations that were looked at, by id


def sql_migration(identifier: str, description: str, script: str) -> MigrationManager:
    """A Piccolo migration that is one SQL script, run in one transaction."""
    _SCRIPTS[identifier] = script
    return MigrationManager(migration_id=identifier, app_name="portal", description=description)


async def migrate(owner_url: str) -> list[str]:
    """Run what has not run yet; returns the ids of the migrations that ran, oldest first."""
    guard = await asyncpg.connect(owner_url)
    try:
        await guard.execute(f"SELECT pg_advisory_lock({_LOCK})")
        async with _as_owner(owner_url):
            await Migration.create_table(if_not_exists=True).run()
            known, done = await scripts(), set(await _done())
            missing = [name for name in known if name not in done]
            for name in missing:
                await _apply(name, known[name], last=name == missing[-1])
        return missing
    finally:
        await guard.close()


async def _apply(name: str, script: str, *, last: bool) -> None:
    """The script and the note that it ran are one transaction: killed midway, nothing of it is there and it runs again.
    The last one also lets read, so that whoever is killed before it begins there again."""
    engine = _owner_engine()
    async with engine.transaction() as transaction:
        connection: Any = transaction.connection
        await Migration.insert(Migration(name=name, app_name="portal")).run()
        await connection.execute(script)
        if last:
            await connection.execute("reset role")
            await let_read(connection)


async def let_read(connection: asyncpg.Connection) -> None:
    """Who reads in part, and who reads for backups, may read what the migrations made."""
    await connection.execute("call portal.let_scoped_read()")
    await connection.execute("call portal.let_backup_read()")


async def scripts() -> dict[str, str]:
    """The script of each migration that this release has, by id, oldest first."""
    os.environ["PICCOLO_CONF"] = "portal.platform.piccolo_conf"
    runner = ForwardsMigrationManager(app_name="portal", migration_id="all")
    folder = runner.get_app_config(app_name="portal").resolved_migrations_folder_path
    modules = runner.get_migration_modules(folder)
    return {name: _SCRIPTS[name] for name in runner.get_migration_ids(modules) if await modules[name].forwards()}


async def make_list(owner_url: str) -> None:
    """Piccolo's list of the migrations that ran, if there is none yet."""
    async with _as_owner(owner_url):
        await Migration.create_table(if_not_exists=True).run()


@contextlib.asynccontextmanager
async def alone(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """Nobody migrates meanwhile, nor replaces the whole."""
    await connection.execute(f"select pg_advisory_lock({_LOCK})")
    try:
        yield
    finally:
        await connection.execute(f"select pg_advisory_unlock({_LOCK})")


async def pending(owner_url: str) -> list[str]:
    """The ids of migrations this release has and the database has not."""
    async with _as_owner(owner_url) as runner:
        folder = runner.get_app_config(app_name="portal").resolved_migrations_folder_path
        known = runner.get_migration_ids(runner.get_migration_modules(folder))
        done = await _done() if await Migration.table_exists().run() else []
        return sorted(set(known) - set(done))


@contextlib.asynccontextmanager
async def _as_owner(owner_url: str) -> AsyncIterator[ForwardsMigrationManager]:
    os.environ["PICCOLO_CONF"] = "portal.platform.piccolo_conf"
    from portal.platform import piccolo_conf

    piccolo_conf.DB = Engine(
        config={"dsn": owner_url, "server_settings": {"lock_timeout": "5s", "statement_timeout": "15min"}}
    )
    Migration._meta.db = piccolo_conf.DB
    yield ForwardsMigrationManager(app_name="portal", migration_id="all")


def _owner_engine() -> Engine:
    from portal.platform import piccolo_conf

    return piccolo_conf.DB


async def _done() -> list[str]:
    if not await Migration.table_exists().run():
        return []
    return await Migration.get_migrations_which_ran(app_name="portal")
