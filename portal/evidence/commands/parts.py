"""Parts of a file as they come; whoever was cut off goes on where the last kept byte is."""

from collections.abc import AsyncIterator
from uuid import UUID

from portal.documents.store import PART
from portal.evidence import quarantine
from portal.evidence.commands.bring import finish
from portal.evidence.events import FileRefused
from portal.evidence.queries import record_of
from portal.evidence.sniffing import HEAD, Unfit, media_type_of_head
from portal.evidence.states import FILE, S
from portal.evidence.tables import EvidenceFile
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.refusals import Conflict, Invalid, NotFound, TooLarge
from portal.platform.work import changing, viewing


class Elsewhere(Conflict):
    """The part does not begin where the last one ended; `arrived` says where that is."""

    def __init__(self, arrived: int) -> None:
        super().__init__(_("Go on from byte {arrived}: that many arrived.", arrived=arrived))
        self.arrived = arrived


async def progress(actor: Actor, file_id: UUID) -> tuple[int, int]:
    """(bytes that arrived, bytes in all) of a file that the actor sends."""
    file = await _own(actor, file_id)
    arrived = await _arrived(file)
    if arrived == file.size:
        await _finish(actor, file_id)
    return arrived, file.size


async def take_part(actor: Actor, file_id: UUID, offset: int, pieces: AsyncIterator[bytes]) -> int:
    """Keep what comes, also of a connection that breaks off; gives how much there is now.

    The beginning is looked at as soon as it is there: nobody sends 200 MB of what is refused.
    """
    file = await _own(actor, file_id)
    arrived = await _arrived(file)
    if offset != arrived:
        raise Elsewhere(arrived)
    if file.state == S.UPLOADING:
        try:
            arrived = await _keep(file, arrived, pieces)
        finally:
            if offset == 0:
                await _look_at_beginning(actor, file)
        if arrived == file.size:
            await _finish(actor, file_id)
    return arrived


async def _keep(file: EvidenceFile, arrived: int, pieces: AsyncIterator[bytes]) -> int:
    waiting = bytearray()
    try:
        async for piece in pieces:
            waiting += piece
            if arrived + len(waiting) > file.size:
                waiting.clear()
                raise TooLarge(_("More came than the {size} bytes that were announced.", size=file.size))
            if len(waiting) >= PART:
                kept, waiting = bytes(waiting), bytearray()
                await quarantine.put(file.owner_id, file.id, arrived, kept)
                arrived += len(kept)
    finally:
        if waiting:
            await quarantine.put(file.owner_id, file.id, arrived, bytes(waiting))
    return arrived + len(waiting)


async def _look_at_beginning(actor: Actor, file: EvidenceFile) -> None:
    try:
        media_type_of_head(await quarantine.beginning(file.owner_id, file.id, HEAD), file.name)
    except FileNotFoundError:
        return
    except Unfit as unfit:
        await _turn_down(actor, file.id, unfit.message)
        raise Invalid.field("file", unfit.message) from unfit


async def _turn_down(actor: Actor, file_id: UUID, why: Message) -> None:
    async with changing(actor, EvidenceFile, file_id) as (change, file):
        if file.state != S.UPLOADING:
            return
        FILE.take("turn_down", file, change)
        change.write(file)
        change.record(FileRefused(file.id, str(why)), file, root_id=file.record_id)
    await quarantine.forget(file.owner_id, file.id)


async def _finish(actor: Actor, file_id: UUID) -> None:
    async with changing(actor, EvidenceFile, file_id) as (change, file):
        if file.state == S.UPLOADING:
            await finish(change, file, await record_of(change, file.kind, file.record_id))
            change.write(file)


async def _own(actor: Actor, file_id: UUID) -> EvidenceFile:
    """The file, for who began to send it; to everybody else it is not there."""
    sql = "select * from evidence_file where id = $1 and owner_id = $2 and created_by = $3"
    async with viewing(actor) as view:
        found = await view.one(sql, file_id, actor.organisation_id, actor.person_id)
    if found is None or found["state"] in (S.DELETED, S.ABANDONED):
        raise NotFound()
    if found["state"] == S.REFUSED:
        raise Conflict(_("This file was refused: it is not what may be attached."))
    return EvidenceFile.of(found)


async def _arrived(file: EvidenceFile) -> int:
    return await quarantine.arrived(file.owner_id, file.id) if file.state == S.UPLOADING else file.size
