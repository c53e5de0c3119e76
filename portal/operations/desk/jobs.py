"""Work for the worker: running an import that somebody started, deleting files that nobody needs any more, also of
processes that died."""

from uuid import UUID

from portal.operations.desk import commands, runs
from portal.operations.desk.commands.start import RUN
from portal.operations.imports.aside import aside
from portal.platform.actor import Actor
from portal.platform.jobs import job
from portal.platform.workshop import sweep

TIDY = "imports.tidy"
PERIODIC = [(TIDY, "40 3 * * *")]
HOURS = 4 * 3600  # seconds


@job(RUN, retries=3, seconds=HOURS)
async def run(actor: Actor, import_id: str) -> None:
    await runs.run(actor, UUID(import_id))


@job(TIDY)
async def tidy(actor: Actor) -> None:
    await commands.forget_old_files(actor)
    await commands.forget_strays(actor)
    await aside(sweep)
