"""What commands show: tables on standard output, progress and remarks on standard error, JSON for programs."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

if TYPE_CHECKING:
    from rich.text import Text

Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON instead of text.")]
Report = Callable[[float, str], None]  # how much is done, 0 to 1, and what is being done


def say_json(facts: Any, to: TextIO | None = None) -> None:
    print(json.dumps(facts, ensure_ascii=False), file=to or sys.stdout, flush=True)


def remark(text: str) -> None:
    from rich.console import Console

    Console(stderr=True, highlight=False).print(text, markup=False)


def coloured(text: str, style: str) -> "Text":
    from rich.text import Text

    return Text(text, style)


def table(title: str, columns: Sequence[str], rows: "Iterable[Sequence[str | Text]]") -> None:
    from rich.console import Console
    from rich.table import Column, Table

    key, *others = columns
    shown = Table(Column(key, no_wrap=True), *others, title=title or None, title_justify="left")
    for row in rows:
        shown.add_row(*row)
    Console().print(shown, markup=False)


def aloud(report: Report) -> Report:
    """The same, and where nobody sees a bar each step as a line of its own when it begins first."""
    if sys.stderr.isatty():
        return report
    said = set[str]()

    def tell(done: float, what: str) -> None:
        if what not in said:
            said.add(what)
            remark(f"{what} …")
        report(done, what)

    return tell


@contextmanager
def progress(title: str) -> Iterator[Report]:
    """A bar on standard error, which is silent when that is no terminal. It has no thread, so one may fork after it."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn()
    console = Console(stderr=True)
    with Progress(*columns, console=console, auto_refresh=False, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=1.0)

        def report(done: float, what: str) -> None:
            bar.update(task, completed=done, description=what, refresh=True)

        yield report
