"""The letterhead in a browser: how documents look now, the next edition, and all that were."""

import base64
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from portal.access.guards import Acting, allowed, may
from portal.letterheads import commands, queries
from portal.letterheads.forms import Heading, LetterheadForm
from portal.letterheads.rules import COLOUR, FAULTS, LARGEST, LEAST_CONTRAST, PICTURES
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.wiring import WIRING, MenuEntry, Subject
from portal.platform.work import View, viewing
from portal.web import Form, page
from portal.web.downloads import named
from portal.web.flash import go
from portal.web.input import Typed, form_data, read_form

AT = "/settings/letterhead"
FIELDS = ("colour", "address", "footer", "logo_text", "without_logo", "without_seal")
AnyRequest = Request[Any, Any, Any]


@get(AT, guards=[may("letterheads:read")], include_in_schema=False)
async def show(actor: Acting) -> Response[Any]:
    return await _shown(actor, None)


@post(AT, guards=[may("letterheads:publish")], include_in_schema=False)
async def publish(request: AnyRequest, actor: Acting) -> Response[Any]:
    typed = await read_form(request)
    try:
        made = await commands.publish(actor, await _brought(request, typed))
    except Invalid as refusal:
        return await _shown(actor, typed.again(refusal), status=422)
    return go(AT, _("Edition {edition} is worn by documents that are made from now on.", edition=made.edition))


@get(AT + "/{letterhead_id:uuid}/logo.png", guards=[may("letterheads:read")], include_in_schema=False)
async def logo(actor: Acting, letterhead_id: FromPath[UUID]) -> Response[bytes]:
    async with viewing(actor) as view:
        png = await queries.picture(view, letterhead_id)
    return Response(png, media_type="image/png", headers=named("logo.png", attached=False))


@get(AT + "/{letterhead_id:uuid}/seal.png", guards=[may("letterheads:read")], include_in_schema=False)
async def seal(actor: Acting, letterhead_id: FromPath[UUID]) -> Response[bytes]:
    async with viewing(actor) as view:
        png = await queries.seal_of(view, letterhead_id)
    return Response(png, media_type="image/png", headers=named("seal.png", attached=False))


@post(AT + "/preview", guards=[may("letterheads:publish")], include_in_schema=False, status_code=200)
async def try_on(request: AnyRequest, actor: Acting) -> Response[Any]:
    """A letterhead that is not published yet, on paper; nothing of it is kept."""
    typed = await read_form(request)
    try:
        worn = await commands.tried_on(actor, await _brought(request, typed))
    except Invalid as refusal:
        return await _shown(actor, typed.again(refusal), status=422)
    async with viewing(actor) as view:
        return await _paper(view, worn)


@get(AT + "/{letterhead_id:uuid}/preview.pdf", guards=[may("letterheads:read")], include_in_schema=False)
async def on_paper(actor: Acting, letterhead_id: FromPath[UUID]) -> Response[Any]:
    """An edition on paper."""
    async with viewing(actor) as view:
        await queries.edition(view, letterhead_id)
        return await _paper(view, await queries.heading(view, letterhead_id))


async def _paper(view: View, worn: Heading) -> Response[bytes]:
    assert WIRING.worn is not None, "the press is wired"
    pdf = await WIRING.worn(view, worn)
    return Response(pdf, media_type="application/pdf", headers=named("letterhead.pdf", attached=False))


async def _brought(request: AnyRequest, typed: Typed) -> LetterheadForm:
    """The form with the pictures that came along, if any did."""
    fields, more = await form_data(request), dict[str, str]()
    for name in PICTURES:
        given = fields.get(name)
        image = await given.read() if isinstance(given, UploadFile) and given.filename else b""
        if len(image) > LARGEST:
            raise Invalid.field(name, FAULTS["large"])
        if image:
            more[name] = base64.b64encode(image).decode()
    return typed.convert(LetterheadForm, only=FIELDS, **more)


async def _shown(actor: Actor, form: Form | None, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        editions = await queries.editions(view)
    now = editions[0] if editions else None
    return page(
        "letterheads/show.html",
        status=status,
        editions=editions,
        now=now,
        form=form or _form_of(now),
        publishes=allowed(actor, "letterheads:publish"),
        least=LEAST_CONTRAST,
        name=actor.organisation_name,
    )


def _form_of(now: Any) -> Form:
    if now is None:
        return Form({"colour": COLOUR})
    lines = {"address": "\n".join(now.address), "footer": "\n".join(now.footer)}
    return Form({"colour": now.colour, "logo_text": now.logo_text} | lines)


MENU = [MenuEntry(_("Letterhead"), AT, "file-type-pdf", "letterheads:read", 79)]
SUBJECTS = {"letterhead": Subject(_("Letterhead"), AT, "letterheads:read")}
router = Router("/", route_handlers=[show, publish, logo, seal, try_on, on_paper])
