"""Batches in a browser: asked for, watched while they are put together, taken as a file."""

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.params import FromPath
from litestar.response import ServerSentEvent, Stream

from portal.access.guards import Acting, allowed, may
from portal.operations import progress as stream
from portal.operations.batches import commands
from portal.operations.batches.answers import download
from portal.operations.batches.chosen import KINDS
from portal.operations.batches.forms import BatchForm, BatchOut
from portal.operations.batches.queries import batch, batches, lacking
from portal.operations.batches.states import BATCH, UNDER_WAY
from portal.organisations.queries import customer_choices, supplier_choices
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.wiring import DOCUMENTS, MenuEntry, Subject
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import read_form
from portal.web.looks import Look
from portal.web.render import render

AT = "/batches"
AnyRequest = Request[Any, Any, Any]
TONES = {
    "asked": ("info", "clock"),
    "making": ("progress", "loader"),
    "ready": ("success", "circle-check"),
    "failed": ("danger", "alert-triangle"),
    "cancelled": ("neutral", "ban"),
    "expired": ("neutral", "trash"),
}
LOOKS = {state: Look(name, *TONES[state]) for state, name in BATCH.names.items()}
DIRECTIONS = {"received": _("Received"), "sent": _("Sent")}


@get(AT, guards=[may("batches:make")], include_in_schema=False)
async def list_batches(request: AnyRequest, actor: Acting) -> Response[Any]:
    """What was asked for; the form takes its first values from the address."""
    given = {n: v for n, v in request.query_params.items() if n in BatchForm.__struct_fields__}
    return await _list(actor, Form({"with_xml": "1"} | given))


@post(AT, guards=[may("batches:make")], include_in_schema=False)
async def ask(request: AnyRequest, actor: Acting) -> Response[Any]:
    form = await read_form(request)
    try:
        made = await commands.ask(actor, form.convert(BatchForm, only=BatchForm.__struct_fields__))
    except (Invalid, Conflict) as refusal:
        errors = list(refusal.errors) or [FieldError("", refusal.message)]
        return await _list(actor, Form.typed(form.values, errors), status=refusal.status)
    return go(f"{AT}/{made.id}", _("The documents are being put together."))


async def _list(actor: Actor, form: Form, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        found = await batches(view, limit=100)
        partners = [
            *(await supplier_choices(view) if actor.is_buyer else ()),
            *(await customer_choices(view) if actor.is_supplier else ()),
        ]
    told = {"found": found.items, "form": form, "partners": partners, "looks": LOOKS, "kinds": KINDS}
    offered = [(kind, of.title) for kind, of in KINDS.items() if _may(actor, kind, of.permission)]
    directions = list(DIRECTIONS.items()) if actor.is_buyer and actor.is_supplier else []
    return page("batches/list.html", status=status, offered=offered, directions=directions, **told)


def _may(actor: Actor, kind: str, permission: str) -> bool:
    return allowed(actor, permission) and allowed(actor, DOCUMENTS[kind].permission)


@get("/batches/{batch_id:uuid}", guards=[may("batches:make")], include_in_schema=False)
async def show(actor: Acting, batch_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        shown = await batch(view, batch_id)
        without = await lacking(view, batch_id) if shown.state not in UNDER_WAY else []
    told = {"shown": shown, "lacking": without, "looks": LOOKS, "kinds": KINDS, "directions": DIRECTIONS}
    return page("batches/show.html", under_way=shown.state in UNDER_WAY, **told)


@post("/batches/{batch_id:uuid}/cancel", guards=[may("batches:make")], include_in_schema=False)
async def cancel(actor: Acting, batch_id: FromPath[UUID]) -> Response[Any]:
    await commands.cancel(actor, batch_id)
    return go(f"{AT}/{batch_id}", _("The batch is cancelled."))


@get("/batches/{batch_id:uuid}/file", guards=[may("batches:make")], include_in_schema=False)
async def file(request: AnyRequest, actor: Acting, batch_id: FromPath[UUID]) -> Stream:
    return await download(request, actor, batch_id)


@get("/batches/{batch_id:uuid}/progress", guards=[may("batches:make")], include_in_schema=False)
async def progress(request: AnyRequest, actor: Acting, batch_id: FromPath[UUID]) -> ServerSentEvent:
    """How far it is, as pieces of the page; after the end one word that makes the page show what came of it."""
    watched = stream.Watched(partial(_now, actor, batch_id), _piece, UNDER_WAY, "batches:make")
    return await stream.progress(request, actor, watched)


async def _now(actor: Actor, batch_id: UUID) -> BatchOut:
    async with viewing(actor) as view:
        return await batch(view, batch_id)


def _piece(shown: BatchOut) -> str:
    return render("batches/progress.html", shown=shown)


MENU = [MenuEntry(_("Batches"), AT, "files", "batches:make", 56)]
SUBJECTS = {"batch": Subject(_("Batch of documents"), "/batches/{id}", "batches:make")}
router = Router("/", route_handlers=[list_batches, ask, show, cancel, file, progress])
