"""The command `portal`: starting the portal and looking after it.

Speaks to operators, in English, on a terminal or, with --json, to programs. It decides nothing itself: each command
calls what the portal's packages offer. A new command is one file and one line in COMMANDS or GROUPS.

Exit codes: 0 done, 1 refused, 2 wrongly asked.
"""

import importlib.metadata
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from portal.cli import (
    audit,
    backup,
    demo,
    doctor,
    imports,
    jobs,
    keys,
    metrics,
    migrate,
    organisations,
    parts,
    people,
    policy,
    records,
    settings,
)
from portal.cli.refused import exit_code, sentence
from portal.platform.settings import settings as present_settings

COMMANDS: dict[str, Callable[..., Any]] = {
    "demo": demo.demo,
    "serve": parts.serve,
    "worker": parts.worker,
    "scheduler": parts.scheduler,
    "migrate": migrate.migrate,
    "settings": settings.settings,
    "doctor": doctor.doctor,
    "metrics": metrics.metrics,
    "import": imports.import_files,
    "backup": backup.backup,
    "restore": backup.restore,
}
GROUPS: dict[str, typer.Typer] = {
    "organisations": organisations.organisations,
    "users": people.users,
    "api-key": people.api_key,
    "policy": policy.policy,
    "audit": audit.audit,
    "records": records.records,
    "keys": keys.keys,
    "jobs": jobs.jobs,
}

root = typer.Typer(name="portal", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for name, command in COMMANDS.items():
    root.command(name)(command)
for name, group in GROUPS.items():
    root.add_typer(group, name=name)


def _version(asked: bool) -> None:
    if asked:
        print(importlib.metadata.version("procurement-portal"))
        raise typer.Exit


@root.callback()
def before(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Procurement and supplier portal."""
    if "--help" not in sys.argv:
        present_settings()  # a wrong setting is reported before anything begins


def main() -> None:
    """Run the command; whatever the portal refuses is one clear sentence on standard error, never a traceback."""
    try:
        root()
    except Exception as error:
        code = exit_code(error)
        if code is None:
            raise
        typer.secho(sentence(error), fg="red", err=True)
        sys.exit(code)
