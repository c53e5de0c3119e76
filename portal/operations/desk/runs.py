"""A run in the worker: fetch the files, import them in one transaction, keep what came of it.

Delivery is at least once. A job that finds its import running, with nobody at it, is the second delivery after a worker
died: the transaction died with it, so the import is told as interrupted, or as imported if it had got to its commit.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

import msgspec
import structlog

from portal.access.queries import colleagues
from portal.documents.store import require_own
from portal.operations.desk import store
from portal.operations.desk.corrections import Corrections, Sheet, rejected, write
from portal.operations.desk.drafts import restored
from portal.operations.desk.events import ImportBegun
from portal.operations.desk.outcome import Outcome, bring_in, keep
from portal.operations.desk.progress import Cancelled, Tell, alone, watched
from portal.operations.desk.states import IMPORT, S
from portal.operations.desk.tables import FileImport, ImportFile
from portal.operations.imports.aside import aside, stopping
from portal.operations.imports.report import Report
from portal.operations.imports.run import Asked, run_import
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.refusals import Refusal
from portal.platform.work import changing, viewing
from portal.platform.workshop import sweep, workshop
from portal.web.upload import within

log = structlog.get_logger("imports")
MOST_ROUNDS = 5  # leaving rows out may show others that only they held up
AT_ONCE = 2  # imports in one worker; the others wait


class Order(NamedTuple):
    """What is to be run: the import as it stood when it began, and its files."""

    row: FileImport
    files: Sequence[ImportFile]


async def run(actor: Actor, import_id: UUID) -> None:
    """Run it, if it waits to be run; whatever happens, its row says so afterwards."""
    async with _room(), alone(import_id) as is_alone:
        if not is_alone:
            return
        await aside(sweep)
        await require_own()  # a store that is away, or another one, leaves the import in the queue
        order = await _begin(actor, import_id)
        if order is None:
            await keep(actor, import_id, Outcome("interrupt"))
            return
        try:
            outcome = await watched(actor, import_id, lambda tell: _work(actor, order, tell))
        except Cancelled:
            outcome = Outcome("stop")
        except Refusal as refusal:
            outcome = Outcome("fail", refusal=_said(refusal))
        except Exception as error:
            log.exception("an import failed", import_id=str(import_id))
            outcome = Outcome(
                "fail", refusal=_("Something went wrong on our side ({error}).", error=type(error).__name__)
            )
        await keep(actor, import_id, outcome)


async def _begin(actor: Actor, import_id: UUID) -> Order | None:
    """Take it up; None if it does not wait any more."""
    async with changing(actor, FileImport, import_id) as (change, row):
        if row.state != S.QUEUED:
            return None
        IMPORT.take("begin", row, change)
        change.write(row)
        change.record(ImportBegun(import_id), row)
        files = await change.rows(ImportFile, "import_id = $1 and purpose = 'given' order by id", import_id)
    return Order(row, files)


async def _work(actor: Actor, order: Order, tell: Tell) -> Outcome:
    with workshop() as folder, stopping() as stop:
        tell(0.0, "")
        paths = await _fetched(actor, order.files, Path(folder))
        reader = await _reader(actor, order.row)
        asked = Asked(order.row.kind, paths, restored(order.row.mapping), order.row.trial, order.row.id, stop=stop)
        report = await run_import(reader.system, asked, tell)
        if not report.refused:
            return Outcome(_verb(report), report)
        found = await aside(rejected, report, asked)
        left_out: dict[str, int] = {}
        if order.row.leave_out and not found.unplaced:
            found, rest = await _without(reader.system, asked, found, tell)
            report, left_out = (rest, found.left_out()) if rest else (report, {})
        sheets, path = found.sheets(), Path(folder) / _workbook_name(order.row)
        await aside(write, sheets, path, reader.language)
        workbook = await bring_in(actor, path, [_place(sheet) for sheet in sheets])
    return Outcome(_verb(report), report, found.problems, left_out, workbook, unplaced=found.unplaced)


async def _without(actor: Actor, asked: Asked, found: Corrections, tell: Tell) -> tuple[Corrections, Report | None]:
    """Import the rows of records that nothing is wrong with; None if nothing comes of that."""
    for _round in range(MOST_ROUNDS):
        report = await run_import(actor, asked._replace(without=found.rows), tell)
        if not report.refused:
            return found, report if report.changes else None
        found = found.and_also(await aside(rejected, report, asked))
        if found.unplaced:
            break
    return found, None


class Reader(NamedTuple):
    """As whom the import runs, and in whose language its rows are given back."""

    system: Actor
    language: str


async def _reader(actor: Actor, row: FileImport) -> Reader:
    async with viewing(actor) as view:
        name = await view.value("select name from organisation where id = $1", actor.organisation_id)
        people = await colleagues(view, row.started_by) if row.started_by else []
    return Reader(msgspec.structs.replace(actor, organisation_name=name), people[0].language if people else "en")


def _workbook_name(row: FileImport) -> str:
    stem = within(Path(row.name.split(", ")[0]).stem, 160) or row.kind
    return f"{stem} (corrections).xlsx"


def _place(sheet: Sheet) -> dict[str, str | None]:
    return {"file": sheet.source.name, "sheet": sheet.source.sheet, "as": sheet.name}


async def _fetched(actor: Actor, files: Sequence[ImportFile], folder: Path) -> list[Path]:
    paths = []
    for file in files:
        paths.append(folder / file.name)
        await store.fetch(actor.organisation_id, file.id, paths[-1])
    return paths


def _verb(report: Report) -> str:
    if report.refused:
        return "refuse"
    if report.dry_run:
        return "approve"
    return "complete" if report.changes else "leave"


def _said(refusal: Refusal) -> Any:
    return refusal.message if isinstance(refusal.message, Message) else Message("{text}", {"text": str(refusal)})


_rooms: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


def _room() -> asyncio.Semaphore:
    """One for each event loop, of which a worker has one."""
    return _rooms.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))
