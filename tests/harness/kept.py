"""What the database holds of an organisation, table by table: for stories in which nothing of it may change."""

from typing import Any
from uuid import UUID

import psycopg

_COLUMNS = """
select c.relname, array_agg(a.attname::text order by a.attnum) from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
  and a.attnum > 0 and not a.attisdropped and a.atttypid = 'uuid'::regtype
group by c.relname order by c.relname
"""


def kept(superuser: psycopg.Connection, *organisations: UUID) -> dict[str, tuple[int, str]]:
    """Number and digest of the rows of every table that name one of the organisations or one of their people.

    What logs say of requests is not among it: another organisation's is that organisation's own, and refusals that
    were only counted are written down whenever somebody is refused after their minute.
    """
    names = [*organisations, *_people(superuser, organisations)]
    tables = [each for each in superuser.execute(_COLUMNS) if each[0] != "refusal_count"]
    return {table: _digest(superuser, table, columns, names) for table, columns in tables}


def changed(before: dict[str, tuple[int, str]], after: dict[str, tuple[int, str]]) -> dict[str, Any]:
    """The tables in which something is different, with how many rows there were and are."""
    return {name: (before[name][0], after[name][0]) for name in before if before[name] != after[name]}


def _people(superuser: psycopg.Connection, organisations: tuple[UUID, ...]) -> list[UUID]:
    sql = "select person_id from membership where organisation_id = any(%s)"
    return [row[0] for row in superuser.execute(sql, [list(organisations)])]


def _digest(superuser: psycopg.Connection, table: str, columns: list[str], names: list[UUID]) -> tuple[int, str]:
    named = " or ".join(f"{column} = any(%(names)s)" for column in columns)
    if table == "audit_entry":
        named = f"({named}) and subject_kind <> 'request'"
    sql = f"select count(*), coalesce(md5(string_agg(t::text, ',' order by t::text)), '') from {table} t where {named}"
    found: Any = superuser.execute(sql.encode(), {"names": names}).fetchone()
    return found
