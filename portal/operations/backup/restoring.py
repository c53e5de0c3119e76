"""Restoring: the whole file is checked before anything is touched, then taken in by one transaction of the database.

Stored files come before that transaction ends: they lie under names that nothing refers to until it does. What belongs
to the time of the backup and not to now is put right inside it: nobody is signed in, and whoever was erased since is
erased again.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg

from portal.audit import erasures, witnesses
from portal.audit.checkpoints import Checkpoint, NoCheckpoint
from portal.operations.backup import files
from portal.operations.backup.archive import Reading
from portal.operations.backup.checking import check, unpacked
from portal.operations.backup.loading import Loading, replacing
from portal.operations.backup.places import Source
from portal.operations.backup.shape import FILES, TABLES, BadBackup, Told
from portal.platform import migrations, vault

Report = Callable[[float, str], None]
_CHECKED = 0.3  # of the whole way: reading the file once takes so much of it
_LOOKS = 40  # at who else is connected, 0.05 s apart
_OTHERS = """
select count(*) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and usename is not null
"""


class NotRestored(Exception):
    """The portal is as it was; the message says why, and what to do."""


class Restored(NamedTuple):
    """What was restored: `erased` people that the copy brought back, migrations that it had not `migrated`, and where
    checkpoints lie that are ahead of the restored log."""

    told: Told
    erased: int
    migrated: list[str]
    notes: Path | None


async def examine(source: Source, report: Report) -> Told:
    """The whole file, before anything is touched. Raises BadBackup for one that is none, is broken or was changed, and
    NotRestored for what this portal cannot take."""
    told = await check(source, lambda done, what: report(done * _CHECKED, what))
    known = await migrations.scripts()
    if any(name not in known for name in told.header.migrations):
        raise NotRestored(
            f"{source.name} was made by a newer portal ({told.header.release}): install that one, then restore."
        )
    if told.genuine is None:
        raise NotRestored(
            f"{told.file} was sealed with the key {told.sealed_by}, which is not in the key ring here: bring "
            "secret.keys of the portal that was backed up by --keys FILE, or set PORTAL_SECRET_KEYS as it was. "
            "A backup never holds keys."
        )
    return told


async def restore(owner_url: str, source: Source, told: Told, *, replace: bool, report: Report) -> Restored:
    """Take in what was examined. Raises NotRestored for a database that is not to be replaced."""
    await _require_room(owner_url, replace)
    made: list[str] = []
    try:
        erased = await _take_in(owner_url, source, told, made, report)
    except BaseException:
        await files.take_back(made)
        raise
    migrated = await migrations.migrate(owner_url)
    if migrated:
        erased += await erasures.reapply(owner_url)
    report(1.0, "Restored")
    return Restored(told, erased, migrated, await set_aside_if_ahead(owner_url))


async def _require_room(owner_url: str, replace: bool) -> None:
    """A database that is empty or may be replaced, and in which nobody works."""
    connection = await asyncpg.connect(owner_url)
    try:
        if others := await _others(connection):
            raise NotRestored(f"The portal is running ({others} connections): stop it first, then restore.")
        if await connection.fetchval("select to_regclass('public.organisation') is null"):
            foreign = await connection.fetchval(
                "select count(*) from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') "
                "and relname <> 'migration' "
                "and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')"
            )
            if foreign:
                raise NotRestored("The database holds tables that are no portal's: name another one.")
            return
        await connection.execute("set role portal_gate")
        if not replace and await connection.fetchval("select exists (select from organisation)"):
            raise NotRestored("There is a portal in use here: --replace puts the backup in its place.")
    finally:
        await connection.close()


async def _others(connection: asyncpg.Connection) -> int:
    """Connections of others. Those that were closed just now are given a moment to end."""
    found = 0
    for _ in range(_LOOKS):
        found = await connection.fetchval(_OTHERS) or 0
        if not found:
            break
        await asyncio.sleep(0.05)
    return found


async def _take_in(owner_url: str, source: Source, told: Told, made: list[str], report: Report) -> int:
    async with replacing(owner_url, told.header) as loading:
        report(_CHECKED, "Making the schema")
        await loading.prepare(await migrations.scripts())
        archive = Reading(source.name, source.pieces())
        await _members(archive, loading, told, made, report)
        if (await archive.seal()).sha256 != told.sha256:
            raise BadBackup(f"{source.name} was changed while it was read.")
        report(0.9, "Indexes and constraints")
        await _finish(loading, told, source.name)
        return await _put_right(loading.connection)


async def _members(archive: Reading, loading: Loading, told: Told, made: list[str], report: Report) -> None:
    tables, damaged = {each.name: each for each in told.header.tables}, set(told.contents.damaged)
    async for found in archive.members():
        report(_CHECKED + 0.6 * archive.read / max(told.bytes, 1), "Restoring")
        if found.name.startswith(TABLES):
            name = found.name.removeprefix(TABLES).partition("/")[0]
            await loading.table(tables[name], unpacked(archive))
        elif found.name.startswith(FILES) and found.name.removeprefix(FILES) not in damaged:
            await files.put_in(archive, found.name, made)


async def _finish(loading: Loading, told: Told, name: str) -> None:
    try:
        await loading.finish(told.contents)
    except asyncpg.IntegrityConstraintViolationError as error:
        raise BadBackup(f"{name} is damaged: its rows do not fit together ({error}).") from error


async def _put_right(connection: asyncpg.Connection) -> int:
    """The ring opens what came; how many erased people came back, and are erased again."""
    await connection.execute("set local role portal_gate")
    if await _has(connection, "portal.sealed_samples(integer)"):
        await vault.require_opens(connection)
    await connection.execute("reset role")
    if not await _has(connection, "portal.reapply_erasures(uuid[])"):
        return 0
    return await connection.fetchval("select portal.reapply_erasures($1)", erasures.remembered()) or 0


async def _has(connection: asyncpg.Connection, function: str) -> bool:
    return bool(await connection.fetchval("select to_regprocedure($1) is not null", function))


async def set_aside_if_ahead(owner_url: str) -> Path | None:
    """Checkpoints of this folder that say more than the restored log holds are set aside, not destroyed."""
    try:
        newest: Any = Checkpoint.of(witnesses.newest())
    except NoCheckpoint:
        return None
    connection = await asyncpg.connect(owner_url)
    try:
        await connection.execute("set role portal_gate")
        row = await connection.fetchrow(
            "select (select origin from audit_origin), (select max(size) from audit_checkpoint), "
            "(select root from audit_checkpoint where size = $1)",
            newest.size,
        )
    finally:
        await connection.close()
    if row is None or (row[0] == newest.origin and newest.size <= (row[1] or 0) and row[2] in (newest.root, None)):
        return None
    return witnesses.set_aside(datetime.now(UTC))
