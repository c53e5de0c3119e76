"""What is looked at for a company whose people did nothing: accounts of its suppliers, rules of access."""

from uuid import UUID

from portal.alerts import commands
from portal.platform.actor import Actor
from portal.platform.jobs import job

PERIODIC = [(commands.WATCH, "*/10 * * * *")]


@job(commands.CHECK_ACCOUNT)
async def check_account(actor: Actor, approval_id: str) -> None:
    await commands.check_account(actor, UUID(approval_id))


@job(commands.CHECK_SHARED)
async def check_shared(actor: Actor) -> None:
    await commands.check_shared(actor)


@job(commands.WATCH)
async def watch(actor: Actor) -> None:
    await commands.watch(actor)
