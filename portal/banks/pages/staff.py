"""One's own account, which a person may tell so that a supplier with the same one is found."""

from typing import Any

from litestar import Request, Response, get, post

from portal.access.guards import Acting, may, require_proof
from portal.banks import commands, queries
from portal.banks.forms import StaffAccountForm
from portal.banks.pages.looks import named_countries
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import read_form

AT = "/profile/bank-account"


@get(AT, guards=[may("self:use")], include_in_schema=False, about_oneself=True)
async def show(actor: Acting) -> Response[Any]:
    return await _page(actor, Form({"country": ""}))


@post(AT, guards=[may("self:use")], include_in_schema=False)
async def tell(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    require_proof(actor)
    typed = await read_form(request)
    try:
        await commands.tell_own(actor, typed.convert(StaffAccountForm, only=StaffAccountForm.__struct_fields__))
    except Invalid as refusal:
        return await _page(actor, typed.again(refusal), status=422)
    return go(AT, _("Your account is known by its last digits."))


@post(f"{AT}/forget", guards=[may("self:use")], include_in_schema=False)
async def forget(actor: Acting) -> Response[Any]:
    await commands.forget_own(actor)
    return go(AT, _("Nothing of your account is kept any more."))


async def _page(actor: Actor, form: Form, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        last = await queries.own_staff_account(view)
    return page("banks/staff.html", status=status, form=form, last=last, countries=named_countries())


HANDLERS = [show, tell, forget]
