"""One's own second factor: setting up an app, its recovery codes, taking it away."""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from portal.access import commands, queries
from portal.access.cookies import set_session
from portal.access.forms import CodeForm, PresentPassword
from portal.access.guards import Acting, may
from portal.access.identify import client_address
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.late import Late
from portal.platform.refusals import FieldError, Invalid, TooMany
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import read_form
from portal.web.preferences import local_path

if TYPE_CHECKING:
    import segno
else:
    segno = Late("segno")

AnyRequest = Request[Any, Any, Any]
AT = "/profile/second-factor"


@get(AT, guards=[may("self:begin")], include_in_schema=False, about_oneself=True)
async def show(request: AnyRequest, actor: Acting) -> Response[Any]:
    """`next` is the page that asked for a second factor: who has set one up goes on there."""
    if "code" in actor.pending:
        return Redirect("/sign-in/next", status_code=303)
    return await _page(actor, _after(actor, request.query_params.get("next")))


@post(AT, guards=[may("self:begin")], include_in_schema=False)
async def begin(request: AnyRequest, actor: Acting) -> Response[Any]:
    """A secret for an app, shown until the app's first code came."""
    form = await read_form(request)
    target = _after(actor, form.values.get("next"))
    try:
        given = form.convert(PresentPassword, only=("password",))
        await commands.begin_totp(
            actor, given.password, address=client_address(request.scope, dict(request.scope["headers"]))
        )
    except (Invalid, TooMany) as refusal:
        errors = refusal.errors or (FieldError("password", str(refusal)),)
        return await _page(actor, target, Form({}, errors), status=refusal.status)
    return await _page(actor, target, scanning=True)


@post(f"{AT}/confirm", guards=[may("self:begin")], include_in_schema=False)
async def confirm(request: AnyRequest, actor: Acting) -> Response[Any]:
    form = await read_form(request)
    target = _after(actor, form.values.get("next"))
    try:
        made = await commands.confirm_totp(actor, form.convert(CodeForm, only=("code",)).code)
    except Invalid as refusal:
        return await _page(actor, target, Form({}, refusal.errors), scanning=True, status=422)
    return set_session(_codes(actor, made.recovery_codes, target), made.opened)


@post(f"{AT}/recovery-codes", guards=[may("self:use")], include_in_schema=False)
async def recovery_codes(actor: Acting) -> Response[Any]:
    return _codes(actor, await commands.make_recovery_codes(actor))


@post(f"{AT}/remove", guards=[may("self:use")], include_in_schema=False)
async def remove(actor: Acting) -> Response[Any]:
    await commands.remove_totp(actor)
    return go(AT, _("The app was removed. Its codes count no more."))


@post(f"{AT}/passkeys/{{passkey_id:uuid}}/remove", guards=[may("self:use")], include_in_schema=False)
async def remove_passkey(actor: Acting, passkey_id: FromPath[UUID]) -> Response[Any]:
    await commands.remove_passkey(actor, passkey_id)
    return go(AT, _("The passkey was removed. It opens nothing any more."))


def _after(actor: Actor, given: str | None) -> str:
    """The page to go on to; without one, this page, or home for whoever is on the way in."""
    return local_path(given) if given else "/" if actor.pending else AT


async def _page(
    actor: Actor, target: str, form: Form | None = None, *, scanning: bool = False, status: int = 200
) -> Response[Any]:
    async with viewing(actor) as view:
        factors = await queries.factors(view)
        secret = await queries.totp_secret(view) if scanning else None
    told: dict[str, Any] = {"form": form or Form(), "factors": factors, "secret": secret, "next": target}
    told["onwards"] = _onwards(actor, target)
    if secret is not None:
        address = commands.address_of(secret, actor.email)
        picture = segno.make(address, error="m").svg_data_uri(scale=4, border=4, dark="#000", light="#fff")
        told |= {"picture": picture, "address": address}
    return page("access/second_factor.html", status=status, layout=_layout(actor), **told)


def _codes(actor: Actor, codes: list[str], target: str = AT) -> Response[Any]:
    onwards = _onwards(actor, target)
    return page("access/recovery_codes.html", codes=codes, onwards=onwards, layout=_layout(actor))


def _onwards(actor: Actor, target: str) -> str:
    """Where to go with a second factor: whoever is not let in yet may have terms to accept before."""
    return f"/sign-in/next?next={quote(target)}" if actor.pending else target


def _layout(actor: Actor) -> str:
    """Whoever is not let in yet sees no menu."""
    return "layouts/plain.html" if actor.pending else "layouts/app.html"


HANDLERS = [show, begin, confirm, recovery_codes, remove, remove_passkey]
