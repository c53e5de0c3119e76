"""What becomes of contracts while nobody acts: each company's day begins in its own time zone."""

from portal.contracts import commands
from portal.platform.actor import Actor
from portal.platform.jobs import job

PERIODIC = [(commands.REVIEW, "11,41 * * * *")]


@job(commands.REVIEW)
async def review(actor: Actor) -> None:
    await commands.take_effect(actor)
    await commands.review(actor)
