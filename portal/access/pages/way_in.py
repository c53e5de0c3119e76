"""Between the password and the portal: the code of a second factor, terms to accept; and the code before some acts."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.response import Redirect
from msgspec import structs

from portal.access import commands, queries
from portal.access.cookies import set_session
from portal.access.forms import CodeForm
from portal.access.guards import Acting, may
from portal.access.identify import client_address
from portal.access.pages.sign_in import go_on
from portal.platform.actor import Actor
from portal.platform.i18n import _, current_language
from portal.platform.refusals import FieldError, Invalid, TooMany
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.input import read_form
from portal.web.preferences import local_path

AnyRequest = Request[Any, Any, Any]


@get("/sign-in/next", guards=[may("self:begin")], include_in_schema=False, about_oneself=True)
async def what_is_next(request: AnyRequest, actor: Acting) -> Response[Any]:
    """What this person has still to do before the portal lets them in, one after the other."""
    target = local_path(request.query_params.get("next", "/"))
    match actor.pending[:1]:
        case ("code",):
            return await _code(actor, Form(), target, "/sign-in/code")
        case ("set-up",):
            return Redirect(f"/profile/second-factor?next={quote(target)}", status_code=303)
        case ("terms",):
            async with viewing(actor) as view:
                texts = await queries.to_accept(view)
            return page("access/terms.html", texts=texts, next=target, spoken=current_language())
    return Redirect(target, status_code=303)


@post("/sign-in/code", guards=[may("self:begin")], include_in_schema=False)
async def enter_code(request: AnyRequest, actor: Acting) -> Response[Any]:
    return await _prove(request, actor, "/sign-in/code")


@get("/proof", guards=[may("self:use")], include_in_schema=False, about_oneself=True)
async def proof(request: AnyRequest, actor: Acting) -> Response[Any]:
    """The code that some acts take although one is signed in."""
    target = local_path(request.query_params.get("next", "/"))
    if not actor.has_factor:
        return Redirect(f"/profile/second-factor?next={quote(target)}", status_code=303)
    return await _code(actor, Form(), target, "/proof")


@post("/proof", guards=[may("self:use")], include_in_schema=False)
async def give_proof(request: AnyRequest, actor: Acting) -> Response[Any]:
    return await _prove(request, actor, "/proof")


@post("/sign-in/terms", guards=[may("self:begin")], include_in_schema=False)
async def accept_terms(request: AnyRequest, actor: Acting) -> Response[Any]:
    form = await read_form(request)
    texts = [UUID(value) for name, value in form.pairs if name == "text" and _is_id(value)]
    await commands.accept_texts(actor, texts, address=_where(request))
    return Redirect(local_path(form.values.get("next", "/")), status_code=303)


async def _prove(request: AnyRequest, actor: Acting, action: str) -> Response[Any]:
    form = await read_form(request)
    target = local_path(form.values.get("next", "/"))
    try:
        given = form.convert(CodeForm, only=("code",))
        opened = await commands.prove(actor, given.code, address=_where(request))
    except (Invalid, TooMany) as refusal:
        errors = refusal.errors or (FieldError("code", str(refusal)),)
        return await _code(actor, Form({}, errors), target, action, status=refusal.status)
    return set_session(go_on(opened.actor, target), opened)


async def _code(actor: Actor, form: Form, target: str, action: str, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        factors = await queries.factors(view)
    if factors.codes_since is None:
        form = structs.replace(form, fields_named={"code": _("Recovery code")})
    return page("access/code.html", status=status, form=form, next=target, action=action, factors=factors)


def _where(request: AnyRequest) -> str:
    return client_address(request.scope, dict(request.scope["headers"]))


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


HANDLERS = [what_is_next, enter_code, proof, give_proof, accept_terms]
