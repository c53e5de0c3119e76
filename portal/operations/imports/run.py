"""Running an import: open the files, read, check and load them in one transaction, and say what came of it."""

import time
from collections import Counter
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from portal.operations.imports.aside import aside
from portal.operations.imports.doubts import found_in
from portal.operations.imports.events import FilesImported
from portal.operations.imports.files import Files
from portal.operations.imports.kinds import PARTS
from portal.operations.imports.loading import load_kinds
from portal.operations.imports.mapping import Mapping
from portal.operations.imports.problems import Problems
from portal.operations.imports.report import Report, peak_memory
from portal.operations.imports.rows import Translator
from portal.operations.imports.staging import Load, Progress, clear, stage
from portal.operations.imports.tables import ImportRun
from portal.operations.imports.treated import Treatments
from portal.platform.actor import Actor
from portal.platform.gate import gate
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, NotFound
from portal.platform.work import Change, changing
from portal.scorecards.queries import months_reached

# Until the end of the transaction. The planner knows nothing of rows staged a moment ago, takes them for a handful, and
# would go through them once for each of them. What is sorted and hashed by the hundred thousand stays in memory.
SESSION = """select set_config('timezone', $1, true), set_config('enable_nestloop', 'off', true),
  set_config('work_mem', '64MB', true)"""
# Two imports of one organisation take turns: the second finds what the first brought.
TURN = "select pg_advisory_xact_lock(hashtextextended('import ' || portal.organisation()::text, 0))"
READING = 0.5  # the share of the time that reading takes, for the progress bar


class Asked(NamedTuple):
    """What to import, from where, by which mapping, and whether in earnest; under which id, if it has one already, and
    without which rows, by the part they are of. What reads the files ends once `stop` is set."""

    kind: str
    files: Sequence[Path]
    mapping: Mapping
    dry_run: bool = False
    run_id: UUID | None = None
    without: MappingOf[str, frozenset[int]] = {}
    stop: Event | None = None


class _Undone(Exception):
    """Leaves the transaction, and nothing of it stays."""


async def importer(organisation: str | None) -> Actor:
    """The system actor of the buying organisation of this name, or of the only one there is."""
    async with gate() as connection:
        if organisation is None:
            buyers = await connection.fetch("select id, name from portal.only_buyer()")
        else:
            named = "select id, name from portal.organisations($1) where kind in ('buyer', 'both')"
            buyers = await connection.fetch(named, organisation)
    if not buyers and organisation is not None:
        raise NotFound(_("There is no buying organisation of this name."))
    if len(buyers) != 1:
        raise Conflict(_("Say with --organisation for whom: there is not just one that buys."))
    return msgspec.structs.replace(Actor.system(buyers[0]["id"]), organisation_name=buyers[0]["name"])


async def run_import(actor: Actor, asked: Asked, progress: Progress) -> Report:
    """Import, all or nothing. What is wrong with rows is in the report; a file or mapping that cannot be used at all is
    refused with Unusable."""
    started = time.perf_counter()
    files = Files(asked.files, asked.mapping, asked.stop)
    parts = await aside(opened, asked, files)
    run_id = asked.run_id or new_id()
    report: Report | None = None
    try:
        async with changing(actor) as change:
            change.require("imports:run")
            load = Load(change, parts, Problems(), Treatments(), _marks(parts, asked.mapping, run_id))
            report = await _load(load, asked, files, progress, run_id)
            if report.refused or report.dry_run or not report.changes:
                raise _Undone
            _record(change, report, run_id)
    except _Undone:
        pass
    except asyncpg.IntegrityConstraintViolationError as error:
        why = getattr(error, "constraint_name", None) or type(error).__name__  # its text may hold what rows say
        raise Conflict(_("Nothing was imported: the database does not take this ({why}).", why=why)) from error
    assert report is not None, "either there is a report or an exception"
    report.seconds, report.peak_memory_mb = round(time.perf_counter() - started, 2), peak_memory()
    progress(1.0, asked.kind)
    return report


def opened(asked: Asked, files: Files) -> dict[str, Translator]:
    """Open the files, and hold the mapping against their headers."""
    tables = asked.mapping.parts(asked.kind)
    parts = {name: Translator(PARTS[name], table, asked.mapping, files) for name, table in tables.items()}
    read = Counter((part.source.path, part.source.sheet) for part in parts.values())
    for name, part in parts.items():
        part.without = asked.without.get(name, frozenset())
        part.is_alone = read[part.source.path, part.source.sheet] == 1
    return parts


async def _load(load: Load, asked: Asked, files: Files, progress: Progress, run_id: UUID) -> Report:
    await load.change.fetch(TURN)
    await load.change.fetch(SESSION, asked.mapping.format.time_zone)
    await stage(load, lambda done, what: progress(READING * done, what))
    kinds = asked.mapping.kinds(asked.kind)
    figures = await load_kinds(load, kinds, lambda done, what: progress(READING + (1 - READING) * done, what))
    problems, reached = load.problems, None
    if not problems.errors:
        await clear(load)
        reached = await months_reached(load.change, run_id)
    for name, counted in figures.kinds.items():
        counted |= {what: problems.count(name, what) for what in ("warnings", "errors")}
        counted |= {"created": 0, "updated": 0} if problems.errors else {}
    return Report(
        organisation=load.change.actor.organisation_name,
        kind=asked.kind,
        mapping=asked.mapping.name,
        dry_run=asked.dry_run,
        files=[{"name": source.name, "sha256": source.sha256} for source in files.read()],
        unused=files.unused(),
        kinds=figures.kinds,
        totals=figures.totals,
        scores=None if reached is None else reached._asdict(),
        treated=load.treatments.all(),
        doubts=found_in(load.parts.values()),
        warnings=problems.warnings,
        errors=sorted(problems.errors, key=lambda problem: problem[:2]),
    )


def _marks(parts: dict[str, Translator], mapping: Mapping, run_id: UUID) -> dict[str, dict[str, Any]]:
    """What every record says of where it came from: the system, the file with its SHA-256, and the run."""
    return {
        name: {"system": mapping.name, "file": part.source.name, "sha256": part.source.sha256, "run": str(run_id)}
        for name, part in parts.items()
    }


def _record(change: Change, report: Report, run_id: UUID) -> None:
    """One entry in the log for the whole run: what came, how much of it, and the hash of each file."""
    hashes = {file["name"]: file["sha256"] for file in report.files}
    run = change.add(
        ImportRun(
            id=run_id,
            organisation_id=change.actor.organisation_id,
            name=f"{report.kind}: {', '.join(hashes)}"[:300],
            kind=report.kind,
            mapping=report.mapping,
            files=report.files,
            counts=report.kinds,
            created_by=change.actor.person_id,
            created_at=change.now,
        )
    )
    change.record(FilesImported(run_id, report.kind, report.kinds, hashes), run)
