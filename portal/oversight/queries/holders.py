"""Who holds which role now, who answers for it, and who is an administrator: what campaigns are made of."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from portal.access.queries import roles_of
from portal.oversight.forms import OwnerOut
from portal.oversight.rules import ADMINISTRATOR
from portal.platform.work import View

_HELD: Final = """
select m.id, m.person_id, m.roles, m.scope, m.limit_currency, m.limit_gross, m.limit_cumulative, p.full_name, p.email,
  (select e.at from audit_entry e where e.actor_id = p.id and e.event = 'session.opened' and e.owner_id = $1
    order by e.at desc limit 1) as last_sign_in
from membership m join person p on p.id = m.person_id
where m.organisation_id = $1 and m.active and (m.ends_at is null or m.ends_at > portal.now())
order by p.full_name, m.id
"""
_ABLE: Final = "auditor"  # who audits decides on nobody's access


async def members(view: View) -> list[Any]:
    """Everybody with a membership that holds, with their own roles; those of an emergency are not among them."""
    return await view.fetch(_HELD, view.actor.organisation_id)


def administrators_of(found: list[Any]) -> set[UUID]:
    """Those who may decide."""
    return {row["person_id"] for row in found if ADMINISTRATOR in row["roles"] and _ABLE not in row["roles"]}


async def owners_of(view: View, found: list[Any]) -> dict[str, list[UUID]]:
    """Who answers for each role, as far as they are members and decide."""
    able = {row["person_id"] for row in found if _ABLE not in row["roles"]}
    rows = await view.fetch(
        "select role, owners from role_owner where organisation_id = $1", view.actor.organisation_id
    )
    return {row["role"]: [owner for owner in row["owners"] if owner in able] for row in rows}


async def owners(view: View) -> list[OwnerOut]:
    """Each role of the organisation and who answers for it."""
    found = await members(view)
    named, usual = await owners_of(view, found), sorted(administrators_of(found))
    versions = {row["role"]: row["version"] for row in await view.fetch(_VERSIONS, view.actor.organisation_id)}
    called: Mapping[UUID, str] = {row["person_id"]: row["full_name"] for row in found}
    return [
        OwnerOut(
            role=role,
            named=bool(named.get(role)),
            owners=(people := named.get(role) or usual),
            names=[called[each] for each in people],
            version=versions.get(role, 0),
        )
        for role in roles_of(view.actor.organisation_kind)
    ]


_VERSIONS: Final = "select role, version from role_owner where organisation_id = $1"


async def able_owners(view: View) -> list[tuple[str, str]]:
    """Whom an administrator may name."""
    return [(str(row["person_id"]), row["full_name"]) for row in await members(view) if _ABLE not in row["roles"]]
