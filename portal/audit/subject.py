"""What is kept about a person, for that person: their own data, every row that names them, and the log.

Which tables and columns name people is asked of the database, so that no new one is forgotten: ids and lists of ids,
whatever a row is known by. It says what the organisation that is asked may see; other organisations answer for
themselves, and what nobody reads (hashes of passwords, keys and codes) is no answer.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from portal.audit import queries
from portal.platform.i18n import Message, _
from portal.platform.refusals import NotFound
from portal.platform.work import View

OWN = ("person", "membership", "session", "api_key", "mail_message", "staff_account")
LEFT_OUT = frozenset(
    {"token_hash", "key_hash", "csrf", "search", "version", "fingerprint"}
)  # secrets and counters, not data
MOST = 10_000
_NAMING = """
select c.relname as name,
  array_agg(a.attname::text order by a.attnum) filter (where a.atttypid = 'uuid'::regtype) as single,
  array_agg(a.attname::text order by a.attnum) filter (where a.atttypid = 'uuid[]'::regtype) as listed,
  (select array_agg(k.attname::text order by k.attnum) from pg_index i join pg_attribute k on k.attrelid = i.indrelid
    where i.indrelid = c.oid and i.indisprimary and k.attnum = any (i.indkey) and k.atttypid <> 'bytea'::regtype) as key
from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
  and a.attnum > 0 and not a.attisdropped and a.atttypid in ('uuid'::regtype, 'uuid[]'::regtype)
  and has_table_privilege(c.oid, 'select') and c.relname not like 'audit%'
group by c.oid, c.relname order by c.relname
"""


async def known_of(view: View, person_id: UUID, others: Sequence[str] = ()) -> dict[str, Any]:
    """All of it as plain data; `NotFound` for somebody whom the organisation does not know. `others` are names of
    further companies of the person's, which only they themselves may learn: what those keep is not here."""
    if await view.one("select 1 from person where id = $1", person_id) is None:
        raise NotFound()
    return {
        "person": str(person_id),
        "organisation": await view.value("select name from organisation where id = $1", view.actor.organisation_id),
        "not_in_this_file": [str(_elsewhere(name)) for name in others],
        "own": {table: await _own(view, table, person_id) for table in OWN},
        "records": await _naming(view, person_id),
        "log": await _log(view, person_id),
    }


def _elsewhere(name: str) -> Message:
    return _("What {company} keeps about you: switch to {company}, then ask for this file again.", company=name)


async def _own(view: View, table: str, person_id: UUID) -> list[dict[str, Any]]:
    """Rows that are about the person alone, whole but for secrets."""
    key = "id" if table == "person" else "person_id"
    rows = await view.fetch(f"select * from {table} where {key} = $1 limit {MOST}", person_id)
    return [{name: value for name, value in row.items() if name not in LEFT_OUT} for row in rows]


async def _naming(view: View, person_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Of every other table the rows that name the person, and in which column: as whose author, approver, receiver."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in await view.fetch(_NAMING):
        key = table["key"] or ["ctid"]
        ways = {each: f"{each} = $1" for each in table["single"] or () if each != "id"}
        ways |= {each: f"$1 = any({each})" for each in table["listed"] or ()}
        for column, condition in ways.items() if table["name"] not in OWN else ():
            sql = f"select {', '.join(f'{each}::text' for each in key)} from {table['name']} where {condition}"
            rows = await view.fetch(f"{sql} limit {MOST}", person_id)
            if rows:
                found.setdefault(table["name"], []).extend({**dict(row), "as": column} for row in rows)
    return found


async def _log(view: View, person_id: UUID) -> list[dict[str, Any]]:
    """What the person did, and what was done about them, with the fields of theirs unsealed."""
    told: dict[UUID, dict[str, Any]] = {}
    for chosen in (queries.EntryFilter(actor=str(person_id)), queries.EntryFilter(about=person_id)):
        cursor = None
        while len(told) < MOST:
            page = await queries.entries(view, chosen, cursor=cursor, limit=200)
            for entry in page.items:
                own = entry.changes if entry.subject_id == person_id else []
                told[entry.id] = {
                    "at": entry.at.isoformat(),
                    "event": entry.event,
                    "record": entry.subject,
                    "said": entry.data,
                    "changes": [{"table": each.table, "before": each.before, "after": each.after} for each in own],
                }
            cursor = page.next_cursor
            if cursor is None:
                break
    return [told[key] for key in sorted(told)]
