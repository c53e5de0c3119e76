"""Pages that a link in a mail leads to, and the one that has such a mail sent.

A link does nothing until a form is sent: mail programs open links by themselves.
"""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from portal.access import commands, queries
from portal.access.cookies import set_session
from portal.access.forms import Acceptance, AskForLink, NewPassword
from portal.access.guards import public
from portal.access.identify import client_address
from portal.access.pages.sign_in import go_on
from portal.platform.i18n import _
from portal.platform.refusals import Invalid, NotFound, NotSignedIn, Refusal, TooMany
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import read_form

AnyRequest = Request[Any, Any, Any]


@get("/lost-password", guards=[public], include_in_schema=False)
async def lost_password(request: AnyRequest) -> Response[Any]:
    return page("access/lost_password.html", sent=request.query_params.get("sent", "") == "1", problem="")


@post("/lost-password", guards=[public], include_in_schema=False)
async def ask_for_link(request: AnyRequest) -> Response[Any]:
    """The answer is the same whether there is such an account or not."""
    form = await read_form(request)
    try:
        wanted = form.convert(AskForLink, only=("email",))
        await commands.ask_for_reset(wanted.email, address=_where(request))
    except (Invalid, TooMany) as refusal:
        told = {"form": Form(form.values, refusal.errors), "problem": str(refusal), "sent": False}
        return page("access/lost_password.html", status=refusal.status, **told)
    return Redirect("/lost-password?sent=1", status_code=303)


@get("/reset-password/{token:str}", guards=[public], include_in_schema=False)
async def new_password(token: FromPath[str]) -> Response[Any]:
    is_open = await queries.reset_is_open(token)
    return page("access/reset_password.html", status=200 if is_open else 404, is_open=is_open, token=token, **_least())


@post("/reset-password/{token:str}", guards=[public], include_in_schema=False)
async def set_new_password(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    form = await read_form(request)
    try:
        given = form.convert(NewPassword, only=("new_password",))
        await commands.reset_password(token, given.new_password, address=_where(request))
    except (Invalid, NotFound) as refusal:
        told = {"form": Form({}, refusal.errors), "is_open": isinstance(refusal, Invalid), "token": token} | _least()
        return page("access/reset_password.html", status=refusal.status, **told)
    return go("/sign-in", _("Your password is set. Sign in with it."))


@get("/invitations/{token:str}", guards=[public], include_in_schema=False)
async def invitation(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    return await _invitation(request, token, None)


@post("/invitations/{token:str}", guards=[public], include_in_schema=False)
async def accept(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """Whoever is signed in accepts with their account, everybody else with a name and a new password."""
    form, actor = await read_form(request), request.scope["state"]["actor"]
    agent = request.headers.get("user-agent", "")
    try:
        if "new_password" in form.values:
            given = form.convert(Acceptance, only=Acceptance.__struct_fields__)
            opened = await commands.accept_as_newcomer(token, given, address=_where(request), agent=agent)
        elif actor is None:
            raise NotSignedIn(_("Please sign in to continue."))
        else:
            opened = await commands.accept_as_member(actor, token, agent=agent)
    except Refusal as refusal:
        return await _invitation(request, token, refusal, Form(form.values, refusal.errors))
    return set_session(go_on(opened.actor, "/"), opened)


async def _invitation(
    request: AnyRequest, token: str, refusal: Refusal | None, form: Form | None = None
) -> Response[Any]:
    offer, actor = await queries.offer(token), request.scope["state"]["actor"]
    status = refusal.status if refusal else (200 if offer else 404)
    shown = form or Form({"full_name": offer.full_name} if offer else {})
    fits = bool(offer and actor and actor.email == offer.email)
    told = {"offer": offer, "fits": fits, "token": token, "form": shown, "problem": str(refusal) if refusal else ""}
    return page("access/invitation.html", status=status, signed_in=actor is not None, **told, **_least())


def _least() -> dict[str, Any]:
    return {"least": commands.LEAST_PASSWORD}


def _where(request: AnyRequest) -> str:
    return client_address(request.scope, dict(request.scope["headers"]))


HANDLERS = [lost_password, ask_for_link, new_password, set_new_password, invitation, accept]
