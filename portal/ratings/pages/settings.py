"""The page on which a company says whether suppliers see averages of what its people say."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post

from portal.access.guards import Acting, may
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.work import viewing
from portal.ratings import commands, queries
from portal.ratings.forms import RatingsShownProposal
from portal.ratings.rules import LEAST_RATERS
from portal.settings.queries import has_checker, waiting
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import read_form

AT = "/ratings/shown"
SHOWS = {True: _("Suppliers see averages"), False: _("Suppliers see nothing of it")}


@get(AT, guards=[may("settings:propose")], include_in_schema=False)
async def show(actor: Acting) -> Response[Any]:
    return await _page(actor, Form())


@post(AT, guards=[may("settings:propose")], include_in_schema=False)
async def propose(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    typed = await read_form(request)
    try:
        form = typed.convert(RatingsShownProposal, only=RatingsShownProposal.__struct_fields__)
        made = await commands.propose_shown(actor, form)
    except (Invalid, Conflict) as refusal:
        errors = refusal.errors or [FieldError("", refusal.message)]
        return await _page(actor, Form(typed.values, errors), status=refusal.status)
    return go(f"/settings/versions/{made.id}", _("Proposed. It holds once a second person approved it."))


async def _page(actor: Actor, form: Form, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        shown = await queries.is_shown(view)
        waits = [each for each in await waiting(view) if each.kind == commands.SHOWN]
        lonely = not await has_checker(view, actor.person_id)
    told = {"form": form, "shown": shown, "shows": SHOWS, "least": LEAST_RATERS, "waits": waits, "lonely": lonely}
    return page("ratings/shown.html", status=status, **told)


def told(value: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """A version of the setting in words."""
    return [(_("What people say of suppliers"), SHOWS[value["ratings_shown"]])]


HANDLERS: list[Any] = [show, propose]
