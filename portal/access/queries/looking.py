"""Who looked at the portal as whom: all of it to administrators and auditors, to everybody who looked as them."""

from typing import Any
from uuid import UUID

from portal.access.forms import LookOut
from portal.access.guards import allowed
from portal.access.queries.directory import names
from portal.platform.refusals import NotFound
from portal.platform.work import View

MOST = 200
_LOOKS = """
select * from see_as where organisation_id = $1 and ($2 or person_id = $3 or created_by = $3)
  and ($4::uuid is null or id = $4) order by begun_at desc, id desc limit $5
"""


async def looks(view: View, looking: UUID | None = None) -> list[LookOut]:
    """The newest first; one of them, if it is named."""
    actor = view.actor
    rows = await view.fetch(
        _LOOKS, actor.organisation_id, allowed(actor, "see-as:read"), actor.person_id, looking, MOST
    )
    known = await names(view, [row[who] for row in rows for who in ("person_id", "created_by")])
    return [_out(row, {person: name for person, (name, _of) in known.items()}) for row in rows]


async def look(view: View, looking: UUID) -> LookOut:
    """One of them; unseen is 404."""
    found = await looks(view, looking)
    if not found:
        raise NotFound()
    return found[0]


def _out(row: Any, known: dict[UUID, str]) -> LookOut:
    return LookOut(
        id=row["id"],
        person_id=row["person_id"],
        person=known.get(row["person_id"], "–"),
        by_id=row["created_by"],
        by=known.get(row["created_by"], "–"),
        reason=row["reason"],
        begun_at=row["begun_at"],
        until=row["until"],
        ended_at=row["ended_at"],
    )
