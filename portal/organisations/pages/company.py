"""One's own company: what everybody it trades with sees of it, and what its documents say."""

from typing import Any

from litestar import Request, Response, get, post

from portal.access.guards import Acting, allowed, may
from portal.organisations import commands, queries
from portal.organisations.forms.company import PLACE, CompanyForm, CompanyOut
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, Invalid
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import as_seen, read_form

AT = "/settings/company"


@get(AT, guards=[may("company:read")], include_in_schema=False)
async def show(actor: Acting) -> Response[Any]:
    return await _shown(actor, None)


@post(AT, guards=[may("company:edit")], include_in_schema=False)
async def edit(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    typed = await read_form(request)
    try:
        form = typed.convert(CompanyForm, only=CompanyForm.__struct_fields__)
        await commands.edit_company(as_seen(actor, typed), form)
    except (Invalid, Conflict) as refusal:
        return await _shown(actor, Form(typed.values, refusal.errors), status=refusal.status)
    return go(AT, _("What you changed is kept. Documents that were sent keep what they say."))


async def _shown(actor: Actor, form: Form | None, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        company = await queries.company(view)
    shown = form or Form(_present(company))
    edits = allowed(actor, "company:edit")
    return page("settings/company.html", status=status, company=company, form=shown, edits=edits)


def _present(company: CompanyOut) -> dict[str, str]:
    values = {name: str(getattr(company, name)) for name in CompanyForm.__struct_fields__ if name not in PLACE}
    return values | {name: company.address.get(name) or "" for name in PLACE}


HANDLERS = [show, edit]
