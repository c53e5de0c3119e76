"""Bringing in what another system knows: suppliers, items, prices, orders, receipts."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from portal.cli.place import Data, database
from portal.cli.screen import Json, progress, remark, say_json, table
from portal.cli.settle import as_the_portal, settle

Kind = Literal["all", "suppliers", "items", "prices", "orders", "receipts"]
FIGURES = ("created", "updated", "unchanged", "warnings", "errors")
MOST = 100  # problems on the screen


def import_files(
    kind: Annotated[Kind, typer.Argument(help="What the files hold; `all` brings whatever the mapping has.")],
    files: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, help="CSV or XLSX; the mapping names them.")
    ],
    mapping: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="Which column means what, in TOML or JSON.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything and change nothing.")] = False,
    errors: Annotated[Path | None, typer.Option(dir_okay=False, help="Write all errors to this CSV file.")] = None,
    organisation: Annotated[
        str | None, typer.Option(help="Name of the buying organisation, if there are several.")
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Import files of another system: all of it or, if anything is wrong, nothing, and every error at once."""
    from portal.operations.imports.mapping import load
    from portal.operations.imports.report import write_errors
    from portal.operations.imports.run import Asked

    asked = Asked(kind, files, load(mapping), dry_run)
    with database(data), progress(f"Importing {kind}") as report_progress:
        report = settle(as_the_portal(lambda: _import(asked, organisation, report_progress)))
    if errors is not None:
        write_errors(errors, report)
    if json:
        say_json(report.facts())
    else:
        _show(report)
    if report.refused:
        raise typer.Exit(1)


async def _import(asked: Any, organisation: str | None, report: Any) -> Any:
    from portal.operations.imports.run import importer, run_import

    return await run_import(await importer(organisation), asked, report)


def _show(report: Any) -> None:
    facts = report.facts()
    rows = [(name, *(f"{figures[each]:,}" for each in FIGURES)) for name, figures in facts["kinds"].items()]
    table("", ("", *FIGURES), rows)
    for name in ("errors", "warnings"):
        found = facts[name]
        if found:
            shown = [[str(value) for value in problem.values()] for problem in found[:MOST]]
            table(name, ("file", "row", "column", "value", "reason"), shown)
        if len(found) > MOST:
            remark(f"{len(found) - MOST:,} more {name}: --json and --errors give them all.")
    remark("\n".join(map(str, report.sentences())))
