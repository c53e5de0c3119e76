"""Staged rows: what was read, on its way through the checks into the tables, within one transaction.

Rows travel in batches of one parameter each, so memory stays that of a batch. COPY would do it too, but PostgreSQL has
none under row-level security, and nothing here may stand outside of that.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from portal.operations.imports.aside import aside
from portal.operations.imports.problems import Problem, Problems
from portal.operations.imports.rows import Translator
from portal.operations.imports.treated import Treatments
from portal.platform.decimals import plain
from portal.platform.i18n import Message
from portal.platform.work import Change
from portal.platform.work.flush import insert_all

BATCH = 2_000  # rows
# What became of a staged record. `entered` by people themselves, and `theirs`: the supplier's own to change, stay as
# they are; of a supplier with `terms` only what was agreed with it changes.
FIGURES = {"created": ("new",), "updated": ("changed", "terms"), "unchanged": ("same", "entered", "theirs")}
Progress = Callable[[float, str], None]  # how much is done, 0 to 1, and what is being done


class Check(NamedTuple):
    """A question to the staged rows: the SQL gives `place`, `value` and, where the reason wants it, `other`."""

    part: str
    field: str
    reason: Message
    sql: str


class Load(NamedTuple):
    """One import on its way: its transaction, what reads its parts, and what was found wrong so far."""

    change: Change
    parts: dict[str, Translator]
    problems: Problems
    treatments: Treatments
    marks: dict[str, dict[str, Any]]  # by part: what every migrated record says of where it came from


async def stage(load: Load, progress: Progress) -> None:
    """Read all files of the import into their staging tables. Reading goes on in a thread of its own, so that the
    process can do something else meanwhile."""
    expected, read = sum(translator.source.lines for translator in load.parts.values()) or 1, 0
    for translator in load.parts.values():
        rows = translator.rows(load.problems, load.treatments)
        while batch := await aside(_some, rows):
            await _put(load.change, translator.part.staging, batch)
            read += len(batch)
            progress(min(1.0, read / expected), translator.source.name)


def _some(rows: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    return list(islice(rows, BATCH))


async def clear(load: Load) -> None:
    for translator in load.parts.values():
        await load.change.connection.execute(f"delete from {translator.part.staging}")


async def ask(load: Load, checks: list[Check], *, warn: bool = False) -> None:
    """Ask each check and note every row it finds."""
    for check in checks:
        translator = load.parts[check.part]
        for row in await load.change.fetch(f"select * from ({check.sql}) found order by place"):
            told = {name: value for name, value in row.items() if name not in ("place", "value")}
            problem = Problem(
                translator.source.name,
                row["place"],
                translator.column_of(check.field),
                _shown(row["value"]),
                Message(check.reason.text, told),
            )
            (load.problems.warn if warn else load.problems.error)(check.part, problem)


def _shown(value: Any) -> str:
    """What stood in the cell; a price of 0 is not an empty one."""
    return "" if value is None else plain(value) if isinstance(value, Decimal) else str(value)


async def outcomes(load: Load, part: str) -> dict[str, int]:
    """How many staged records of a part are new, changed and the same."""
    rows = await load.change.fetch(f"select outcome, count(*) from {load.parts[part].part.staging} group by outcome")
    found = {row["outcome"]: row["count"] for row in rows}
    return {figure: sum(found.get(outcome, 0) for outcome in told) for figure, told in FIGURES.items()}


async def _put(change: Change, table: str, rows: list[dict[str, Any]]) -> None:
    piece = insert_all(table, rows)
    await change.fetch(piece.sql, *piece.values)
