"""What came of a run, kept with its import: state, figures, problems, and the rows to be mended."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.operations.desk import store
from portal.operations.desk.commands.room import forget
from portal.operations.desk.events import ImportEnded
from portal.operations.desk.states import IMPORT, S
from portal.operations.desk.tables import FileImport, ImportFile
from portal.operations.imports.problems import LONGEST_VALUE, Problem
from portal.operations.imports.report import Report
from portal.platform.actor import Actor
from portal.platform.i18n import Message
from portal.platform.ids import new_id
from portal.platform.work import Change, changing

BATCH = 5_000  # problems in one statement
_SAVE = """
insert into import_problem (import_id, number, organisation_id, severity, part, file, place, field, value, reason,
  parameters)
select $1, number, portal.organisation(), severity, part, file, place, field, value, reason, parameters
from jsonb_populate_recordset(null::import_problem, $2)
"""


class Workbook(NamedTuple):
    """The rows to be mended, as a file in the store; `sheets` name what each of its sheets stands for."""

    id: UUID
    name: str
    size: int
    sha256: str
    sheets: list[dict[str, str | None]]


class Outcome(NamedTuple):
    """How a run ended: the verb that its import takes, and what is to be kept of it."""

    verb: str
    report: Report | None = None
    errors: Sequence[Problem] = ()
    left_out: Mapping[str, int] = MappingProxyType({})
    workbook: Workbook | None = None
    refusal: Message | None = None
    unplaced: Mapping[str, int] = MappingProxyType({})


async def bring_in(actor: Actor, path: Path, sheets: list[dict[str, str | None]]) -> Workbook:
    """Put the workbook into the store; its row comes with the outcome."""
    file_id = new_id()
    await store.keep(actor.organisation_id, file_id, path)
    return Workbook(file_id, path.name, *_measured(path), sheets)


async def keep(actor: Actor, import_id: UUID, outcome: Outcome) -> None:
    """The end of a run as it was; a run that had got to its commit is imported, whatever ended it afterwards."""
    async with changing(actor, FileImport, import_id) as (change, row):
        if row.state != S.RUNNING:
            return  # told already; a workbook without its row is swept up as a stray
        came = await change.one("select counts, files from import_run where id = $1", import_id)
        IMPORT.take("complete" if came else outcome.verb, row, change)
        row.report, row.refusal, row.ended_at = _facts(outcome, came), _told(outcome.refusal), change.now
        change.write(row)
        await _save_problems(change, import_id, outcome)
        done = await _needed_no_more(change, row, outcome)
        if outcome.workbook is not None:
            change.add(_file(change, import_id, outcome.workbook))
        change.record(ImportEnded(import_id, row.state, (row.report or {}).get("kinds", {})), row)
    for file in done:
        await store.forget(actor.organisation_id, file.id)


async def _needed_no_more(change: Change, row: FileImport, outcome: Outcome) -> list[ImportFile]:
    """Once an import is over its files are only needed to look mended rows up in, where rows were left out."""
    if row.state not in (S.IMPORTED, S.UNCHANGED):
        return []
    read = [file["name"] for file in (row.report or {}).get("files", [])] if outcome.left_out else []
    files = await change.rows(ImportFile, "import_id = $1 and purpose = 'given' and not name = any($2)", row.id, read)
    forget(change, files)
    return files


def _measured(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


def _facts(outcome: Outcome, came: Any) -> dict[str, Any] | None:
    if outcome.report is None:
        return {"outcome": "imported", "kinds": came["counts"], "files": came["files"]} if came else None
    facts = outcome.report.facts()
    told = {name: value for name, value in facts.items() if name not in ("errors", "warnings")}
    told["seconds"] = str(told["seconds"])  # the log keeps no floats
    sheets = outcome.workbook.sheets if outcome.workbook else []
    told |= {"left_out": dict(outcome.left_out), "unplaced": dict(outcome.unplaced), "sheets": sheets}
    return msgspec.to_builtins(told, enc_hook=str)


def _told(refusal: Message | None) -> dict[str, Any] | None:
    if refusal is None:
        return None
    return {"text": refusal.text, "parameters": {name: str(value) for name, value in refusal.parameters.items()}}


async def _save_problems(change: Change, import_id: UUID, outcome: Outcome) -> None:
    warnings = outcome.report.warnings if outcome.report else ()
    rows = [*_rows("error", outcome.errors), *_rows("warning", warnings)]
    for start in range(0, len(rows), BATCH):
        batch = [row | {"number": start + place} for place, row in enumerate(rows[start : start + BATCH], start=1)]
        await change.connection.execute(_SAVE, import_id, batch)


def _rows(severity: str, problems: Iterable[Problem]) -> Iterable[dict[str, Any]]:
    for problem in problems:
        yield {
            "severity": severity,
            "part": problem.part,
            "file": problem.file,
            "place": problem.row,
            "field": problem.column,
            "value": problem.value[:LONGEST_VALUE],
            "reason": problem.reason.text,
            "parameters": {name: str(value) for name, value in problem.reason.parameters.items()},
        }


def _file(change: Change, import_id: UUID, workbook: Workbook) -> ImportFile:
    return ImportFile(
        id=workbook.id,
        organisation_id=change.actor.organisation_id,
        import_id=import_id,
        name=workbook.name,
        purpose="corrections",
        size=workbook.size,
        sha256=workbook.sha256,
        created_at=change.now,
    )
