"""Evidence as it is read: what was asked for, how far it is, and the file."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from portal.access.queries import names
from portal.operations.workspace.forms import EvidenceOut
from portal.platform.paging import Bind, Page, Sort, order_of
from portal.platform.refusals import NotFound
from portal.platform.work import View

SORTS: Final = {"asked_at": Sort("asked_at", datetime.fromisoformat, "timestamptz")}
UNDER_WAY: Final = ("asked", "making")
# An engagement's evidence is for who takes part in it; any other for who asked for it.
_SQL: Final = """
select b.*, case b.state when 'ready' then 1 else coalesce(p.done, 0) end as done, coalesce(p.what, '') as what
from evidence_bundle b left join evidence_progress p on p.bundle_id = b.id
left join engagement g on g.id = b.engagement_id left join invitation i on i.id = g.invitation_id
where b.organisation_id = $1
  and portal.person() in (b.asked_by, g.owned_by, coalesce(g.auditor_id, i.accepted_by))
"""


async def evidence_list(view: View, *, cursor: str | None = None, limit: int = 50) -> Page[EvidenceOut]:
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, "-asked_at", cursor)
    after, by = order.sql("b", bind, limit)
    rows = await view.fetch(f"{_SQL} and {after} {by}", *bind.values)
    return Page(await _told(view, rows[:limit]), order.page(rows, limit, lambda row: row["asked_at"]))


async def evidence(view: View, bundle_id: UUID) -> EvidenceOut:
    rows = await view.fetch(f"{_SQL} and b.id = $2", view.actor.organisation_id, bundle_id)
    if not rows:
        raise NotFound()
    return (await _told(view, rows))[0]


async def _told(view: View, rows: list[Any]) -> list[EvidenceOut]:
    people = await names(view, [row["asked_by"] for row in rows])
    plain = [name for name in EvidenceOut.__struct_fields__ if name != "asked_by"]
    return [
        EvidenceOut(**{name: row[name] for name in plain}, asked_by=people.get(row["asked_by"], ("", ""))[0])
        for row in rows
    ]
