"""One's own data, and where one is signed in."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access import commands, queries
from portal.access.forms import ProfileForm
from portal.access.guards import Acting, may, public
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import read_form
from portal.web.preferences import back, chosen, remember


@get("/profile", guards=[may("self:use")], include_in_schema=False)
async def profile(actor: Acting) -> Response[Any]:
    return await _profile_page(actor, Form(_present(actor)))


@post("/profile", guards=[may("self:use")], include_in_schema=False)
async def change_profile(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    """The browser keeps the language too, for the pages before the next sign-in."""
    form = await read_form(request)
    try:
        person = await commands.change_profile(actor, form.convert(ProfileForm))
    except Invalid as refusal:
        return await _profile_page(actor, Form(form.values, refusal.errors), status=422)
    return remember(go("/profile", _("Your profile was saved.")), chosen({"language": person.language}))


@post("/preferences", guards=[public], include_in_schema=False)
async def prefer(request: Request[Any, Any, Any]) -> Response[None]:
    """Theme and language at a click. Who is signed in changes the language of their profile, and so of their mails."""
    fields = (await read_form(request)).values
    wishes, actor = chosen(fields), request.scope["state"]["actor"]
    if actor is not None and wishes.get("language", actor.language) != actor.language:
        await commands.change_language(actor, wishes["language"])
    return remember(back(fields), wishes)


@post("/profile/sessions/{key:str}/revoke", guards=[may("self:use")], include_in_schema=False)
async def revoke_session(actor: Acting, key: FromPath[str]) -> Response[Any]:
    await commands.revoke_session(actor, key)
    return go("/profile", _("That device is signed out."))


def _present(actor: Actor) -> dict[str, str]:
    return {"full_name": actor.name, "language": actor.language, "time_zone": actor.time_zone}


async def _profile_page(actor: Actor, form: Form, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        sessions = await queries.sessions(view)
    return page("access/profile.html", status=status, form=form, sessions=sessions, actor=actor)


HANDLERS = [profile, change_profile, prefer, revoke_session]
