"""One's own keys for programs."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access import commands, queries
from portal.access.forms import ApiKeyMade, KeyForm
from portal.access.guards import Acting, may
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import read_form

AT = "/profile/api-keys"
_DAYS = [(days, _("{n} days", n=days)) for days in (7, 30, 90, 180, 365)]


@get(AT, guards=[may("self:use")], include_in_schema=False, about_oneself=True)
async def show(actor: Acting) -> Response[Any]:
    return await _page(actor, Form())


@post(AT, guards=[may("self:use")], include_in_schema=False)
async def create(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    """The page that answers shows the key this once."""
    form = await read_form(request)
    try:
        made = await commands.make_own_key(actor, form.convert(KeyForm, only=KeyForm.__struct_fields__))
    except Invalid as refusal:
        return await _page(actor, form.again(refusal), status=422)
    return await _page(actor, Form(), made)


@post(f"{AT}/{{key_id:uuid}}/revoke", guards=[may("self:use")], include_in_schema=False)
async def revoke(request: Request[Any, Any, Any], actor: Acting, key_id: FromPath[UUID]) -> Response[Any]:
    """One's own from here; administrators revoke everybody's from the page of their company's sign-in."""
    await commands.revoke_api_key(actor, key_id)
    back = "/security" if (await read_form(request)).values.get("next") == "/security" else AT
    return go(back, _("The key was revoked. It opens nothing any more."))


async def _page(actor: Actor, form: Form, made: ApiKeyMade | None = None, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        keys = await queries.api_keys(view, actor.person)
    roles = sorted(actor.roles - {"anyone"})
    return page("access/api_keys.html", status=status, form=form, keys=keys, made=made, held=roles, days=_DAYS)


HANDLERS = [show, create, revoke]
