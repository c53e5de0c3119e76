"""How a company's people sign in: when a second factor is asked for, how long sessions last, which keys there are."""

from typing import Any

from litestar import Request, Response, get, post

from portal.access import commands, queries
from portal.access.forms import SecurityForm
from portal.access.guards import Acting, may
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import as_seen, read_form

AT = "/security"
POLICIES = (
    ("acting", _("Only for acts that take one"), _("Bank data and signatures always take a second factor.")),
    ("own", _("From whoever has set one up"), ""),
    ("roles", _("From people in these roles"), _("And from whoever else has set one up.")),
    ("everybody", _("From everybody"), _("Whoever has none sets one up at the next page they open.")),
)


@get(AT, guards=[may("security:configure")], include_in_schema=False)
async def show(actor: Acting) -> Response[Any]:
    return await _page(actor, None)


@post(AT, guards=[may("security:configure")], include_in_schema=False)
async def save(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    form = await read_form(request)
    try:
        await commands.set_security(
            as_seen(actor, form), form.convert(SecurityForm, only=SecurityForm.__struct_fields__)
        )
    except Invalid as refusal:
        return await _page(actor, form.again(refusal), status=422)
    return go(AT, _("Saved. It holds at once."))


async def _page(actor: Actor, form: Form | None, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        now = await queries.security(view)
        keys = await queries.api_keys(view, None)
    known = queries.roles_of(now.kind)
    told = {"form": form or _filled(now, known), "now": now, "known": known, "policies": POLICIES, "keys": keys}
    return page("access/security.html", status=status, **told)


def _filled(now: Any, known: list[str]) -> Form:
    asked = {f"second_factor_roles.{at}": role for at, role in enumerate(known) if role in now.second_factor_roles}
    lasts = {"session_idle_minutes": now.session_idle_minutes, "session_hours": now.session_hours}
    return Form({"second_factor": now.second_factor} | asked | lasts)


HANDLERS = [show, save]
