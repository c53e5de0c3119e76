"""Signing in and out in a browser, and the switch between organisations."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.response import Redirect

from portal.access import commands
from portal.access.cookies import clear_session, set_session
from portal.access.forms import SignIn
from portal.access.guards import Acting, may, public
from portal.access.identify import client_address
from portal.platform.actor import Actor
from portal.platform.refusals import Invalid, NotFound, NotSignedIn, TooMany
from portal.web import Form, page
from portal.web.input import read_form
from portal.web.preferences import local_path

AnyRequest = Request[Any, Any, Any]


@get("/sign-in", guards=[public], include_in_schema=False)
async def sign_in_page(request: AnyRequest) -> Response[Any]:
    if request.scope["state"]["actor"] is not None:
        return Redirect("/", status_code=303)
    return page("access/sign_in.html", next=local_path(request.query_params.get("next", "/")))


@post("/sign-in", guards=[public], include_in_schema=False)
async def sign_in(request: AnyRequest) -> Response[Any]:
    """Open a session and go on to where the person wanted to be; what was typed stays, but for the password."""
    form = await read_form(request)
    target = local_path(form.values.get("next", "/"))
    try:
        wanted = form.convert(SignIn, only=("email", "password"))
        opened = await commands.sign_in(
            wanted.email,
            wanted.password,
            address=client_address(request.scope, dict(request.scope["headers"])),
            agent=request.headers.get("user-agent", ""),
            later=True,
        )
    except (Invalid, NotSignedIn, TooMany) as refusal:
        kept = Form({"email": form.values.get("email", "")}, refusal.errors)
        return page("access/sign_in.html", status=refusal.status, form=kept, next=target, problem=str(refusal))
    return set_session(go_on(opened.actor, target), opened)


def go_on(actor: Actor, target: str) -> Redirect:
    """To where the person wanted to be, or first to what they have still to do."""
    pending = f"/sign-in/next?next={quote(target)}" if actor.pending else target
    return Redirect(pending, status_code=303)


@post("/sign-out", guards=[may("self:begin")], include_in_schema=False, while_looking=True)
async def sign_out(actor: Acting) -> Response[Any]:
    await commands.sign_out(actor)
    return clear_session(Redirect("/sign-in", status_code=303))


@post("/organisation", guards=[may("self:begin")], include_in_schema=False)
async def switch_organisation(request: AnyRequest, actor: Acting) -> Response[Any]:
    form = await read_form(request)
    try:
        wanted = UUID(form.values.get("organisation", ""))
    except ValueError:
        raise NotFound() from None
    opened = await commands.switch_organisation(actor, wanted, agent=request.headers.get("user-agent", ""))
    return set_session(Redirect("/", status_code=303), opened)


HANDLERS = [sign_in_page, sign_in, sign_out, switch_organisation]
