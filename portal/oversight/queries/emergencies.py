"""Emergencies as they are read: to administrators and auditors all of them, to everybody else their own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from portal.access.guards import allowed, scoped
from portal.access.queries import colleagues, names
from portal.audit.forms import EntryOut
from portal.audit.queries import EntryFilter, entries
from portal.oversight.forms import EmergencyOut
from portal.oversight.tables import EmergencyAccess
from portal.platform.paging import Bind, Page, Sort, order_of
from portal.platform.refusals import NotFound
from portal.platform.work import View

SORTS: Final = {"asked_at": Sort("asked_at", datetime.fromisoformat, "timestamptz")}
CAP: Final = 1000
_SQL: Final = """
select e.*, e.state = 'granted' and e.until > portal.now() as running from emergency_access e
where e.organisation_id = $1
"""
_WHO: Final = ("created_by", "decided_by", "reviewed_by")
_APART: Final = {"person_id", "person", "decided_by_name", "reviewed_by_name", "state"}
_PLAIN: Final = [name for name in EmergencyOut.__struct_fields__ if name not in _APART]


async def emergencies(view: View, *, cursor: str | None = None, limit: int = 50) -> Page[EmergencyOut]:
    """Newest first."""
    bind = Bind(view.actor.organisation_id)
    readable = scoped(view.actor, "emergency-access:read", "e", bind)
    order = order_of(SORTS, "-asked_at", cursor)
    after, by = order.sql("e", bind, limit)
    rows = await view.fetch(f"{_SQL} and {readable} and {after} {by}", *bind.values)
    found = await _told(view, rows[:limit])
    return Page(found, order.page(rows, limit, lambda row: row["asked_at"]))


async def emergency(view: View, emergency_id: UUID) -> EmergencyOut:
    """One of them; unseen is 404."""
    bind = Bind(view.actor.organisation_id, emergency_id)
    readable = scoped(view.actor, "emergency-access:read", "e", bind)
    rows = await view.fetch(f"{_SQL} and e.id = $2 and {readable}", *bind.values)
    if not rows:
        raise NotFound()
    return (await _told(view, rows))[0]


async def to_look_at(view: View, limit: int = 5) -> tuple[int, list[EmergencyOut]]:
    """Those on which the reader may decide, those that run, and those that they may review, the oldest first."""
    bind = Bind(view.actor.organisation_id)
    grants = scoped(view.actor, "emergency-access:grant", "e", bind)
    reviews = scoped(view.actor, "emergency-access:review", "e", bind)
    wanted = f"((e.state = 'asked' and {grants}) or (e.state in ('granted', 'ended') and {reviews}))"
    rows = await view.fetch(f"{_SQL} and {wanted} order by e.asked_at, e.id limit {CAP}", *bind.values)
    return len(rows), await _told(view, rows[:limit])


async def acts_of(view: View, told: EmergencyOut, limit: int = 200) -> list[EntryOut]:
    """What was done with the roles, and what was refused, newest first: for whoever reviews it."""
    if told.decided_at is None or told.until is None:
        return []
    chosen = EntryFilter(actor=str(told.person_id), since=told.decided_at, until=told.ended_at or told.until)
    found = (await entries(view, chosen, limit=limit)).items
    return [entry for entry in found if entry.emergency == told.id]


async def able(view: View, permission: str, about: EmergencyAccess) -> bool:
    """Whether anybody in the organisation may do this to it."""
    return any(allowed(each, permission, about) for each in await colleagues(view))


async def _told(view: View, rows: Sequence[Any]) -> list[EmergencyOut]:
    known = await names(view, [row[who] for row in rows for who in _WHO if row[who]])
    called = {person: name for person, (name, _of) in known.items()}
    return [_out(row, called) for row in rows]


def _out(row: Any, called: dict[UUID, str]) -> EmergencyOut:
    lapsed = row["state"] == "granted" and not row["running"]
    return EmergencyOut(
        **{name: row[name] for name in _PLAIN},
        state="ended" if lapsed else row["state"],
        person_id=row["created_by"],
        person=called.get(row["created_by"], "–"),
        decided_by_name=called.get(row["decided_by"], ""),
        reviewed_by_name=called.get(row["reviewed_by"], ""),
    )
