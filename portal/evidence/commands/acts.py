"""What somebody does with a file of their own: show it to the other side, or take it back while nobody there saw it."""

from typing import Any
from uuid import UUID

from portal.evidence import quarantine
from portal.evidence.commands.bring import is_shown, other_side
from portal.evidence.events import FileDeleted, FileShared
from portal.evidence.queries import record_of, require_served
from portal.evidence.states import DESTROYED, FILE, GONE
from portal.evidence.tables import EvidenceFile
from portal.platform.actor import Actor
from portal.platform.refusals import NotFound
from portal.platform.work import Change, changing


async def share(actor: Actor, file_id: UUID) -> EvidenceFile:
    """Let both sides of the record see a file that was for one alone. There is no way back."""
    async with changing(actor, EvidenceFile, file_id) as (change, file):
        record = await _require_own(change, file)
        change.require("evidence:share", file)
        if file.state in DESTROYED:
            require_served(file)
        if file.internal:
            file.internal = False
            file.shown_to = other_side(file) if await is_shown(change, record) else None
            change.write(file)
            change.record(FileShared(file.id), file, root_id=file.record_id)
    return file


async def delete(actor: Actor, file_id: UUID) -> EvidenceFile:
    """Leave a tombstone; its bytes are destroyed by the next night's tidying. Refused once the other side sees it."""
    async with changing(actor, EvidenceFile, file_id) as (change, file):
        await _require_own(change, file)
        FILE.take("delete", file, change)
        file.deleted_by, file.deleted_at = actor.person_id, change.now
        change.write(file)
        change.record(FileDeleted(file.id), file, root_id=file.record_id)
    await quarantine.forget(file.owner_id, file.id)
    return file


async def _require_own(change: Change, file: EvidenceFile) -> Any:
    """The other side's files, and those that are gone, are not there to be acted on."""
    if file.owner_id != change.actor.organisation_id or file.state in GONE:
        raise NotFound()
    return await record_of(change, file.kind, file.record_id)
