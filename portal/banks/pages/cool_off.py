"""The page on which a company says how long an account cools off."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post

from portal.access.guards import Acting, may
from portal.banks import commands
from portal.banks.forms import CoolOffProposal
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.work import viewing
from portal.settings.queries import has_checker, waiting
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import read_form

AT = "/supplier-accounts/cool-off"


@get(AT, guards=[may("settings:propose")], include_in_schema=False)
async def show(actor: Acting) -> Response[Any]:
    return await _page(actor, Form())


@post(AT, guards=[may("settings:propose")], include_in_schema=False)
async def propose(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    typed = await read_form(request)
    try:
        form = typed.convert(CoolOffProposal, only=CoolOffProposal.__struct_fields__)
        made = await commands.propose_cool_off(actor, form)
    except (Invalid, Conflict) as refusal:
        errors = refusal.errors or [FieldError("", refusal.message)]
        return await _page(actor, Form(typed.values, errors), status=refusal.status)
    return go(f"/settings/versions/{made.id}", _("Proposed. It holds once a second person approved it."))


async def _page(actor: Actor, form: Form, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        days = await view.value("select bank_cool_off_days from organisation where id = $1", actor.organisation_id)
        waits = [each for each in await waiting(view) if each.kind == commands.COOL_OFF]
        lonely = not await has_checker(view, actor.person_id)
    return page("banks/cool_off.html", status=status, form=form, days=days, waits=waits, lonely=lonely)


def told(value: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """A version of the setting in words."""
    return [(_("Days until an approved account may be paid"), value["bank_cool_off_days"])]


HANDLERS = [show, propose]
