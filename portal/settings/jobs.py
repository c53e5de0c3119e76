"""Values whose day has come: each company's day begins in its own time zone."""

from portal.platform.actor import Actor
from portal.platform.jobs import job
from portal.settings import commands

APPLY = "settings.apply"
PERIODIC = [(APPLY, "1,31 * * * *")]


@job(APPLY)
async def apply(actor: Actor) -> None:
    await commands.apply_due(actor)
