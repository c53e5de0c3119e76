"""Taking a backup into a database, in one transaction: what was there and what comes change places at its end, or not
at all, whatever happens meanwhile.

The schema is made by this release's own migrations, as far as the backup had them, so that roles, rights, row-level
security and triggers are what they must be, and nothing that a file says is ever run. Constraints between tables,
indexes and triggers wait until the rows are there; a row that breaks one undoes everything.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg

from portal.operations.backup.shape import BadBackup, Contents, Header, Kept
from portal.operations.backup.snapshot import PASSING, PLAIN, SCHEMAS, quoted
from portal.platform import migrations

_MONTH: Final = re.compile(r"2\d{3}_(0[1-9]|1[0-2])", re.ASCII)
# All that is the portal's own, and nothing that an extension or somebody else put there.
_CLEAR: Final = """
do $$ declare gone text; begin
  for gone in select c.oid::regclass from pg_class c where relnamespace = 'public'::regnamespace
      and relkind in ('r', 'p') and not relispartition and relname <> 'migration' and pg_has_role(relowner, 'member')
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e') loop
    execute format('drop table if exists %s cascade', gone);
  end loop;
  drop schema if exists portal cascade;
  drop schema if exists dramatiq cascade;
end $$
"""
_OURS: Final = """
select c.oid::regclass::text as name, c.relkind = 'p' as parted, c.relforcerowsecurity as forced
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = any ($1) and c.relkind in ('r', 'p') and not c.relispartition
  and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
"""
# Each as the statement that takes it away and the one that brings it back, in the order of bringing back.
_SET_ASIDE: Final = """
select 1 as place, format('drop index %s', i.indexrelid::regclass) as away, pg_get_indexdef(i.indexrelid) as back
from pg_index i join pg_class c on c.oid = i.indrelid
where c.oid::regclass::text = any ($1) and c.relkind = 'r' and not exists (
  select from pg_constraint k where k.conindid = i.indexrelid)
union all
select 2, format('alter table %s drop constraint %I', conrelid::regclass, conname),
  format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
from pg_constraint where contype = 'f' and conparentid = 0 and conrelid::regclass::text = any ($1)
order by place
"""
_MONTH_OF_LOG: Final = """
do $$ declare month timestamptz := '{first}'; begin
  create table public.audit_entry_{name} partition of public.audit_entry for values
    from (portal.uuid_floor(month)) to (portal.uuid_floor(month + interval '1 month'));
  alter table public.audit_entry_{name} enable row level security;
  alter table public.audit_entry_{name} force row level security;
end $$
"""


class Loading:
    """A database that is being filled; `connection` is inside the one transaction."""

    def __init__(self, connection: asyncpg.Connection, header: Header) -> None:
        self.connection, self._header = connection, header
        self._ours: list[Any] = []
        self._aside: list[Any] = []
        self._rows: dict[str, int] = {}

    async def prepare(self, scripts: dict[str, str]) -> None:
        """An empty schema of the release that the backup was made by."""
        await self.connection.execute(_CLEAR)
        for name in self._header.migrations:
            await self.connection.execute(scripts[name])
        await self._partitions()
        self._ours = await self.connection.fetch(_OURS, SCHEMAS)
        self._aside = await self.connection.fetch(_SET_ASIDE, [row["name"] for row in self._ours])
        for row in reversed(self._aside):
            await self.connection.execute(row["away"])
        for row in self._ours:
            await self.connection.execute(f"alter table {row['name']} disable trigger user")
            await self.connection.execute(f"alter table {row['name']} no force row level security")
        await self.connection.execute(f"truncate {', '.join(row['name'] for row in self._ours)}")
        await self._compare()

    async def table(self, table: Kept, text: AsyncIterator[bytes]) -> None:
        """One piece of a table's rows."""
        schema, _, name = table.name.partition(".")
        try:
            done = await self.connection.copy_to_table(
                name, schema_name=schema, columns=table.columns, source=text, format="text"
            )
        except asyncpg.DataError as error:
            raise BadBackup(f"The backup is damaged: rows of {table.name} cannot be read ({error}).") from error
        self._rows[table.name] = self._rows.get(table.name, 0) + int(done.rpartition(" ")[2])

    async def finish(self, told: Contents) -> None:
        """Sequences, indexes, constraints and triggers, then the rows are counted."""
        if self._rows != told.rows:
            raise BadBackup("The backup is damaged: other rows came than it says.")
        for name, value in told.sequences.items():
            await self.connection.execute("select setval($1::text::regclass, $2)", quoted(name), value)
        for row in self._aside:
            await self.connection.execute(row["back"])
        for row in self._ours:
            await self.connection.execute(f"alter table {row['name']} enable trigger user")
            if row["forced"]:
                await self.connection.execute(f"alter table {row['name']} force row level security")
        # Nobody does the jobs any more that were being done.
        await self.connection.execute(
            "update dramatiq.queue set state = 'queued', worker_id = null, consumed_at = null where state = 'consumed'"
        )
        await migrations.let_read(self.connection)
        await self.connection.execute("analyze")

    async def _partitions(self) -> None:
        """Months of the log that the backup's database had and a new one has not."""
        for month in self._header.months:
            if not _MONTH.fullmatch(month):
                raise BadBackup(f"The backup names a month as there is none: {month[:20]!r}.")
            if await self.connection.fetchval("select to_regclass($1)", f"public.audit_entry_{month}") is None:
                first = f"{month.replace('_', '-')}-01 00:00+00"
                await self.connection.execute(_month_of_log(month, first))

    async def _compare(self) -> None:
        """The backup's tables are those of its release, each with its columns."""
        found = await self.connection.fetch(
            """select n.nspname || '.' || c.relname as name, array_agg(attname::text) as columns from pg_attribute a
            join pg_class c on c.oid = attrelid join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = any ($1) and c.relkind in ('r', 'p') and not c.relispartition
              and attnum > 0 and not attisdropped and attgenerated = '' group by 1""",
            SCHEMAS,
        )
        ours = {row["name"]: set(row["columns"]) for row in found if row["name"] not in PASSING}
        theirs = {each.name: set(each.columns) for each in self._header.tables}
        if ours != theirs:
            names = sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
            raise BadBackup(f"The backup's tables are not those of its release: {', '.join(names[:5])}.")


@asynccontextmanager
async def replacing(owner_url: str, header: Header) -> AsyncIterator[Loading]:
    """Everything inside is kept when the block ends well, and nothing of it otherwise."""
    await migrations.make_list(owner_url)
    connection = await asyncpg.connect(owner_url, server_settings=PLAIN)
    try:
        async with migrations.alone(connection), connection.transaction():
            await connection.execute("set local maintenance_work_mem = '256MB'")
            yield Loading(connection, header)
    finally:
        await connection.close()


def _month_of_log(name: str, first: str) -> str:
    return _MONTH_OF_LOG.format(name=name, first=first)
