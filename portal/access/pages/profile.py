"""One's own data, and where one is signed in."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access import commands, queries
from portal.access.cookies import set_session
from portal.access.forms import PasswordForm, ProfileForm
from portal.access.guards import Acting, may, public
from portal.access.identify import client_address
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import FieldError, Invalid, TooMany
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import read_form
from portal.web.preferences import back, chosen, remember


@get("/profile", guards=[may("self:use")], include_in_schema=False, about_oneself=True)
async def profile(actor: Acting) -> Response[Any]:
    return await _profile_page(actor, Form(_present(actor)))


@post("/profile", guards=[may("self:use")], include_in_schema=False)
async def change_profile(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    """Keep what belongs to the person, and in this browser the language and the theme."""
    form = await read_form(request)
    try:
        person = await commands.change_profile(actor, form.convert(ProfileForm, only=_OWN))
    except Invalid as refusal:
        return await _profile_page(actor, Form(form.values, refusal.errors), status=422)
    wishes = chosen(form.values | {"language": person.language})
    return remember(go("/profile", _("Your profile was saved.")), wishes)


@post("/preferences", guards=[public], include_in_schema=False)
async def prefer(request: Request[Any, Any, Any]) -> Response[None]:
    """Theme and language at a click. Who is signed in changes the language of their profile, and so of their mails."""
    fields = (await read_form(request)).values
    wishes, actor = chosen(fields), request.scope["state"]["actor"]
    if actor is not None and wishes.get("language", actor.language) != actor.language:
        await commands.change_language(actor, wishes["language"])
    return remember(back(fields), wishes)


@post("/profile/password", guards=[may("self:use")], include_in_schema=False)
async def change_password(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    """The session's secret changes with the password."""
    form = await read_form(request)
    address = client_address(request.scope, dict(request.scope["headers"]))
    try:
        given = form.convert(PasswordForm, only=PasswordForm.__struct_fields__)
        opened = await commands.change_password(actor, given.password, given.new_password, address=address)
    except (Invalid, TooMany) as refusal:
        errors = refusal.errors or (FieldError("password", str(refusal)),)
        return await _profile_page(actor, Form(_present(actor)), Form({}, errors), status=refusal.status)
    return set_session(go("/profile", _("Your password was changed.")), opened)


@post("/profile/sessions/{key:str}/revoke", guards=[may("self:use")], include_in_schema=False)
async def revoke_session(actor: Acting, key: FromPath[str]) -> Response[Any]:
    await commands.revoke_session(actor, key)
    return go("/profile", _("That device is signed out."))


@post("/profile/sessions/end-others", guards=[may("self:use")], include_in_schema=False)
async def end_other_sessions(actor: Acting) -> Response[Any]:
    await commands.end_other_sessions(actor)
    return go("/profile", _("You are signed in here alone."))


def _present(actor: Actor) -> dict[str, str]:
    return {"full_name": actor.name, "language": actor.language, "time_zone": actor.time_zone}


async def _profile_page(actor: Actor, form: Form, secret: Form | None = None, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        sessions = await queries.sessions(view)
        phone = await queries.phone(view)
    least = commands.LEAST_PASSWORD
    told = {
        "form": form,
        "secret": secret or Form(),
        "sessions": sessions,
        "actor": actor,
        "least": least,
        "phone": phone,
    }
    return page("access/profile.html", status=status, **told)


_OWN = ProfileForm.__struct_fields__
HANDLERS = [profile, change_profile, change_password, prefer, revoke_session, end_other_sessions]
