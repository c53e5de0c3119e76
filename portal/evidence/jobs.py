"""Work for the worker: looking at files that came, again at those that wait, and tidying up at night."""

from uuid import UUID

from portal.evidence import commands
from portal.platform.actor import Actor
from portal.platform.jobs import job

AGAIN, TIDY = "evidence.again", "evidence.tidy"
PERIODIC = [(AGAIN, "*/15 * * * *"), (TIDY, "10 4 * * *")]


@job(commands.CHECK, retries=8, seconds=600)
async def check(actor: Actor, file_id: str) -> None:
    await commands.check(actor, UUID(file_id))


@job(AGAIN, retries=0, seconds=3600)
async def again(actor: Actor) -> None:
    await commands.again(actor)


@job(TIDY, seconds=600)
async def tidy(actor: Actor) -> None:
    await commands.give_up(actor)
    await commands.forget_bytes(actor)
