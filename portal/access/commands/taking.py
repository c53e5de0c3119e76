"""Taking roles back as part of another act, such as a review of access: at once, and never giving any."""

from collections.abc import Collection
from uuid import UUID

from portal.access.commands.members import end_within, give_rights, own_membership
from portal.access.tables import Membership
from portal.platform.work import Change


async def take_role(change: Change, person_id: UUID, role: str) -> Membership:
    """A member loses a role; with the last one the membership ends. `Conflict` for the last administrator."""
    membership = await own_membership(change, person_id, keeps=role != "administrator")
    await take_within(change, membership, {role})
    return membership


async def take_within(change: Change, membership: Membership, roles: Collection[str]) -> None:
    """The same for several roles of a membership that the caller has locked; their sessions end."""
    left = [role for role in membership.roles if role not in roles]
    if not left:
        await end_within(change, membership)
    elif left != membership.roles:
        give_rights(change, membership, {"roles": left})
        await change.fetch("select portal.end_sessions_here($1)", membership.person_id)
