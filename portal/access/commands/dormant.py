"""Memberships that nobody uses any more."""

from typing import Any

from portal.access import queries
from portal.access.events import BY_ANYBODY, MemberAdded, MemberSuspended
from portal.access.tables import Membership
from portal.platform.actor import Actor
from portal.platform.work import Change, changing


async def suspend_dormant(actor: Actor) -> list[Membership]:
    """Suspend whoever did nothing for the organisation, with a session or a key, for as many days as it says.

    What others do keeps nobody awake: neither wrong passwords for an account, nor other roles that somebody gives. The
    days begin anew with a membership that is given, or given back. Where no administrator would be left, they all stay.
    """
    async with changing(actor) as change:
        change.require("members:remove")
        days: int | None = await change.value(
            "select dormant_days from organisation where id = $1", actor.organisation_id
        )
        if days is None:
            return []
        dormant = await _dormant(change, days)
        for membership in dormant:
            membership.active = False
            change.write(membership)
            change.record(MemberSuspended(membership.person_id, days), membership)
            await change.fetch("select portal.end_sessions_here($1)", membership.person_id)
    for membership in dormant:
        queries.forget_person(membership.person_id)
    return dormant


async def _dormant(change: Change, days: int) -> list[Membership]:
    members: Any = await change.rows(
        Membership, "organisation_id = $1 and active order by id for no key update", change.actor.organisation_id
    )
    asked = (change.actor.organisation_id, days, list(BY_ANYBODY), MemberAdded.code)
    idle = {row["id"] for row in await change.fetch(_IDLE, *asked)}
    found = [member for member in members if member.id in idle]
    if any("administrator" in member.roles and member.id not in idle for member in members):
        return found
    return [member for member in found if "administrator" not in member.roles]


_IDLE = """
select m.id from membership m where m.organisation_id = $1 and m.active
  and m.created_at < portal.now() - make_interval(days => $2)
  and not exists (select from audit_entry e where e.owner_id = $1 and e.at > portal.now() - make_interval(days => $2)
    and (e.actor_id = m.person_id and e.event not like all ($3::text[]) or e.subject_id = m.id and e.event = $4))
  and not exists (select from api_key k where k.organisation_id = $1 and k.person_id = m.person_id
    and k.used_at > portal.now() - make_interval(days => $2))
"""
