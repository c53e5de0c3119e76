"""A record's own trail through the log: every entry that wrote a row of it, oldest first, as its reader may see it.

A row that no event of its change is about stands in the entry of another record, written in the same moment by the same
request: those entries are read along.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from portal.audit.forms import EntryOut, RowChangeOut
from portal.audit.queries import told
from portal.audit.words import NOTHING_DONE
from portal.platform.work import View

MOST: Final = 2_000  # entries of one record
_TRAIL: Final = """
with own as (
  select id, owner_id, at, request_id from audit_entry where root_id = $1 and event <> all($2::text[])
  union select id, owner_id, at, request_id from audit_entry where subject_id = $1 and event <> all($2::text[]))
select * from audit_entry e where e.id in (
  select id from own
  union select c.id from own o join audit_entry c on c.owner_id = o.owner_id and c.at = o.at
    and c.request_id = o.request_id)
order by e.at desc, e.id desc limit $3
"""
_BESIDE: Final = """
select c.* from audit_entry c where c.id in (
  select b.id from audit_entry o join audit_entry b on b.owner_id = o.owner_id and b.at = o.at
    and b.request_id = o.request_id where o.id = any($1::uuid[]) and b.id <> all($1::uuid[]))
"""
_OF_EVENTS: Final = """
select * from audit_entry where owner_id = $1 and event = any($2::text[]) order by at desc, id desc limit $3
"""
_BORN: Final = """
select distinct on (written ->> 'id') written ->> 'id' as id, (written -> 'after')::jsonb as born
from audit_entry e cross join lateral json_array_elements(e.body -> 'rows') written
where e.root_id = any($1::uuid[]) and written ->> 'id' = any($2::text[]) and json_typeof(written -> 'before') = 'null'
order by written ->> 'id', e.id
"""


async def trail(view: View, record_id: UUID) -> list[EntryOut]:
    """The last `MOST` entries that wrote rows of the record, in the order of their writing."""
    records = await view.fetch(_TRAIL, record_id, sorted(NOTHING_DONE), MOST)
    return (await told(view, records))[::-1]


async def with_their_rows(view: View, record_id: UUID, entries: Sequence[EntryOut]) -> list[EntryOut]:
    """The entries, each with what was written of the record by the same request at the same moment: the log of earlier
    releases tells that in another entry."""
    lacking = [entry for entry in entries if not entry.changes]
    if not lacking:
        return list(entries)
    beside = await told(view, await view.fetch(_BESIDE, [entry.id for entry in lacking]))
    rows = {(each.at, each.request_id): [row for row in each.changes if _is(row, record_id)] for each in beside}
    shown = {(each.at, each.request_id) for each in entries if any(_is(row, record_id) for row in each.changes)}
    found = []
    for entry in entries:
        moment = (entry.at, entry.request_id)
        if not entry.changes and moment in rows and moment not in shown:
            entry.changes = rows[moment]
            shown.add(moment)
        found.append(entry)
    return found


def _is(change: RowChangeOut, record_id: UUID) -> bool:
    return str(change.id) == str(record_id)


async def of_events(view: View, events: Sequence[str], most: int = 5 * MOST) -> list[EntryOut]:
    """Entries of these events in the log of the reader's organisation, in the order of their writing."""
    records = await view.fetch(_OF_EVENTS, view.actor.organisation_id, list(events), most)
    return (await told(view, records))[::-1]


async def born(view: View, entries: Sequence[EntryOut]) -> dict[str, dict[str, Any]]:
    """What each row that any of the entries changed said when it came to be, asked for all of them at once."""
    changed = {str(change.id) for entry in entries for change in entry.changes if change.before is not None}
    roots = {entry.root_id for entry in entries if entry.root_id}
    if not (changed and roots):
        return {}
    return {row["id"]: row["born"] for row in await view.fetch(_BORN, list(roots), sorted(changed))}


def until(entries: Sequence[EntryOut], moment: datetime) -> list[EntryOut]:
    return [entry for entry in entries if entry.at <= moment]
