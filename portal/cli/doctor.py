"""Looking over an installation: what is there, what answers, what is out of date, and the command that mends it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from portal.cli import checks, ring, running, safety
from portal.cli.checks import Finding
from portal.cli.figures import figures as compared
from portal.cli.place import Data, data_folder
from portal.cli.screen import Json, coloured, say_json, table
from portal.cli.stored import store_of_files
from portal.platform.settings import settings

COLOURS = {"ok": "green", "note": "yellow", "bad": "bold red"}
BRIEFLY = 5.0  # seconds for figures and old keys, unless all of them were asked for

_HELP = "Compare all ledgers, documents and settings and try all that is sealed, however long it takes."
Figures = Annotated[bool, typer.Option("--figures", help=_HELP)]


def doctor(data: Data = None, json: Json = False, figures: Figures = False) -> None:
    """Check the installation and say what mends it. Exit code 1 if anything is bad; notes do no harm."""
    folder = data_folder(data)
    addresses = checks.addresses(folder)
    seconds = None if figures else BRIEFLY
    findings = [*_examine(folder, *addresses, seconds), *compared(*addresses, seconds=seconds)]
    if json:
        say_json([finding.facts() for finding in findings])
    else:
        rows = [
            (coloured(finding.state, COLOURS[finding.state]), finding.what, finding.found, finding.mend)
            for finding in findings
        ]
        table("", ("", "What", "Found", "What mends it"), rows)
    if any(finding.state == "bad" for finding in findings):
        raise typer.Exit(1)


def _examine(folder: Path, app: str | None, owner: str | None, seconds: float | None) -> Iterator[Finding]:
    inquiries: tuple[Callable[[], Finding], ...] = (
        checks.python,
        checks.packages,
        checks.libraries,
        checks.fonts,
        checks.assets,
        checks.browser,
        lambda: checks.data(folder),
        lambda: checks.room(folder),
        lambda: store_of_files(folder, app),
    )
    for inquire in inquiries:
        yield inquire()
    yield from safety.safe_settings()
    yield from safety.clock_of_world(settings().time_url)
    yield from checks.database(app, owner)
    yield from running.examine(folder, app, owner)
    yield from ring.examine(folder, app, owner, seconds)
