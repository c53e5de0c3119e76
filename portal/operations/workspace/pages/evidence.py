"""Evidence in a browser: asked for with what a search says, watched while it is put together, taken out as a file."""

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import ServerSentEvent

from portal.access.guards import Acting, may
from portal.audit.words import events_known
from portal.documents.store import load
from portal.operations import progress as stream
from portal.operations.workspace.commands.evidence import ask_evidence
from portal.operations.workspace.evidence import UNDER_WAY, evidence, evidence_list
from portal.operations.workspace.forms import EvidenceForm, EvidenceOut
from portal.operations.workspace.states import EVIDENCE
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, Invalid
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import read_form
from portal.web.looks import Look
from portal.web.render import render

AT = "/evidence"
# How the search of the log calls what evidence is asked for by.
ASKED = {"query": "object", "from": "from_day", "to": "until_day"}
AnyRequest = Request[Any, Any, Any]
LOOKS = {
    state: Look(name, tone, icon)
    for (state, name), (tone, icon) in zip(
        EVIDENCE.names.items(),
        (("info", "clock"), ("progress", "loader"), ("success", "circle-check"), ("danger", "alert-triangle")),
        strict=True,
    )
}


@get(AT, guards=[may("workpapers:export")], include_in_schema=False)
async def list_evidence(request: AnyRequest, actor: Acting) -> Response[Any]:
    """What was asked for; the form takes what a search of the log asks, or an engagement, from the address."""
    asked = {ASKED.get(name, name): value for name, value in request.query_params.items()}
    return await _list(actor, Form({name: asked[name] for name in EvidenceForm.__struct_fields__ if name in asked}))


@post(AT, guards=[may("workpapers:export")], include_in_schema=False)
async def ask(request: AnyRequest, actor: Acting) -> Response[Any]:
    form = await read_form(request)
    try:
        made = await ask_evidence(actor, form.convert(EvidenceForm, only=EvidenceForm.__struct_fields__))
    except Invalid as refusal:
        return await _list(actor, form.again(refusal), status=refusal.status)
    return go(f"{AT}/{made.id}", _("The evidence is being put together."))


async def _list(actor: Actor, form: Form, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        found = await evidence_list(view, limit=100)
    return page(
        "workspace/evidence_list.html", status=status, found=found.items, form=form, looks=LOOKS, events=events_known()
    )


@get("/evidence/{bundle_id:uuid}", guards=[may("workpapers:export")], include_in_schema=False)
async def show(actor: Acting, bundle_id: FromPath[UUID]) -> Response[Any]:
    shown = await _now(actor, bundle_id)
    return page("workspace/evidence.html", shown=shown, looks=LOOKS, under_way=shown.state in UNDER_WAY)


@get("/evidence/{bundle_id:uuid}/file", guards=[may("workpapers:export")], include_in_schema=False)
async def file(actor: Acting, bundle_id: FromPath[UUID]) -> Response[bytes]:
    """The zip, under the number of the evidence."""
    shown = await _now(actor, bundle_id)
    return await file_of(shown)


async def file_of(shown: EvidenceOut) -> Response[bytes]:
    if shown.sha256 is None:
        raise Conflict(_("This evidence is not ready."))
    headers = {"content-disposition": f'attachment; filename="{shown.number}.zip"'}
    return Response(await load(shown.sha256), media_type="application/zip", headers=headers)


@get("/evidence/{bundle_id:uuid}/progress", guards=[may("workpapers:export")], include_in_schema=False)
async def progress(request: AnyRequest, actor: Acting, bundle_id: FromPath[UUID]) -> ServerSentEvent:
    """How far it is, as pieces of the page; after the end one word that makes the page show what came of it."""
    look = partial(_now, actor, bundle_id)
    return await stream.progress(request, actor, stream.Watched(look, _piece, UNDER_WAY, "workpapers:export"))


def _piece(shown: EvidenceOut) -> str:
    return render("workspace/evidence_progress.html", shown=shown)


async def _now(actor: Actor, bundle_id: UUID) -> EvidenceOut:
    async with viewing(actor) as view:
        return await evidence(view, bundle_id)


HANDLERS = [list_evidence, ask, show, file, progress]
