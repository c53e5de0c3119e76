"""Bringing the database up to date."""

from typing import Annotated

import typer

from portal.cli.place import required
from portal.cli.refused import Refused
from portal.cli.screen import Json, remark, say_json
from portal.cli.settle import settle


def migrate(
    check: Annotated[
        bool, typer.Option("--check", help="Only say what is missing; exit code 1 if anything is.")
    ] = False,
    json: Json = False,
) -> None:
    """Bring the database up to date, as its owner and under a lock: only one at a time does it."""
    owner = required("PORTAL_OWNER_URL")
    from portal.audit.erasures import reapply
    from portal.platform import log, migrations

    log.configure()
    try:
        names = settle(migrations.pending(owner) if check else migrations.migrate(owner))
        if not check:
            settle(reapply(owner))  # an older copy may have been restored
    except OSError as error:
        raise Refused(f"The database of PORTAL_OWNER_URL does not answer: {error}.") from error
    if json:
        say_json({"pending" if check else "applied": names})
    else:
        done = "still to do" if check else "done"
        remark("\n".join(f"{done}: {name}" for name in names) or "The database is up to date.")
    if check and names:
        raise typer.Exit(1)
