"""The sealed log on the command line: checking it, and taking evidence out of it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from portal.cli.place import Data, database, required
from portal.cli.screen import Json, remark, say_json
from portal.cli.settle import settle

audit = typer.Typer(help="The sealed log: check it, take evidence out of it.", no_args_is_help=True)
MOST = 50  # faults on the screen


@audit.command("verify")
def verify(
    file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Check an evidence bundle instead, offline.")
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Find whatever was changed, removed, inserted or reordered in the log; exit code 1 if anything was."""
    verdict = _of_database(data)
    if json:
        say_json(verdict.facts())
    else:
        _show(verdict)
    if not verdict.intact:
        raise typer.Exit(1)


def _of_database(data: Path | None) -> Any:
    from portal.audit.verifying import verify as verify_log

    with database(data):
        return settle(verify_log(required("PORTAL_OWNER_URL")))


def _show(verdict: Any) -> None:
    for fault in verdict.faults[:MOST]:
        remark(fault.sentence())
    if len(verdict.faults) > MOST:
        remark(f"{len(verdict.faults) - MOST:,} more: --json gives them all.")
    outcome = "The log is intact" if verdict.intact else f"The log is NOT intact: {len(verdict.faults):,} faults"
    remark(f"{outcome}. Entries sealed: {verdict.entries:,}; waiting for the sealer: {verdict.waiting:,}.")
    if verdict.note:
        typer.echo(f"Last checkpoint:\n{verdict.note}\nPublic key: {verdict.public_key}")
