"""Work for the worker: who is told, and each mail by itself."""

from uuid import UUID

from portal.messaging import commands, links
from portal.platform.actor import Actor
from portal.platform.jobs import job

PERIODIC = [(commands.REMAINING, "*/30 * * * *")]


@job(commands.NOTIFY)
async def notify(actor: Actor, event: str, about: str) -> None:
    await commands.notify(actor, event, UUID(about))


@job(commands.WARN)
async def warn(actor: Actor, event: str, person_id: str) -> None:
    await commands.warn(actor, event, UUID(person_id))


@job(commands.SEND, seconds=60)
async def send(actor: Actor, message_id: str) -> None:
    await commands.send(actor, UUID(message_id))


@job(commands.REMAINING)
async def remaining(actor: Actor, after: str | None = None) -> None:
    await commands.look_after_remaining(actor, UUID(after) if after else None)


@job(links.SEND_LINK, seconds=60)
async def link(actor: Actor, link_id: str) -> None:
    await links.send_link(actor, UUID(link_id))
