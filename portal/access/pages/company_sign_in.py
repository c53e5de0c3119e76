"""Signing in by one's company: away to its identity provider, and back."""

import hashlib
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie

from portal.access import commands
from portal.access.cookies import set_session
from portal.access.forms import AskForLink
from portal.access.guards import public
from portal.access.identify import client_address
from portal.access.pages.sign_in import go_on
from portal.platform.refusals import Denied, FieldError, NotSignedIn, Refusal
from portal.platform.settings import settings
from portal.web import Form, page
from portal.web.input import read_form
from portal.web.preferences import local_path

AnyRequest = Request[Any, Any, Any]
AT, COOKIE, SECONDS = "/sign-in/company", "company_sign_in", 300


@get(AT, guards=[public], include_in_schema=False)
async def show(request: AnyRequest) -> Response[Any]:
    return _page(Form(), local_path(request.query_params.get("next", "/")))


@post(AT, guards=[public], include_in_schema=False)
async def begin(request: AnyRequest) -> Response[Any]:
    """Name the provider and lead there by a link: our pages send their forms to nobody else."""
    form = await read_form(request)
    target = local_path(form.values.get("next", "/"))
    try:
        begun = await commands.begin_at_company(form.convert(AskForLink, only=("email",)).email, target)
    except Refusal as refusal:
        errors = refusal.errors or (FieldError("", str(refusal)),)
        return _page(Form(form.values, errors), target, status=refusal.status)
    response = page("access/company_sign_in.html", begun=begun, next=target)
    response.set_cookie(_cookie(begun.state, begun.binding, SECONDS))
    return response


@get(commands.BACK, guards=[public], include_in_schema=False)
async def back(request: AnyRequest) -> Response[Any]:
    """What the provider says by way of the browser that began here, and by no other."""
    given = request.query_params
    state = given.get("state", "")
    try:
        opened, target = await commands.end_at_company(
            state,
            given.get("code", ""),
            request.cookies.get(_named(state), ""),
            address=client_address(request.scope, dict(request.scope["headers"])),
            agent=request.headers.get("user-agent", ""),
        )
    except (NotSignedIn, Denied) as refusal:
        return _page(Form({}, [FieldError("", str(refusal))]), "/", status=refusal.status)
    response = set_session(go_on(opened.actor, local_path(target)), opened)
    response.set_cookie(_cookie(state, "", 0))
    return response


def _page(form: Form, target: str, *, status: int = 200) -> Response[Any]:
    return page("access/company_sign_in.html", status=status, form=form, next=target, begun=None)


def _named(state: str) -> str:
    """Each sign-in has a cookie of its own: whoever begins in two tabs ends in both."""
    return f"{COOKIE}_{hashlib.sha256(state.encode()).hexdigest()[:16]}"


def _cookie(state: str, value: str, seconds: int) -> Cookie:
    kind: dict[str, Any] = {"secure": settings().secure, "httponly": True, "samesite": "lax"}
    return Cookie(_named(state), value=value, max_age=seconds, path=AT, **kind)


HANDLERS = [show, begin, back]
