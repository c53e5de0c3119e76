"""Who answers for each role, in a browser."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.oversight import commands, queries
from portal.oversight.forms import OwnersForm
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import FieldError, Invalid, NotFound
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import as_seen, read_form

AT = "/role-owners"


@get(AT, guards=[may("access-reviews:configure")], include_in_schema=False)
async def list_owners(actor: Acting) -> Response[Any]:
    async with viewing(actor) as view:
        return page("oversight/owners.html", found=await queries.owners(view))


@get(f"{AT}/{{role:str}}", guards=[may("access-reviews:configure")], include_in_schema=False)
async def show(actor: Acting, role: FromPath[str]) -> Response[Any]:
    return await _page(actor, role, None)


@post(f"{AT}/{{role:str}}", guards=[may("access-reviews:configure")], include_in_schema=False)
async def set_owners(request: Request[Any, Any, Any], actor: Acting, role: FromPath[str]) -> Response[Any]:
    typed = await read_form(request)
    try:
        await commands.set_owners(as_seen(actor, typed), role, typed.convert(OwnersForm, only=("owners",)))
    except Invalid as refusal:
        errors = [FieldError(e.field.partition(".")[0], e.message) for e in refusal.errors]
        return await _page(actor, role, Form(typed.values, errors), refusal.status)
    return go(AT, _("Kept. They decide on this role from here on."))


async def _page(actor: Actor, role: str, form: Form | None, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        told = next((each for each in await queries.owners(view) if each.role == role), None)
        people = await queries.able_owners(view)
    if told is None:
        raise NotFound()
    chosen = {str(each) for each in told.owners} if told.named else set()
    typed = {f"owners.{place}": person for place, (person, _name) in enumerate(people) if person in chosen}
    return page("oversight/owner.html", status=status, told=told, people=people, form=form or Form(typed))


HANDLERS: list[Any] = [list_owners, show, set_owners]
