"""What came late is looked for while nobody acts: receipts are booked without waiting for it."""

from portal.debits import commands
from portal.platform.actor import Actor
from portal.platform.jobs import job

PROPOSE = "debits.propose"
PERIODIC = [(PROPOSE, "17,47 * * * *")]


@job(PROPOSE)
async def propose(actor: Actor) -> None:
    await commands.propose(actor)
