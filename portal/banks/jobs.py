"""What follows when a buyer begins to trade with a supplier."""

from portal.banks import commands
from portal.platform.actor import Actor
from portal.platform.jobs import job


@job(commands.OFFER)
async def offer(actor: Actor) -> None:
    """As the supplier: its buyer does not see what it was not offered."""
    await commands.offer_missing(actor)
