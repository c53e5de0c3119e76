"""Starting a run, and asking for its end. The run itself is the worker's."""

from uuid import UUID

from portal.operations.desk import store
from portal.operations.desk.commands.choosing import require_kind
from portal.operations.desk.commands.findings import forget_findings
from portal.operations.desk.drafts import restored
from portal.operations.desk.events import ImportCancelled, ImportStarted
from portal.operations.desk.states import IMPORT, S
from portal.operations.desk.tables import FileImport, ImportFile
from portal.operations.imports.kinds import PARTS
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict
from portal.platform.wiring import Job
from portal.platform.work import Change, changing

RUN = "imports.run"


async def start(actor: Actor, import_id: UUID, *, trial: bool, leave_out: bool = False) -> FileImport:
    """Have it run: as a trial that is undone, or in earnest; with `leave_out` the rows with errors stay behind."""
    async with changing(actor, FileImport, import_id) as (change, row):
        IMPORT.take("start", row, change)
        require_kind(change, row.kind)
        await _require_files(change, import_id)
        _require_whole(row)
        if leave_out and (row.report or {}).get("unplaced"):
            raise Conflict(_("There are rows that do not say which order they are of, so none can be left out."))
        row.trial, row.leave_out = trial, leave_out
        row.started_by, row.started_at, row.ended_at = actor.person_id, change.now, None
        row.cancel_asked_at = None
        old = await forget_findings(change, row)
        change.write(row)
        change.later(Job(RUN, actor.organisation_id, {"import_id": import_id}))
        change.record(ImportStarted(import_id, trial, leave_out), row)
    for file in old:
        await store.forget(actor.organisation_id, file.id)
    return row


async def cancel(actor: Actor, import_id: UUID) -> FileImport:
    """End it: what waits never starts, what runs is undone as a whole by the worker within a moment."""
    async with changing(actor, FileImport, import_id) as (change, row):
        if row.state == S.RUNNING:
            change.require("imports:run", row)
            if row.cancel_asked_at is not None:
                return row
        else:
            IMPORT.take("cancel", row, change)
            row.ended_at = change.now
        row.cancel_asked_at = change.now
        change.write(row)
        change.record(ImportCancelled(import_id), row)
    return row


async def _require_files(change: Change, import_id: UUID) -> None:
    files = await change.rows(ImportFile, "import_id = $1 and purpose = 'given'", import_id)
    if not files:
        raise Conflict(_("There is no file to import. Bring one first."), subject_id=import_id)
    if any(file.forgotten_at for file in files):
        raise Conflict(_("The files of this import were deleted in the meantime. Bring them again."))


def _require_whole(row: FileImport) -> None:
    """A mapping without what a kind needs would only fail later; raises Unusable for one that says nothing of it."""
    missing = [
        _("The field {name} of {part} is needed.", name=name, part=part)
        for part, table in restored(row.mapping).parts(row.kind).items()
        for name in PARTS[part].fields
        if name in PARTS[part].required - table.fields.keys()
    ]
    if missing:
        raise Conflict(
            _("The mapping does not fit. {mistakes}", mistakes=" ".join(map(str, missing))), subject_id=row.id
        )
