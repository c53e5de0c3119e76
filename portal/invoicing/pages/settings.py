"""The page on which a company says by what its invoices are matched."""

from typing import Any

from litestar import Request, Response, get, post

from portal.access.guards import Acting, may
from portal.invoicing import commands, queries
from portal.invoicing.forms import MatchSettingsForm
from portal.orders.forms import MATCH_BASES
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import as_seen, read_form

AT = "/invoices/settings"


@get(AT, guards=[may("invoices:configure")], include_in_schema=False)
async def show(actor: Acting) -> Response[Any]:
    return await _page(actor, Form())


@post(AT, guards=[may("invoices:configure")], include_in_schema=False)
async def save(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    typed = await read_form(request)
    try:
        wanted = typed.convert(MatchSettingsForm, only=MatchSettingsForm.__struct_fields__)
    except Invalid as refusal:
        return await _page(actor, typed.again(refusal), status=422)
    await commands.set_match_basis(as_seen(actor, typed), wanted)
    return go(AT, _("Orders that are issued from now on follow it."))


async def _page(actor: Actor, form: Form, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        settings = await queries.match_settings(view)
    return page("invoicing/settings.html", status=status, form=form, settings=settings, bases=MATCH_BASES)


HANDLERS = [show, save]
