"""What access does by itself: at a time of day, and in the name of an organisation in which nobody acts yet."""

from datetime import datetime
from uuid import UUID

from portal.access import commands
from portal.access.commands.invitations import FIRST
from portal.platform.actor import Actor
from portal.platform.jobs import job

DORMANT = "access.suspend-dormant"
PERIODIC = [(DORMANT, "50 2 * * *")]


@job(DORMANT, seconds=60)
async def suspend_dormant(actor: Actor) -> None:
    """Every night; whoever comes back later asks an administrator."""
    await commands.suspend_dormant(actor)


@job(FIRST)
async def invite_first(actor: Actor, *, invitation_id: str, asked_at: str) -> None:
    """A buyer asked the first person of a supplier that it added."""
    await commands.send_first(actor, UUID(invitation_id), datetime.fromisoformat(asked_at))
