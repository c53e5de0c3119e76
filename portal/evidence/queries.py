"""Which files a record has for its reader, and whether one of them may be read."""

from typing import Any
from uuid import UUID

from portal.evidence.forms import FileOut
from portal.evidence.states import GONE, SERVED, S
from portal.evidence.tables import EvidenceFile
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, NotFound
from portal.platform.wiring import EVIDENCE
from portal.platform.work import View

OTHERS = (S.QUARANTINED, S.CLEAN, S.UNSCANNED, S.INFECTED, S.DISPOSED)  # what the other side learns of
_SEEN = "(owner_id = $1 or state = any($2::text[]))"
_OF_RECORD = f"select * from evidence_file where record_id = $3 and kind = $4 and {_SEEN} order by created_at, id"
_MADE = {"shared", "own", "href"}


async def record_of(view: View, kind: str, record_id: UUID) -> Any:
    """The record that files belong to, as this reader may see it: unseen is 404, not for their role 403."""
    if kind not in EVIDENCE:
        raise NotFound()
    return await EVIDENCE[kind](view, record_id)


async def file_row(view: View, file_id: UUID) -> EvidenceFile:
    """A file for whoever may see its record; one that is gone, or was never finished by others, is 404."""
    sql = f"select * from evidence_file where id = $3 and {_SEEN}"
    found = await view.one(sql, view.actor.organisation_id, list(OTHERS), file_id)
    if found is None or found["state"] in GONE:
        raise NotFound()
    await record_of(view, found["kind"], found["record_id"])
    return EvidenceFile.of(found)


async def rows_of(view: View, kind: str, record_id: UUID) -> list[EvidenceFile]:
    """The files of a record that its reader is known to see; gone ones are told to their owner."""
    found = await view.fetch(_OF_RECORD, view.actor.organisation_id, list(OTHERS), record_id, kind)
    return [EvidenceFile.of(each) for each in found]


async def files_of(view: View, kind: str, record_id: UUID) -> list[FileOut]:
    await record_of(view, kind, record_id)
    return [out_of(view, row) for row in await rows_of(view, kind, record_id)]


def out_of(view: View, file: EvidenceFile) -> FileOut:
    """The file as programs read it."""
    return FileOut(
        **{name: getattr(file, name) for name in FileOut.__struct_fields__ if name not in _MADE},
        shared=file.shown_to is not None,
        own=file.owner_id == view.actor.organisation_id,
        href=f"/files/{file.id}" if file.state in SERVED else None,
    )


def require_served(file: EvidenceFile) -> None:
    """Refuse what no scanner let through: nothing of it leaves the portal."""
    if file.state in SERVED:
        return
    told = {
        S.INFECTED: _("The scanner found something harmful in this file. It is not handed out."),
        S.REFUSED: _("This file was refused: it is not what may be attached."),
        S.DISPOSED: _("This file was kept as long as the law asks, and was destroyed."),
        S.UPLOADING: _("This file has not arrived yet."),
    }
    raise Conflict(told.get(S(file.state), _("This file is still being checked. Try again in a minute.")))
