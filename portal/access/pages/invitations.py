"""Asking people by mail to act for one's organisation."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access import commands, queries
from portal.access.duties import apart
from portal.access.forms import Admission
from portal.access.guards import Acting, may
from portal.access.pages.people import ASKED, doubts_about, parts_of, told_at_lists
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import read_form
from portal.web.looks import Look

AT = "/people/invitations"
STATES = {
    "open": Look(_("Open"), "info", "mail"),
    "expired": Look(_("Time is over"), "warning", "clock"),
    "refused": Look(_("Cannot be accepted"), "danger", "alert-circle"),
    "accepted": Look(_("Accepted"), "success", "circle-check"),
    "forgotten": Look(_("Forgotten"), "neutral", "trash"),
    "withdrawn": Look(_("Withdrawn"), "neutral", "ban"),
}
_ASKED = ("email", "full_name", "language", *ASKED)


@get(AT, guards=[may("members:add")], include_in_schema=False)
async def show(actor: Acting) -> Response[Any]:
    return await _page(actor, Form())


@post(AT, guards=[may("members:add")], include_in_schema=False)
async def invite(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    form = await read_form(request)
    try:
        parts = parts_of(form)
        wanted = form.convert(Admission, only=_ASKED, **parts)
        invitation = await commands.invite(actor, wanted)
    except (Invalid, Conflict) as refusal:
        errors = told_at_lists(refusal.errors) or [FieldError("email", str(refusal))]
        return await _page(actor, Form(form.values, errors), status=refusal.status)
    if doubts := await doubts_about(actor, wanted.roles, parts):
        return go(AT, _("A mail is on its way to {email}. {doubt}", email=invitation.email, doubt=doubts), "warning")
    return go(AT, _("A mail is on its way to {email}.", email=invitation.email))


@post(f"{AT}/{{invitation_id:uuid}}/send-again", guards=[may("members:add")], include_in_schema=False)
async def send_again(actor: Acting, invitation_id: FromPath[UUID]) -> Response[Any]:
    invitation = await commands.invite_again(actor, invitation_id)
    return go(AT, _("A mail is on its way to {email}.", email=invitation.email))


@post(f"{AT}/{{invitation_id:uuid}}/withdraw", guards=[may("members:add")], include_in_schema=False)
async def withdraw(actor: Acting, invitation_id: FromPath[UUID]) -> Response[Any]:
    invitation = await commands.withdraw_invitation(actor, invitation_id)
    return go(AT, _("The invitation of {email} was withdrawn.", email=invitation.email))


async def _page(actor: Actor, form: Form, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        found = await queries.invitations(view)
        currency = await queries.own_currency(view)
        sites = await queries.site_names(view)
        offered = await queries.parts_offered(view)
    roles = queries.roles_of(actor.organisation_kind)
    told = {"form": form, "invitations": found, "states": STATES, "known": roles, "currency": currency}
    told |= {"sites": sites, "offered": offered, "apart": apart(roles, actor.organisation_kind)}
    return page("access/invitations.html", status=status, **told)


HANDLERS = [show, invite, send_again, withdraw]
