"""Attaching files to a record: whole ones at once, or one whose parts will follow."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from portal.evidence import quarantine
from portal.evidence.commands.check import CHECK
from portal.evidence.events import FileAttached, FileBegun
from portal.evidence.forms import NewFile
from portal.evidence.queries import record_of
from portal.evidence.rules import MOST_OF_RECORD, cleaned
from portal.evidence.states import FILE, GONE
from portal.evidence.tables import EvidenceFile
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict
from portal.platform.wiring import Job
from portal.platform.work import Change, changing

_COUNT = "select count(*) from evidence_file where record_id = $1 and owner_id = $2 and state <> all($3::text[])"


class Arrived(NamedTuple):
    """A whole file on this machine's disk, and what its bytes are."""

    path: Path
    name: str
    media_type: str


async def begin(actor: Actor, form: NewFile) -> EvidenceFile:
    """A file that comes in parts: until the last one is there it is only a promise, given up after two days."""
    async with changing(actor) as change:
        record = await _record(change, form.kind, form.record_id, 1)
        file = _file(change, form.kind, record, form.internal)
        file.name, file.size, file.note = cleaned(form.name, ""), form.size, str(form.note or "")
        change.add(file)
        change.record(FileBegun(file.id, file.kind, file.record_id), file, root_id=file.record_id)
    return file


async def attach(
    actor: Actor, kind: str, record_id: UUID, arrived: Sequence[Arrived], *, internal: bool, note: str
) -> list[EvidenceFile]:
    """Files that came whole: they lie in quarantine from now on, and a job looks at them.

    Their bytes are put there before the rows are: whoever dies between both leaves bytes that the scheduler removes.
    """
    files: list[EvidenceFile] = []
    try:
        async with changing(actor) as change:
            record = await _record(change, kind, record_id, len(arrived))
            for each in arrived:
                file = _file(change, kind, record, internal)
                file.name, file.note, file.media_type = cleaned(each.name, each.media_type), note, each.media_type
                file.size = each.path.stat().st_size
                files.append(file)
                await quarantine.put_file(file.owner_id, file.id, each.path)
                await finish(change, file, record)
                change.add(file)
    except BaseException:
        for file in files:
            await quarantine.forget(file.owner_id, file.id)
        raise
    return files


async def finish(change: Change, file: EvidenceFile, record: Any) -> None:
    """All of it is there: from here on a job has it, and the other side learns of it if it is for both."""
    FILE.take("arrive", file, change)
    if not file.internal and await is_shown(change, record):
        file.shown_to = other_side(file)
    change.record(FileAttached(file.id, file.kind, file.record_id), file, root_id=file.record_id)
    change.later(Job(CHECK, file.owner_id, {"file_id": file.id}))


async def is_shown(change: Change, record: Any) -> bool:
    """Whether both sides see the record; it is held as it is until the commit, or a file that is attached while its
    draft is sent would never be shown."""
    sql = f"select shown_to is not null from {type(record).table_name()} where id = $1 for share"
    return await change.value(sql, record.id)


async def _record(change: Change, kind: str, record_id: UUID, more: int) -> Any:
    """The record, if its reader may attach so many more files to it."""
    change.require("evidence:attach")
    record = await record_of(change, kind, record_id)
    if await change.value(_COUNT, record_id, change.actor.organisation_id, list(GONE)) + more > MOST_OF_RECORD:
        raise Conflict(_("You attached {most} files to this record, which is all it takes.", most=MOST_OF_RECORD))
    return record


def _file(change: Change, kind: str, record: Any, internal: bool) -> EvidenceFile:
    return EvidenceFile(
        id=new_id(),
        owner_id=change.actor.organisation_id,
        buyer_id=record.buyer_id,
        supplier_id=record.supplier_id,
        kind=kind,
        record_id=record.id,
        record_number=record.number or "",
        internal=internal,
        created_by=change.actor.person_id,
        created_at=change.now,
    )


def other_side(file: EvidenceFile) -> UUID:
    """The organisation that trades with the one that attached the file."""
    return file.supplier_id if file.owner_id == file.buyer_id else file.buyer_id
