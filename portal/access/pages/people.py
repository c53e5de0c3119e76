"""Who may act for one's organisation: for its administrators to keep, and for auditors to look through."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access import commands, queries
from portal.access.commands import LIMIT
from portal.access.duties import apart, sentences
from portal.access.forms import Member, Rights
from portal.access.guards import Acting, may, panels
from portal.access.tables import Membership
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.refusals import Conflict, Denied, FieldError, Invalid, NotFound
from portal.platform.wiring import SettingKind
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.formats import money
from portal.web.input import Typed, as_seen, read_form
from portal.web.looks import Look

AT = "/people"
STATES = {"active": Look(_("Active"), "success", "circle-check"), "locked": Look(_("Locked"), "neutral", "lock")}
MOST_SAID = 3  # reasons in one sentence; the person's page has all of them
EXCLUDED = _("Their roles exclude each other: the portal refuses one person both acts on one transaction.")
WAITS = _("The higher limit waits for a second person.")
ASKED = ("roles", "sites", "limit", "limit_30_days", "limit_currency", "unlimited")


@get(AT, guards=[may("members:read")], include_in_schema=False)
async def list_people(actor: Acting) -> Response[Any]:
    async with viewing(actor) as view:
        found = await queries.people(view)
        sites = await queries.site_names(view)
    return page("access/people.html", people=found, sites=sites, states=STATES)


@get("/people/{person_id:uuid}", guards=[may("members:read")], include_in_schema=False)
async def show(actor: Acting, person_id: FromPath[UUID]) -> Response[Any]:
    return await _page(actor, person_id)


@post("/people/{person_id:uuid}", guards=[may("members:edit")], include_in_schema=False)
async def change(request: Request[Any, Any, Any], actor: Acting, person_id: FromPath[UUID]) -> Response[Any]:
    """Set roles, scope and limits."""
    form = await read_form(request)
    parts = parts_of(form)
    try:
        rights = form.convert(Rights, only=ASKED, **parts)
        kept = await commands.change_rights(as_seen(actor, form), person_id, rights)
    except (Invalid, Conflict, Denied) as refusal:
        errors = told_at_lists(refusal.errors) or [FieldError("", refusal.message)]
        return await _page(actor, person_id, Form(form.values, errors), refusal.status)
    waits = (rights.limit, rights.limit_30_days) != (kept.limit_gross, kept.limit_cumulative) or (
        rights.unlimited and kept.limit_currency is None
    )
    doubts = await doubts_about(actor, rights.roles, parts)
    told = " ".join(filter(None, (str(WAITS) if waits else "", doubts)))
    said = _("Kept. They sign in again. {doubt}", doubt=told) if told else _("Kept. They sign in again.")
    return go(f"/people/{person_id}", said, "warning" if doubts else "success")


async def doubts_about(actor: Actor, roles: Sequence[str], parts: Mapping[str, Sequence[str]]) -> str:
    """What is kept as it was asked for and may not be what was meant; blank for nothing."""
    strange, excluded = await strange_parts(actor, parts), sentences(roles, actor.organisation_kind)
    told = [str(doubt_of(strange))] if strange else []
    told += [str(EXCLUDED), *map(str, excluded[:MOST_SAID])] if excluded else []
    told += [str(_("… and {n} more.", n=len(excluded) - MOST_SAID))] if len(excluded) > MOST_SAID else []
    return " ".join(told)


async def strange_parts(actor: Actor, parts: Mapping[str, Sequence[str]]) -> list[str]:
    """What a scope names that nothing has."""
    if not any(parts.values()):
        return []
    async with viewing(actor) as view:
        return await queries.unheard_of(view, parts)


def doubt_of(strange: Sequence[str]) -> Message:
    names = ", ".join(strange)
    return _("Nothing names {names} yet: look whether it is written as on the orders.", names=names)


@post("/people/{person_id:uuid}/remove", guards=[may("members:remove")], include_in_schema=False)
async def remove(request: Request[Any, Any, Any], actor: Acting, person_id: FromPath[UUID]) -> Response[Any]:
    await commands.remove_member(as_seen(actor, await read_form(request)), person_id)
    return go(f"/people/{person_id}", _("They do not act for your company any more."))


@post("/people/{person_id:uuid}/reinstate", guards=[may("members:add")], include_in_schema=False)
async def reinstate(request: Request[Any, Any, Any], actor: Acting, person_id: FromPath[UUID]) -> Response[Any]:
    await commands.reinstate_member(as_seen(actor, await read_form(request)), person_id)
    return go(f"/people/{person_id}", _("They act for your company again."))


@post("/people/{person_id:uuid}/sign-out", guards=[may("members:edit")], include_in_schema=False)
async def sign_out(actor: Acting, person_id: FromPath[UUID]) -> Response[Any]:
    """End every session in which they act for this organisation."""
    await commands.sign_out_member(actor, person_id)
    return go("/people", _("They are signed out everywhere."))


@post("/people/{person_id:uuid}/unlink", guards=[may("members:edit")], include_in_schema=False)
async def unlink(actor: Acting, person_id: FromPath[UUID]) -> Response[Any]:
    """The company's own sign-in finds them anew."""
    await commands.unlink_member(actor, person_id)
    return go(f"/people/{person_id}", _("The link was removed. They are signed out, and found anew when they sign in."))


async def _page(actor: Actor, person_id: UUID, form: Form | None = None, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        found = await queries.people(view, person_id)
        sites = await queries.site_names(view)
        offered = await queries.parts_offered(view)
        currency = await queries.own_currency(view)
        linked = await queries.is_linked(view, person_id)
        sections = await panels(view, "member", person_id)
    if not found:
        raise NotFound()
    roles = queries.roles_of(actor.organisation_kind)
    told = {"member": found[0], "sites": sites, "currency": currency, "known": roles, "states": STATES}
    told |= {"linked": linked, "panels": sections, "offered": offered, "apart": apart(roles, actor.organisation_kind)}
    form = form or Form(_typed(found[0], roles, list(sites), offered))
    return page("access/member.html", status=status, form=form, **told)


def _typed(member: Member, roles: list[str], sites: list[UUID], offered: Mapping[str, list[str]]) -> dict[str, Any]:
    """The member's rights as the form shows them."""
    scope, limit = member.scope, member.limit
    typed: dict[str, Any] = {}
    for name in queries.LISTS:
        held, ticked = getattr(scope, name), offered[name]
        typed |= {f"{name}.{place}": each for place, each in enumerate(ticked) if each in held}
        typed[name] = "\n".join(each for each in held if each not in ticked)
    typed |= {f"roles.{place}": role for place, role in enumerate(roles) if role in member.roles}
    typed |= {f"sites.{place}": str(site) for place, site in enumerate(sites) if site in scope.sites}
    if limit is not None:
        typed |= {"limit": limit.gross, "limit_30_days": limit.cumulative, "limit_currency": limit.currency}
        typed |= {"unlimited": "1"} if limit.gross is None else {}
    return typed


def parts_of(form: Typed) -> dict[str, list[str]]:
    """The parts that are ticked, and those that are typed one a line."""
    return {name: [*_ticked(form, name), *_lines(form.values.get(name, ""))] for name in queries.LISTS}


def _ticked(form: Typed, name: str) -> list[str]:
    return [value for key, value in form.values.items() if value and key.startswith(f"{name}.")]


def _lines(text: str) -> list[str]:
    return list(filter(None, map(str.strip, text.split("\n"))))


def told_at_lists(errors: Sequence[FieldError]) -> list[FieldError]:
    """A problem in one line of a list, or of one box among several, is told at all of it."""
    whole = (*queries.LISTS, "roles", "sites")
    return [FieldError(first if (first := e.field.partition(".")[0]) in whole else e.field, e.message) for e in errors]


def _limit_told(value: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """A version of an approval limit in words."""
    currency = value["limit_currency"]
    if currency is None:
        return [(_("Approval limit"), _("approves nothing"))]
    gross, within = value["limit_gross"], value["limit_cumulative"]
    return [
        (_("Approval limit"), _("without a limit") if gross is None else money(gross, currency)),
        (_("Limit within 30 days"), _("without a limit") if within is None else money(within, currency)),
    ]


def _forget(_change: Any, row: Any, _before: Any) -> None:
    queries.forget_person(row.person_id)


SETTINGS = {
    "approval-limit": SettingKind(
        _("Approval limit"), Membership, "person_id", LIMIT, "members:edit", "/people/{id}", _limit_told,
        "members:read", "members:read", applied=_forget,
    )
}  # fmt: skip
HANDLERS = [list_people, show, change, remove, reinstate, sign_out, unlink]
