"""What becomes of documents to be signed while nobody acts: each company's day begins in its own time zone."""

from portal.platform.actor import Actor
from portal.platform.jobs import job
from portal.signatures import commands

PERIODIC = [(commands.REVIEW, "14,44 * * * *")]


@job(commands.REVIEW)
async def review(actor: Actor) -> None:
    await commands.review(actor)
