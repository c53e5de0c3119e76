"""The database at one moment, row by row, as a role that may read everything and change nothing.

Rows leave as COPY's text, which every PostgreSQL since 7.4 reads, in numbered pieces of about 4 MB (gzip): so the file
can be written without knowing how large a table is.
"""

import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg

from portal.operations.backup.archive import Writing
from portal.operations.backup.shape import TABLES, Contents, Kept

SCHEMAS: Final = ["public", "portal", "dramatiq"]
# Rows that mean nothing once the processes they are of are gone: whoever was signed in signs in again, and the store of
# files is known anew by the files in it.
PASSING: Final = frozenset({"public.session", "public.ended_session", "public.file_store", "dramatiq.worker"})
GZIP: Final = 31  # zlib's name for the format
LEVEL: Final = 3
PIECE: Final = 4 << 20  # bytes, compressed
# How values are written and read: the same on both sides, whatever a server is set to.
PLAIN: Final = {
    "timezone": "UTC",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
}
_TABLES = """
select n.nspname || '.' || c.relname as name, c.oid,
  array(select attname::text from pg_attribute a where attrelid = c.oid and attnum > 0 and not attisdropped
    and attgenerated = '' order by attnum) as columns,
  coalesce((select sum(pg_table_size(relid)) from pg_partition_tree(c.oid)), pg_table_size(c.oid))::bigint as bytes,
  has_table_privilege('portal_backup', c.oid, 'select') and (not c.relrowsecurity or exists (select from pg_policy p
    where p.polrelid = c.oid and p.polroles @> array['portal_backup'::regrole::oid])) as readable
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = any ($1) and c.relkind in ('r', 'p') and not c.relispartition
  and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
order by name
"""
_MONTHS = """
select substr(c.relname, 13) from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'public.audit_entry'::regclass and c.relname ~ '^audit_entry_\\d{4}_\\d{2}$' order by 1
"""
_SEQUENCES = """
select schemaname || '.' || sequencename as name, last_value from pg_sequences
where schemaname = any ($1) and last_value is not null order by name
"""
Copied = Callable[[int], None]


class NotReadable(Exception):
    """The database cannot be backed up as it is; the message says what to do."""


@asynccontextmanager
async def frozen(owner_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that sees one moment for as long as it is open, in which no table changes its shape."""
    connection = await asyncpg.connect(owner_url, server_settings=PLAIN)
    try:
        async with connection.transaction(isolation="repeatable_read"):
            if not await connection.fetchval("select to_regrole('portal_backup') is not null"):
                raise NotReadable("The database is of an earlier release: run 'portal migrate' first.")
            await connection.execute("set local role portal_backup")
            yield connection
    finally:
        await connection.close()


async def tables(connection: asyncpg.Connection) -> list[Any]:
    """What there is to copy. Refuses to leave anything out: a table that the role cannot read is an error."""
    found = await connection.fetch(_TABLES, SCHEMAS)
    hidden = [row["name"] for row in found if not row["readable"]]
    if hidden:
        raise NotReadable(f"A backup cannot read {', '.join(hidden)}: run 'portal migrate' first.")
    for row in found:
        await connection.execute(f"lock table {quoted(row['name'])} in access share mode")
    return [row for row in found if row["name"] not in PASSING]


async def facts(connection: asyncpg.Connection) -> dict[str, Any]:
    """What the header says of the database."""
    return {
        "server": await connection.fetchval("show server_version"),
        "migrations": [
            row[0] for row in await connection.fetch("select name from migration where app_name = 'portal' order by id")
        ],
        "months": [row[0] for row in await connection.fetch(_MONTHS)],
    }


async def sequences(connection: asyncpg.Connection) -> dict[str, int]:
    """Asked after the rows: a sequence belongs to no moment, and must be no further back than they are."""
    return {row["name"]: row["last_value"] for row in await connection.fetch(_SEQUENCES, SCHEMAS)}


async def copy_out(
    connection: asyncpg.Connection, table: Kept, archive: Writing, told: Contents, copied: Copied
) -> None:
    pieces = Pieces(table.name, archive, copied)
    columns = ", ".join(map(quoted, table.columns))
    done = await connection.copy_from_query(f"select {columns} from {quoted(table.name)}", output=pieces.take)
    await pieces.finish()
    told.rows[table.name] = int(done.rpartition(" ")[2])


def member(table: str, number: int) -> str:
    return f"{TABLES}{table}/{number:06}.gz"


class Pieces:
    """Compresses what comes and puts each full piece into the archive."""

    def __init__(self, table: str, archive: Writing, copied: Copied) -> None:
        self._table, self._archive, self._copied = table, archive, copied
        self._number, self._packed, self._press = 0, [], zlib.compressobj(LEVEL, wbits=GZIP)
        self._size = 0

    async def take(self, data: bytes) -> None:
        self._packed.append(self._press.compress(data))
        self._size += len(self._packed[-1])
        self._copied(len(data))
        if self._size >= PIECE:
            await self.finish()
            self._packed, self._press, self._size = [], zlib.compressobj(LEVEL, wbits=GZIP), 0

    async def finish(self) -> None:
        self._number += 1
        packed = b"".join([*self._packed, self._press.flush()])
        await self._archive.add(member(self._table, self._number), packed)


def quoted(name: str) -> str:
    """A name of the catalogue as SQL has it; `schema.name` becomes both."""
    parts = name.split(".", 1)
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)
