"""Whom an entry is about, where that is a person: names stand in no entry, so they are asked for when one is read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from portal.audit.sides import Sides
from portal.audit.words import SENTENCES
from portal.platform.ids import id_of
from portal.platform.work import View

# Events that say of whom they tell. Those of sessions are left out: whoever signs in does so themselves.
_TELLING: Final = (
    *("membership.", "person.", "access-review.", "invitation.accepted", "break-glass.", "see-as.b", "see-as.ended"),
    *("api-key.", "identity-provider.linked", "identity-provider.unlinked", "setting.", "session.all-ended"),
)
ABOUT_PEOPLE: Final = sorted(code for code in SENTENCES if code.startswith(_TELLING))
_OF_MEMBERSHIPS: Final = "select id, person_id from membership where id = any($1::uuid[])"
_CALLED: Final = """
select p.id from person p where p.id = $1 or p.email = $2 or lower(p.full_name) = $2
union select m.person_id from membership m where m.id = $1
"""


async def whom(view: View, told: Iterable[Sides]) -> dict[UUID, UUID]:
    """By entry the person it is about; the memberships that are named by their id alone are asked for at once."""
    found, asked = dict[UUID, UUID](), dict[UUID, UUID]()
    for sides in told:
        record = sides.record
        if named := id_of(str(sides.body["data"].get("person_id") or "")):
            found[record["id"]] = named
        elif record["subject_kind"] == "person":
            found[record["id"]] = record["subject_id"]
        elif record["subject_kind"] == "membership":
            asked[record["id"]] = record["subject_id"]
    rows = await view.fetch(_OF_MEMBERSHIPS, list(set(asked.values()))) if asked else []
    people: Mapping[UUID, UUID] = {row["id"]: row["person_id"] for row in rows}
    return found | {entry: people[member] for entry, member in asked.items() if member in people}


async def people_called(view: View, text: str) -> list[UUID]:
    """Who has this id, membership, e-mail address or full name, among those whom the reader's organisation knows."""
    return [row["id"] for row in await view.fetch(_CALLED, id_of(text), text.strip().lower())]


async def memberships_of(view: View, people: Sequence[UUID]) -> list[Any]:
    rows = await view.fetch("select id from membership where person_id = any($1::uuid[])", list(people))
    return [row["id"] for row in rows]
