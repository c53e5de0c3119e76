"""An invitation that whoever was asked may not accept, since nobody acts for both sides of a trading relationship.

Whoever invited learns that another address is needed, and only once the invited person has tried: an invitation by
itself tells nobody for whom an address acts. For whom it does stays untold also then.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

import asyncpg

from portal.access.events import InvitationNotAccepted
from portal.access.queries.links import Offer
from portal.access.tables import Invitation
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict
from portal.platform.work import changing

_ONE_SIDE: Final = "one_side_of_a_relationship"


@asynccontextmanager
async def told_if_refused(offer: Offer) -> AsyncIterator[None]:
    """Around accepting: raises `Conflict` with a sentence for the invited, after noting it for whoever invited them."""
    try:
        yield
    except asyncpg.CheckViolationError as error:
        if getattr(error, "constraint_name", None) != _ONE_SIDE:
            raise
        await _note(offer.organisation_id, offer.invitation_id)
        raise Conflict(
            _(
                "You act for a company that {organisation} trades with, and nobody acts for both sides. Whoever "
                "invited you is told that another address is needed, and not why.",
                organisation=offer.organisation_name,
            )
        ) from error


async def _note(organisation_id: UUID, invitation_id: UUID) -> None:
    """Once each time that the mail went out: whoever tries again brings no second notice about."""
    async with changing(Actor.system(organisation_id), Invitation, invitation_id) as (change, invitation):
        if invitation.state == "open" and invitation.refused_at is None:
            invitation.refused_at = change.now
            change.write(invitation)
            change.record(InvitationNotAccepted(invitation.id), invitation)
