"""Attached files in a browser: a section of each record's page, and plain forms behind it.

The form sends whole files, with no script at all; the script of the page sends the same in parts that can be gone on
with. Either way the section shows them at once, and says of each what is known of it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, get_args
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from portal.access.guards import Acting, allowed, may, require
from portal.access.identify import prove
from portal.access.queries import names
from portal.documents.store import reached
from portal.evidence import answers, commands, queries
from portal.evidence.commands import Arrived
from portal.evidence.forms import FileOut, Kind
from portal.evidence.rules import ACCEPTED, LARGEST, MOST_FILES
from portal.evidence.sniffing import Unfit, media_type_of
from portal.evidence.states import DESTROYED, FILE, NAMES, S
from portal.platform import wiring
from portal.platform.i18n import _
from portal.platform.refusals import FieldError, Invalid
from portal.platform.wiring import Panel, Subject
from portal.platform.work import View, viewing
from portal.platform.workshop import workshop
from portal.web.flash import go
from portal.web.looks import Look
from portal.web.upload import LONGEST_FIELD, STREAMED, Received, Wanted, receive, require_length

AnyRequest = Request[Any, Any, Any]
FIELD = "file"
ANYTHING = ("",)  # what counts is the bytes, not how the name ends
WANTED = Wanted({FIELD: ANYTHING}, MOST_FILES, LARGEST)
LARGEST_FORM = LARGEST + LONGEST_FIELD  # bytes
LONGEST_NOTE = 200  # characters
LOOKS = {
    S.UPLOADING: Look(NAMES[S.UPLOADING], "progress", "upload"),
    S.QUARANTINED: Look(NAMES[S.QUARANTINED], "progress", "hourglass"),
    S.CLEAN: Look(NAMES[S.CLEAN], "success", "shield-check"),
    S.UNSCANNED: Look(NAMES[S.UNSCANNED], "warning", "shield"),
    S.INFECTED: Look(NAMES[S.INFECTED], "danger", "alert-triangle"),
    S.REFUSED: Look(NAMES[S.REFUSED], "danger", "circle-x"),
    S.ABANDONED: Look(NAMES[S.ABANDONED], "neutral", "history"),
    S.DELETED: Look(NAMES[S.DELETED], "neutral", "trash"),
    S.DISPOSED: Look(NAMES[S.DISPOSED], "neutral", "trash"),
}


class Shown(NamedTuple):
    """A file on its record's page: who attached it, whether it has a picture, and what its reader may do with it."""

    file: FileOut
    who: str
    pictured: bool
    deletes: bool
    shares: bool


class Attached(NamedTuple):
    """The files of a record, and whether its reader may attach more."""

    kind: str
    record_id: UUID
    files: list[Shown]
    attaches: bool
    both_see: bool
    looks: dict[Any, Look] = LOOKS
    accepted: str = ACCEPTED


def panel(kind: str) -> Panel:
    async def load(view: View, record: Any) -> Attached | None:
        rows = await queries.rows_of(view, kind, record.id)
        people = await names(view, [row.created_by for row in rows if row.created_by]) if rows else {}
        attaches = allowed(view.actor, "evidence:attach")
        if not rows and not attaches:
            return None
        shown = [_shown(view, row, people.get(row.created_by, ("", ""))[0]) for row in rows]
        return Attached(kind, record.id, shown, attaches, record.shown_to is not None)

    loading: Callable[[Any, Any], Awaitable[Any]] = load
    return Panel(loading, "evidence/panel.html", 70)


def _shown(view: View, row: Any, who: str) -> Shown:
    own = row.owner_id == view.actor.organisation_id
    possible = FILE.possible(row, lambda permission, thing: require(view.actor, permission, thing)) if own else []
    shares = own and row.internal and row.state not in DESTROYED and allowed(view.actor, "evidence:share", row)
    return Shown(
        queries.out_of(view, row),
        who,
        bool(row.preview_sha256) and row.state not in DESTROYED,
        "delete" in possible,
        shares,
    )


@post(
    "/files/{kind:str}/{record_id:uuid}",
    guards=[may("evidence:attach")],
    include_in_schema=False,
    opt=STREAMED,
    request_max_body_size=LARGEST_FORM + 1,
)
async def attach(request: AnyRequest, actor: Acting, kind: FromPath[str], record_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        await queries.record_of(view, kind, record_id)
    require_length(request, LARGEST_FORM)
    with reached(), workshop() as folder:
        form = await receive(request, Path(folder), WANTED, partial(prove, request))
        arrived = await _looked_at(form)
        note = form.fields.get("note", "").strip()[:LONGEST_NOTE]
        await commands.attach(actor, kind, record_id, arrived, internal=form.fields.get("who") == "us", note=note)
    names_of = ", ".join(each.name for each in arrived)
    return go(_place(kind, record_id), _("Attached: {names}", names=names_of))


async def _looked_at(form: Received) -> list[Arrived]:
    """Every file with what it is; raises Invalid that names each one that is refused."""
    if not (paths := form.files.get(FIELD, [])):
        raise Invalid.field(FIELD, _("Choose at least one file."))
    arrived, errors = [], []
    for path in paths:
        try:
            arrived.append(Arrived(path, path.name, await asyncio.to_thread(media_type_of, path, path.name)))
        except Unfit as unfit:
            errors.append(FieldError(FIELD, unfit.message))
    if errors:
        raise Invalid(errors=errors)
    return arrived


@get("/files/{file_id:uuid}", guards=[may("self:use")], include_in_schema=False)
async def download(actor: Acting, file_id: FromPath[UUID]) -> Stream:
    return await answers.download(actor, file_id)


@get("/files/{file_id:uuid}/preview", guards=[may("self:use")], include_in_schema=False)
async def preview(actor: Acting, file_id: FromPath[UUID]) -> Stream:
    return await answers.preview(actor, file_id)


@get("/files/{file_id:uuid}/record", guards=[may("self:use")], include_in_schema=False)
async def record(actor: Acting, file_id: FromPath[UUID]) -> Response[Any]:
    """Where mails lead to: the record that the file belongs to."""
    async with viewing(actor) as view:
        file = await queries.file_row(view, file_id)
    return Redirect(_place(file.kind, file.record_id), status_code=303)


@post("/files/{file_id:uuid}/share", guards=[may("evidence:share")], include_in_schema=False)
async def share(actor: Acting, file_id: FromPath[UUID]) -> Response[Any]:
    file = await commands.share(actor, file_id)
    return go(_place(file.kind, file.record_id), _("Both sides see {name} now.", name=file.name))


@post("/files/{file_id:uuid}/delete", guards=[may("evidence:delete")], include_in_schema=False)
async def delete(actor: Acting, file_id: FromPath[UUID]) -> Response[Any]:
    file = await commands.delete(actor, file_id)
    return go(_place(file.kind, file.record_id), _("{name} is deleted.", name=file.name))


def _place(kind: str, record_id: UUID) -> str:
    return wiring.SUBJECTS[kind].href.format(id=record_id) + "#files"


PANELS = {kind: [panel(kind)] for kind in get_args(Kind)}
SUBJECTS = {"evidence-file": Subject(_("Attached file"), "/files/{id}/record")}
router = Router("/", route_handlers=[attach, download, preview, record, share, delete])
