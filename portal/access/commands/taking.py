"""Taking roles back as part of another act, such as a review of access: at once, and never giving any."""

from collections.abc import Collection, Mapping
from uuid import UUID

from portal.access.commands.members import LAST_ADMINISTRATOR, end_within, give_rights
from portal.access.tables import Membership
from portal.platform.refusals import Conflict
from portal.platform.work import Change

_ACTIVE = "organisation_id = $1 and active order by id for no key update"
_ADMINISTRATOR = "administrator"


async def take_roles(change: Change, taken: Mapping[UUID, Collection[str]]) -> None:
    """Members lose roles, told by membership; with the last of its roles a membership ends. What somebody does not hold
    any more stays gone. `Conflict` where no administrator would be left."""
    members = await change.rows(Membership, _ACTIVE, change.actor.organisation_id)
    before = {each.id for each in members if _ADMINISTRATOR in each.roles}
    if before and before <= {each for each, roles in taken.items() if _ADMINISTRATOR in roles}:
        raise Conflict(LAST_ADMINISTRATOR)
    for membership in members:
        if membership.id in taken:
            await take_within(change, membership, taken[membership.id])


async def take_within(change: Change, membership: Membership, roles: Collection[str]) -> None:
    """The same for several roles of a membership that the caller has locked; their sessions end."""
    left = [role for role in membership.roles if role not in roles]
    if not left:
        await end_within(change, membership)
    elif left != membership.roles:
        give_rights(change, membership, {"roles": left})
        await change.fetch("select portal.end_sessions_here($1)", membership.person_id)
