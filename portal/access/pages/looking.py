"""Looking as a colleague in a browser: begun on their page, ended from every page, told to the colleague."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from portal.access import commands, queries
from portal.access.cookies import set_session
from portal.access.forms import LookForm
from portal.access.guards import Acting, may
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, Denied, FieldError, Invalid, NotFound
from portal.platform.wiring import Subject
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.input import read_form

SUBJECTS = {"see-as": Subject(_("Look as a colleague"), "/see-as/{id}", "self:use")}


@get("/people/{person_id:uuid}/see-as", guards=[may("see-as:begin")], include_in_schema=False)
async def ask(actor: Acting, person_id: FromPath[UUID]) -> Response[Any]:
    return await _asked(actor, person_id, Form())


@post("/people/{person_id:uuid}/see-as", guards=[may("see-as:begin")], include_in_schema=False)
async def begin(request: Request[Any, Any, Any], actor: Acting, person_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    try:
        opened = await commands.see_as(actor, person_id, typed.convert(LookForm, only=("reason", "minutes")))
    except (Invalid, Conflict, Denied) as refusal:
        errors = list(refusal.errors) or [FieldError("", refusal.message)]
        return await _asked(actor, person_id, Form(typed.values, errors), refusal.status)
    return set_session(Redirect("/", status_code=303), opened)


@post("/see-as/end", guards=[may("self:use")], include_in_schema=False, while_looking=True)
async def end(actor: Acting) -> Response[Any]:
    """Back to the page of the colleague."""
    opened = await commands.end_look(actor)
    return set_session(Redirect(f"/people/{actor.person}", status_code=303), opened)


@get("/see-as", guards=[may("self:use")], include_in_schema=False)
async def list_looks(actor: Acting) -> Response[Any]:
    async with viewing(actor) as view:
        return page("access/looks.html", found=await queries.looks(view))


@get("/see-as/{looking_id:uuid}", guards=[may("self:use")], include_in_schema=False)
async def show(actor: Acting, looking_id: FromPath[UUID]) -> Response[Any]:
    """What the colleague who was told opens."""
    async with viewing(actor) as view:
        return page("access/look.html", told=await queries.look(view, looking_id))


async def _asked(actor: Actor, person_id: UUID, form: Form, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        found = await queries.people(view, person_id)
    if not found:
        raise NotFound()
    return page("access/see_as.html", status=status, member=found[0], form=form)


HANDLERS = [ask, begin, end, list_looks, show]
