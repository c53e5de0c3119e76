"""Workpapers in a browser: drawing a sample, writing a finding, saying what was found of an item, signing."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.operations.workspace.commands import papers as commands
from portal.operations.workspace.forms import PaperForm, ResultForm, SampleForm, SignForm
from portal.operations.workspace.pages.engagements import METHODS, SEVERITIES, shown
from portal.operations.workspace.papers import paper
from portal.operations.workspace.populations import KINDS
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.refusals import Conflict, Denied, FieldError, Invalid
from portal.platform.wiring import SUBJECTS
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import Typed, read_form
from portal.web.labels import label

AnyRequest = Request[Any, Any, Any]
PAPERS = {"sample": _("Sample"), "finding": _("Finding"), "note": _("Note")}
OUTCOMES = {"pass": _("Passes"), "exception": _("Exception")}


@post("/engagements/{engagement_id:uuid}/samples", guards=[may("workpapers:write")], include_in_schema=False)
async def draw(request: AnyRequest, actor: Acting, engagement_id: FromPath[UUID]) -> Response[Any]:
    return await _added(request, actor, engagement_id, SampleForm, commands.draw_sample)


@post("/engagements/{engagement_id:uuid}/workpapers", guards=[may("workpapers:write")], include_in_schema=False)
async def write(request: AnyRequest, actor: Acting, engagement_id: FromPath[UUID]) -> Response[Any]:
    return await _added(request, actor, engagement_id, PaperForm, commands.write_paper)


async def _added(
    request: AnyRequest, actor: Actor, engagement_id: UUID, struct: type[Any], command: Any
) -> Response[Any]:
    form = await read_form(request)
    try:
        wanted = form.convert(struct, only=struct.__struct_fields__, engagement_id=str(engagement_id))
        made = await command(actor, wanted)
    except Invalid as refusal:
        return await shown(actor, engagement_id, form.again(refusal), status=refusal.status)
    return go(f"/workpapers/{made.id}", _("Workpaper {number} was added.", number=made.number))


@get("/workpapers/{paper_id:uuid}", guards=[may("workpapers:read")], include_in_schema=False)
async def show(actor: Acting, paper_id: FromPath[UUID]) -> Response[Any]:
    return await _page(actor, paper_id)


@post(
    "/workpapers/{paper_id:uuid}/items/{sample_item_id:uuid}", guards=[may("workpapers:write")], include_in_schema=False
)
async def judge(
    request: AnyRequest, actor: Acting, paper_id: FromPath[UUID], sample_item_id: FromPath[UUID]
) -> Response[Any]:
    """What was found of one item."""
    form = await read_form(request)
    try:
        wanted = form.convert(ResultForm, only=ResultForm.__struct_fields__)
        await commands.enter_result(actor, paper_id, sample_item_id, wanted)
    except Invalid as refusal:
        return await _page(actor, paper_id, form.again(refusal), sample_item_id, refusal.status)
    return go(f"/workpapers/{paper_id}#items", _("Kept."))


@post("/workpapers/{paper_id:uuid}/sign", guards=[may("workpapers:sign")], include_in_schema=False)
async def sign(request: AnyRequest, actor: Acting, paper_id: FromPath[UUID]) -> Response[Any]:
    form: Typed = await read_form(request)
    try:
        await commands.sign_paper(actor, paper_id, form.convert(SignForm, only=SignForm.__struct_fields__))
    except (Invalid, Denied, Conflict) as refusal:
        errors = list(refusal.errors) or [FieldError("", refusal.message)]
        return await _page(actor, paper_id, Form(form.values, errors), None, refusal.status)
    return go(f"/workpapers/{paper_id}", _("Signed off. Nothing is added to it any more."))


async def _page(
    actor: Actor, paper_id: UUID, form: Form | None = None, sample_item_id: UUID | None = None, status: int = 200
) -> Response[Any]:
    async with viewing(actor) as view:
        told = await paper(view, paper_id)
    return page(
        "workspace/paper.html",
        status=status,
        told=told,
        form=form or Form(),
        asked=sample_item_id,
        kinds=PAPERS,
        populations=KINDS,
        methods=METHODS,
        outcomes=list(OUTCOMES.items()),
        severities=SEVERITIES,
        hrefs={item.id: _href(item) for item in told.items},
        filters=_filters(told.content),
        own=told.created_by_id == actor.person_id,
    )


def _href(item: Any) -> str:
    return SUBJECTS[item.kind].href.format(id=item.record_id) if item.kind in SUBJECTS else ""


def _filters(content: dict[str, Any]) -> list[tuple[Message | str, Any]]:
    """What narrowed the population, by the names of its fields."""
    given = content.get("filter") or {}
    return [(label(name), value) for name, value in given.items() if value is not None and name != "kind"]


HANDLERS = [draw, write, show, judge, sign]
