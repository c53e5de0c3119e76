"""Asking the policy: on routes, in commands, in lists, for fields and for the sections of a page.

`may("orders:issue")` stands on every route; a route without it (or `public`) keeps the portal from starting.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler

from portal.access.conditions import CONDITIONS
from portal.access.policy import POLICY
from portal.access.words import named
from portal.platform.actor import Actor, Scope
from portal.platform.i18n import Message, _
from portal.platform.refusals import Denied, NotFound, NotSignedIn
from portal.platform.wiring import PANELS
from portal.platform.work import View

Acting = NamedDependency[Actor]
Guard = Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], Any]


PROOF_LASTS = timedelta(minutes=10)
TO_DO = {
    "code": _("Enter the code of your second factor first."),
    "set-up": _("Your company asks for a second factor. Set one up first."),
    "terms": _("Read and accept the terms first."),
}


class Unfinished(Denied):
    """The password was right, and something is still to be done before the portal lets this person in."""

    leads_to = "/sign-in/next"

    def __init__(self, pending: Sequence[str]) -> None:
        super().__init__(TO_DO[pending[0]])
        self.needs = pending[0]


class ProofNeeded(Denied):
    """This act takes a second factor that was proved lately, whatever was asked for at sign-in."""

    def __init__(self, actor: Actor) -> None:
        if actor.session is None:
            super().__init__(_("This takes a second factor: sign in to do it. A key for programs cannot."))
            self.needs = "session"
        elif not actor.has_factor:
            super().__init__(_("This takes a second factor. Set one up, then do it again."))
            self.needs, self.leads_to = "set-up", "/profile/second-factor"
        else:
            super().__init__(_("This takes your second factor. Enter its code, then do it again."))
            self.needs, self.leads_to = "proof", "/proof"


def require_proof(actor: Actor) -> None:
    """Raise `ProofNeeded` unless the actor proved a second factor in this session within ten minutes.

    For acts that nobody may do who merely found an open window: bank data, signatures, the second factor itself.
    """
    if not has_proved(actor):
        raise ProofNeeded(actor)


def has_proved(actor: Actor) -> bool:
    """The same question, for pages that ask for the code before anything is typed that would be lost."""
    at = actor.proved_at
    return actor.session is not None and at is not None and datetime.now(UTC) - at <= PROOF_LASTS


# Whoever holds roles for an hour gives nobody any for longer, themselves least of all.
GIVING = frozenset(
    {
        *("members:add", "members:edit", "security:configure", "settings:check", "see-as:begin"),
        *("engagements:open", "access-reviews:open", "access-reviews:close", "access-reviews:configure"),
    }
)


def _ask_administrator(act: Message | str) -> Message:
    return _("Your role does not let you {act}. Ask your administrator.", act=act)


def _ask_another(act: Message | str) -> Message:
    return _(
        "None of your roles lets you {act}. Another administrator can give you one: nobody does so alone.", act=act
    )


_MISSING = {False: _ask_administrator, True: _ask_another}  # by whether they are an administrator themselves


class NotInRole(Denied):
    """No role of the actor's holds the permission: people are told in words what is missing, programs by its code."""

    def __init__(self, permission: str, roles: frozenset[str] = frozenset()) -> None:
        super().__init__(_MISSING["administrator" in roles](named(permission)))
        self.permission = permission


class OutsideScope(Denied):
    """The permission is held, in another part of the company."""


def may(permission: str) -> Guard:
    """A route guard: somebody is signed in and some role of theirs may hold the permission."""

    async def guard(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
        actor = connection.scope["state"].get("actor")
        if actor is None:
            raise NotSignedIn(connection.scope["state"].get("signed_out") or _("Please sign in to continue."))
        if actor.pending and not allowed(actor, permission):
            raise Unfinished(actor.pending)
        require(actor, permission)

    guard.permission = permission  # pyright: ignore[reportFunctionMemberAccess]
    return guard


async def public(_connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """A route for everybody, signed in or not: sign-in, health, assets. Declared, so that it is a decision."""


def require(actor: Actor, permission: str, thing: Any = None) -> None:
    """Raise `Denied` unless the actor holds the permission (on this object, where one is given)."""
    scopes = POLICY.decide(actor.roles, actor.organisation_kind, permission)
    if not scopes:
        raise NotInRole(permission, actor.roles)
    if actor.emergency is not None and permission in GIVING:
        raise Denied(_("You act in an emergency: rights are given by somebody who does not."))
    if thing is None or "" in scopes:
        return
    failed = [name for names in sorted(scopes) if (name := _first_failure(actor, names, thing))]
    if len(failed) == len(scopes):
        refusal = OutsideScope if "in_scope" in failed else Denied
        raise refusal(CONDITIONS[failed[0]].refused(actor, thing))


def require_seen(actor: Actor, permission: str, thing: Any) -> None:
    """The same for a stored record: outside the actor's scope there is none, so nobody learns that it is there."""
    try:
        require(actor, permission, thing)
    except OutsideScope:
        raise NotFound() from None


def allowed(actor: Actor, permission: str, thing: Any = None) -> bool:
    """The same question without the refusal, for buttons, menus and fields."""
    try:
        require(actor, permission, thing)
    except Denied:
        return False
    return True


def scoped(actor: Actor, permission: str, alias: str, bind: Callable[[Any], str]) -> str:
    """An SQL condition for lists: the rows on which the actor holds the permission."""
    scopes = POLICY.decide(actor.roles, actor.organisation_kind, permission)
    if not scopes:
        return "false"
    if "" in scopes:
        return "true"
    return "(" + " or ".join(_all_sql(actor, names, alias, bind) for names in sorted(scopes)) + ")"


def sees_a_part(actor: Actor, permission: str) -> bool:
    """Whether the actor's scope narrows the permission: what speaks for the whole company is then not theirs."""
    whole = msgspec.structs.replace(actor, scope=Scope())
    return scoped(actor, permission, "o", _same) != scoped(whole, permission, "o", _same)


def scope_of(permissions: Sequence[str], actor: Actor) -> bytes:
    """The scope as the database's own wall knows it; empty where a role holds one of the permissions without regard to
    it. That wall holds for what the organisation buys, so conditions of its selling side say nothing here.
    """
    if actor.scope == Scope():
        return b""
    held = (POLICY.decide(actor.roles, actor.organisation_kind, permission) for permission in permissions)
    ways = {way for ways in held for way in ways if "as_supplier" not in way.split("&")}
    return msgspec.json.encode(actor.scope) if all("in_scope" in way.split("&") for way in ways) else b""


def _same(_value: Any) -> str:
    return "$1"


class Shown(NamedTuple):
    """A later capability's section of a page: its template, its data for it, and where it wants to stand."""

    template: str
    data: Any
    place: int = 50


async def panels(view: View, kind: str, about: Any) -> list[Shown]:
    """The sections wired for a kind of record that the reader may see; one without data is not shown."""
    wired = [panel for panel in PANELS.get(kind, ()) if not panel.permission or allowed(view.actor, panel.permission)]
    loaded = [Shown(panel.template, await panel.load(view, about), panel.place) for panel in wired]
    return [shown for shown in loaded if shown.data is not None]


def missing_guards(handlers: Iterable[BaseRouteHandler]) -> list[str]:
    """The routes that declare neither a permission nor `public`: the portal refuses to start with any."""
    ours = (handler for handler in handlers if handler.handler_name != "options_handler")
    return sorted(str(handler) for handler in ours if permission_of(handler) is None)


def permission_of(handler: BaseRouteHandler) -> str | None:
    """The permission that a route declares, `public`, or None."""
    for guard in handler.resolve_guards():
        if guard is public:
            return "public"
        if permission := getattr(guard, "permission", None):
            return permission
    return None


def _first_failure(actor: Actor, names: str, thing: Any) -> str | None:
    return next((name for name in names.split("&") if not CONDITIONS[name].holds(actor, thing)), None)


def _all_sql(actor: Actor, names: str, alias: str, bind: Callable[[Any], str]) -> str:
    return " and ".join(CONDITIONS[name].sql(actor, alias, bind) for name in names.split("&"))
