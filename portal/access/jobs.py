"""What access does by itself, at a time of day."""

from portal.access import commands
from portal.platform.actor import Actor
from portal.platform.jobs import job

DORMANT = "access.suspend-dormant"
PERIODIC = [(DORMANT, "50 2 * * *")]


@job(DORMANT, seconds=60)
async def suspend_dormant(actor: Actor) -> None:
    """Every night; whoever comes back later asks an administrator."""
    await commands.suspend_dormant(actor)
