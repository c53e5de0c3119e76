"""What the log does by itself: it tells of refusals that a process counted and did not live to tell, and forgets whom
invitations asked in vain."""

from portal.access.commands.refused import REFUSED
from portal.audit.forgetting import forget_old
from portal.audit.noting import REFUSALS
from portal.platform.actor import Actor
from portal.platform.jobs import job

LEFT, FORGET = "audit.refusals-left", "audit.forget-invitations"
PERIODIC = [(LEFT, "17 * * * *"), (FORGET, "40 3 * * *")]


@job(LEFT, seconds=60)
async def tell_left(actor: Actor) -> None:
    """Every hour; what the process that counted tells by itself a minute later is not there any more."""
    for sparing in (REFUSALS, REFUSED):
        await sparing.tell_left(actor)


@job(FORGET, seconds=120)
async def forget_invitations(actor: Actor) -> None:
    """Every night."""
    await forget_old(actor)
