"""Forgetting whom an invitation asked who never accepted it: the name and address in its row, and their key of the log.

Who accepted is a person, and erased as one. A legal hold keeps these, too.
"""

from typing import Final
from uuid import UUID

from portal.audit import erasures
from portal.audit.events import InvitationForgotten
from portal.audit.tables import Invitation
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, NotFound
from portal.platform.work import changing, viewing

DAYS: Final = 30  # after which whoever never answered is forgotten
AT_ONCE: Final = 200
_REFUSED = {
    "accepted": _("They accepted it and are a person here: erase the person."),
    "held": _("A legal hold keeps what is known about them. It must be released first."),
}
_NEVER_ACCEPTED = "organisation_id = $1 and accepted_by is null and email not like 'erased-%'"
_OF_ADDRESS = f"select id from invitation where {_NEVER_ACCEPTED} and email = $2 order by id"
_OVER = f"""
select i.id from invitation i where {_NEVER_ACCEPTED}
  and coalesce(ended_at, expires_at) < portal.now() - make_interval(days => $2)
  and not portal.is_held(array[i.id], array[i.organisation_id], i.created_at::date) order by i.id limit $3
"""


async def forget_invitation(actor: Actor, invitation_id: UUID, reason: str = "") -> None:
    """Withdraw an invitation if it is open, and destroy whom it asked."""
    async with changing(actor, Invitation, invitation_id) as (change, invitation):
        change.require("members:add")
        outcome = await change.value("select portal.forget_invitation($1, $2)", invitation_id, reason)
        if outcome == "unknown":
            raise NotFound()
        if outcome in _REFUSED:
            raise Conflict(_REFUSED[outcome])
        change.record(InvitationForgotten(invitation_id, reason), invitation)
    erasures.remember(invitation_id)


async def forget_address(actor: Actor, email: str, reason: str) -> int:
    """The same for all that the organisation sent to an address and nobody accepted; how many they were."""
    found = await asked_at(actor, email)
    for invitation_id in found:
        await forget_invitation(actor, invitation_id, reason)
    return len(found)


async def asked_at(actor: Actor, email: str) -> list[UUID]:
    """The invitations that the organisation sent to an address and nobody accepted."""
    async with viewing(actor) as view:
        return [row["id"] for row in await view.fetch(_OF_ADDRESS, actor.organisation_id, email.lower())]


async def forget_old(actor: Actor) -> int:
    """Forget whom invitations asked that were withdrawn, or ran out, thirty days ago; how many they were."""
    async with viewing(actor) as view:
        found = await view.fetch(_OVER, actor.organisation_id, DAYS, AT_ONCE)
    for row in found:
        await forget_invitation(actor, row["id"], "kept long enough")
    return len(found)
