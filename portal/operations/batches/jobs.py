"""Batches aside: a turn of making one, and the end of those whose time is over."""

from uuid import UUID

from portal.operations.batches import commands
from portal.operations.batches.commands.ending import LOOK_AFTER
from portal.platform.actor import Actor
from portal.platform.jobs import job

PERIODIC = [(LOOK_AFTER, "23 * * * *")]


@job(commands.MAKE, retries=8, seconds=900)
async def make(actor: Actor, batch_id: str, turn: int) -> None:
    await commands.make(actor, UUID(batch_id), turn)


@job(LOOK_AFTER)
async def look_after(actor: Actor) -> None:
    await commands.look_after(actor)
