"""Engagements as they are read: who audits what, until when, and who may know what was read."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from portal.access.guards import allowed
from portal.access.queries import names
from portal.audit.forms import EntryOut
from portal.audit.queries import EntryFilter, entries
from portal.operations.workspace.forms import EngagementOut
from portal.operations.workspace.tables import Engagement
from portal.platform.i18n import _
from portal.platform.paging import Bind, Page, Sort, order_of
from portal.platform.refusals import Conflict, Denied, NotFound
from portal.platform.work import Change, View

SORTS: Final = {"opened_at": Sort("opened_at", datetime.fromisoformat, "timestamptz")}
READING: Final = ("record.read", "data.exported", "evidence.exported")
_SQL: Final = """
select g.*, coalesce(g.auditor_id, i.accepted_by) as reader, (g.state = 'closed' or g.until <= portal.now()) as over,
  coalesce(g.state = 'open' and (i.state = 'withdrawn' or i.state = 'open' and i.refused_at is not null), false)
    as refused,
  (select count(*) from workpaper w where w.engagement_id = g.id) as papers
from engagement g left join invitation i on i.id = g.invitation_id
"""
_READS: Final = """
select count(*) from audit_entry where owner_id = $1 and actor_id = $2 and event = any($3::text[])
  and at >= $4 and at < $5
"""
_PART: Final = """
select (g.state = 'closed' or g.until <= portal.now()) as over,
  portal.person() in (g.owned_by, coalesce(g.auditor_id, i.accepted_by)) as takes_part
from engagement g left join invitation i on i.id = g.invitation_id where g.id = $1
"""


async def engagements(view: View, *, cursor: str | None = None, limit: int = 50) -> Page[EngagementOut]:
    """Those of the reader's organisation, newest first: to its administrators all, to an auditor those of theirs."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, "-opened_at", cursor)
    after, by = order.sql("g", bind, limit)
    rows = await view.fetch(
        f"{_SQL} where g.organisation_id = $1 and {_own(view, bind)} and {after} {by}", *bind.values
    )
    found = await _told(view, rows[:limit])
    return Page(found, order.page(rows, limit, lambda row: row["opened_at"]))


async def engagement(view: View, engagement_id: UUID) -> EngagementOut:
    bind = Bind(view.actor.organisation_id, engagement_id)
    rows = await view.fetch(f"{_SQL} where g.organisation_id = $1 and g.id = $2 and {_own(view, bind)}", *bind.values)
    if not rows:
        raise NotFound()
    told = (await _told(view, rows))[0]
    told.reads = await reads_of(view, rows[0])
    return told


async def reads_of(view: View, row: Any) -> int | None:
    """How much the auditor read, as far as its reader may know; None for whom it is kept from."""
    kept = not row["over"] and view.actor.person_id not in (row["owned_by"], row["reader"])
    if kept or row["reader"] is None:
        return None if kept else 0
    end = min(row["until"], row["closed_at"] or row["until"])
    return await view.value(_READS, row["organisation_id"], row["reader"], list(READING), row["opened_at"], end)


async def readings(view: View, engagement_id: UUID, *, cursor: str | None = None, limit: int = 50) -> Page[EntryOut]:
    """What the auditor read, newest first; `Denied` to whom it is kept from until the engagement is over."""
    told = await engagement(view, engagement_id)
    if told.reads is None:
        raise Denied(_("The owner of the audit alone sees it while the engagement lasts."))
    if told.auditor_id is None:
        return Page([])
    end = min(told.until, told.closed_at or told.until)
    chosen = EntryFilter(actor=str(told.auditor_id), events=READING, since=told.opened_at, until=end)
    return await entries(view, chosen, cursor=cursor, limit=limit)


async def require_part(change: Change, engagement_id: UUID) -> Engagement:
    """The engagement, locked, for who takes part in it while it lasts; `NotFound` for everybody else."""
    row: Any = await change.one(_PART, engagement_id)
    if row is None or not row["takes_part"]:
        raise NotFound()
    if row["over"]:
        raise Conflict(_("This engagement is over: nothing is added to its workpapers any more."))
    return await change.row(Engagement, engagement_id)


async def takes_part(view: View, engagement_id: UUID) -> bool:
    row: Any = await view.one(_PART, engagement_id)
    return row is not None and row["takes_part"]


def _own(view: View, bind: Bind) -> str:
    """Auditors from several houses do not read of each other; who opens engagements knows of all of them."""
    if allowed(view.actor, "engagements:open"):
        return "true"
    person = bind(view.actor.person_id)
    return f"{person}::uuid in (g.owned_by, coalesce(g.auditor_id, i.accepted_by))"


async def _told(view: View, rows: list[Any]) -> list[EngagementOut]:
    people = await names(view, [person for row in rows for person in (row["reader"], row["owned_by"]) if person])
    writes = allowed(view.actor, "workpapers:read")
    return [
        EngagementOut(
            **{name: row[name] for name in _PLAIN},
            auditor=people.get(row["reader"], ("", ""))[0],
            owner=people.get(row["owned_by"], ("", ""))[0],
            auditor_id=row["reader"],
            papers=row["papers"] if writes else None,
            reads=None,
        )
        for row in rows
    ]


_APART: Final = {"auditor", "owner", "auditor_id", "papers", "reads"}
_PLAIN: Final = [name for name in EngagementOut.__struct_fields__ if name not in _APART]
