"""How a company's people sign in: when a second factor is asked for, how long sessions last, which keys there are."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post

from portal.access import commands, queries
from portal.access.forms import ProviderForm, SecurityForm
from portal.access.guards import Acting, allowed, may, panels
from portal.access.tables import IdentityProvider
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.settings import settings
from portal.platform.wiring import SettingKind
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import as_seen, read_form

AT = "/security"
POLICIES = (
    ("own", _("From whoever has set one up"), _("Bank data and signatures always take a second factor.")),
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


@post(f"{AT}/provider", guards=[may("security:configure")], include_in_schema=False)
async def save_provider(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    """The company's own sign-in; an unticked box is a no."""
    form = await read_form(request)
    try:
        wanted = form.convert(ProviderForm, only=_PROVIDER, active="active" in form.values)
        await commands.set_provider(actor, wanted)
    except (Invalid, Conflict) as refusal:
        errors = refusal.errors or (FieldError("domain", str(refusal)),)
        kept = {name: value for name, value in form.values.items() if name != "client_secret"}
        return await _page(actor, None, Form(kept, errors), status=refusal.status)
    return go(AT, _PROPOSED if wanted.active else _("Saved. It holds at once."))


@post(f"{AT}/provider/unlink-former", guards=[may("members:edit")], include_in_schema=False)
async def unlink_former(actor: Acting) -> Response[Any]:
    """The provider that took another one's place finds everybody anew."""
    await commands.unlink_former(actor)
    return go(AT, _("The links were removed. They are signed out, and found anew when they sign in."))


NAMED_ANEW = _(
    "Some providers name people otherwise to another client id. Whom they name anew does not get in by the company’s "
    "sign-in until an administrator removes their link, on the member’s page or for all at once under “Sign-in”."
)
_PROPOSED = _("Proposed. It holds once a second person has approved it.")
_PROVIDER = ("issuer", "client_id", "client_secret", "domain")


async def _page(actor: Actor, form: Form | None, provider: Form | None = None, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        now = await queries.security(view)
        keys = await queries.api_keys(view, None)
        held = await queries.provider(view)
        former = await queries.former_links(view) if allowed(actor, "members:edit") else 0
        waits = await panels(view, "provider", None)
    known = queries.roles_of(now.kind)
    told = {"form": form or _filled(now, known), "now": now, "known": known, "policies": POLICIES, "keys": keys}
    back = settings().url + commands.BACK
    shown = provider or _provider(actor, held)
    return page(
        "access/security.html",
        status=status,
        provider=shown,
        held=held,
        back=back,
        waits=waits,
        anew=NAMED_ANEW,
        former=former,
        **told,
    )


def _provider(actor: Actor, held: Any) -> Form:
    if held is None or not held.issuer:
        return Form({"domain": actor.email.rpartition("@")[2], "active": "1"})
    told = {name: getattr(held, name) for name in ("issuer", "client_id", "domain")}
    return Form(told | ({"active": "1"} if held.active else {}))


def _filled(now: Any, known: list[str]) -> Form:
    asked = {f"second_factor_roles.{at}": role for at, role in enumerate(known) if role in now.second_factor_roles}
    lasts = {"session_idle_minutes": now.session_idle_minutes, "session_hours": now.session_hours}
    lasts["dormant_days"] = now.dormant_days
    return Form({"second_factor": now.second_factor} | asked | lasts)


def _told(value: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """A version of the company's own sign-in in words."""
    told = {"issuer": _("Address of the provider"), "client_id": _("Client id"), "domain": _("Domain")}
    state = _("People may sign in by it") if value["active"] else _("Nobody signs in by it")
    return [*((name, value[column]) for column, name in told.items()), (_("State"), state)]


def _named_anew(before: Mapping[str, Any], value: Mapping[str, Any]) -> Message | None:
    """Subjects may be pairwise: others for each client (OpenID Connect Core 1.0, 8.1)."""
    same = before.get("issuer") and before["issuer"] == value["issuer"]
    return NAMED_ANEW if same and before["client_id"] != value["client_id"] else None


SETTINGS = {
    "identity-provider": SettingKind(
        _("The company’s own sign-in"), IdentityProvider, "id", ("issuer", "client_id", "domain", "active"),
        "security:configure", AT, _told, "security:configure", "security:configure", applied=commands.provider_applied,
        proved=True, follows=_named_anew,
    )
}  # fmt: skip
HANDLERS = [show, save, save_provider, unlink_former]
