"""Work for the worker: making the file of a document that was asked for, destroying that of a disposed one."""

from uuid import UUID

from portal.documents import commands, disposing
from portal.platform.actor import Actor
from portal.platform.jobs import job

PERIODIC = [(commands.REMAINING, "*/10 * * * *")]


@job(commands.RENDER, retries=5, seconds=200)
async def render(actor: Actor, document_id: str) -> None:
    await commands.render(actor, UUID(document_id))


@job(disposing.FORGET, retries=20)
async def forget(actor: Actor, certificate_id: str) -> None:
    await disposing.forget(actor, UUID(certificate_id))


@job(commands.REMAINING)
async def remaining(actor: Actor) -> None:
    await commands.look_after_remaining(actor)
