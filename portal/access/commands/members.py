"""Organisations and who belongs to them: founding one, giving people roles, scope and limits, taking them back."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from portal.access import queries
from portal.access.commands.limits import held_by, split, told
from portal.access.events import MemberAdded, MemberRemoved, OrganisationFounded, RolesChanged
from portal.access.forms import Admission, Founding, Rights
from portal.access.tables import Membership, Organisation, Person, Site
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, Denied, FieldError, Invalid, NotFound
from portal.platform.work import Change, changing
from portal.platform.work.change import expect_version

ADDRESS = ("street", "city", "postal_code", "country")


async def found(form: Founding) -> Organisation:
    """Set up an organisation with its first site. Its name is new here: operators call organisations by their names."""
    if await queries.organisations_named(form.name):
        raise Conflict(_("There is an organisation of this name already: {name}.", name=form.name))
    address = {name: value for name in ADDRESS if (value := getattr(form, name))}
    plain = {name: value for name, value in msgspec.structs.asdict(form).items() if name in _COLUMNS and value}
    organisation = Organisation(id=new_id(), address=address, tolerances={}, **plain)
    zone = form.time_zone or "UTC"
    site = Site(id=new_id(), name=form.site or "Main site", address=address, time_zone=zone, is_default=True)
    return await found_organisation(organisation, [site])


_COLUMNS = frozenset(Founding.__struct_fields__) - {"street", "city", "postal_code", "site"}


async def found_organisation(organisation: Organisation, sites: Sequence[Site] = ()) -> Organisation:
    """A new organisation comes to be, by itself: the start of everything else in it."""
    async with changing(Actor.system(organisation.id)) as change:
        organisation.created_at = change.now
        change.add(organisation)
        for site in sites:
            site.organisation_id, site.created_at = organisation.id, change.now
            change.add(site)
        change.record(OrganisationFounded(organisation.id), organisation)
    return organisation


async def found_hosted(change: Change, facts: Mapping[str, Any]) -> Organisation:
    """A supplier of the actor's organisation, which keeps its data until somebody of the supplier does. Its documents
    are in the buyer's currency, language and time unless told otherwise."""
    sql = "select currency, language, time_zone from organisation where id = $1"
    usual = dict(await change.one(sql, change.actor.organisation_id) or {})
    hosted: dict[str, Any] = {"host_id": change.actor.organisation_id, "kind": "supplier", "tolerances": {}}
    return change.add(Organisation(id=new_id(), created_at=change.now, **(usual | hosted | dict(facts))))


async def say_of_hosted(change: Change, organisation_id: UUID, facts: Mapping[str, Any]) -> None:
    """Other facts of a supplier whose data the actor's organisation keeps."""
    organisation = await change.row(Organisation, organisation_id)
    for name, value in facts.items():
        setattr(organisation, name, value)
    change.write(organisation)


async def admit(actor: Actor, form: Admission) -> UUID:
    """Make somebody a member: a person who is new here, or one who works for another organisation already.

    Whoever has an account keeps it, with its name and password: one person, several memberships. Gives the person's id.
    """
    async with changing(actor) as change:
        change.require("members:add")
        wanted = await rights_of(change, form)
        known = await change.value("select portal.person_with_email($1)", form.email.lower())
        person_id = known or (await _newcomer(change, form)).id
        former = await change.rows(Membership, _OWN, actor.organisation_id, person_id)
        held = held_by(former[0] if former else None)
        rights, asked = split(held, wanted, actor.person_id)
        member = join(change, person_id, rights, former[0] if former else None)
        told(change, member, held, asked, actor.person_id)
    return person_id


LAST_ADMINISTRATOR = _("This is the last administrator. Give somebody else the role first.")
_OWN = "organisation_id = $1 and person_id = $2 for no key update"


async def add_member(actor: Actor, person: Person, roles: Sequence[str], **rights: Any) -> Person:
    """Give a new person roles in the actor's organisation; `rights` are scope and approval limit."""
    async with changing(actor) as change:
        change.require("members:add")
        if await change.value("select portal.person_with_email($1)", person.email):
            raise Conflict(_("Somebody with this e-mail address is a member already."))
        person.created_at = change.now
        change.add(person)
        join(change, person.id, {"roles": list(roles)} | rights)
    return person


async def change_rights(actor: Actor, person_id: UUID, form: Rights) -> Membership:
    """Give a member other roles, scope and limits; they sign in again, so that nothing goes on under the old ones.

    Nobody changes their own rights, so that nobody raises them. A lower limit holds at once, a higher one is asked for.
    """
    async with changing(actor) as change:
        change.require("members:edit")
        if person_id == actor.person_id:
            raise Denied(_("Nobody changes their own rights. Ask another administrator of your company."))
        membership = await own_membership(change, person_id, keeps="administrator" in form.roles)
        expect_version(actor, membership)
        held = held_by(membership)
        rights, asked = split(held, await rights_of(change, form), actor.person_id)
        give_rights(change, membership, rights)
        told(change, membership, held, asked, actor.person_id)
        await change.fetch("select portal.end_sessions_here($1)", person_id)
    queries.forget_person(person_id)
    return membership


async def remove_member(actor: Actor, person_id: UUID) -> None:
    """End a membership at once; what the person did stays theirs in the log, and their other memberships stay."""
    async with changing(actor) as change:
        change.require("members:remove")
        membership = await own_membership(change, person_id, keeps=False)
        expect_version(actor, membership)
        await end_within(change, membership)
    queries.forget_person(person_id)


async def end_within(change: Change, membership: Membership) -> None:
    """End a membership as part of another change, with all sessions in which somebody acts by it."""
    membership.active = False
    change.write(membership)
    change.record(MemberRemoved(membership.person_id), membership)
    await change.fetch("select portal.end_sessions_here($1, 'removed')", membership.person_id)


async def reinstate_member(actor: Actor, person_id: UUID) -> Membership:
    """A membership that was ended goes on, with the rights that it had."""
    async with changing(actor) as change:
        change.require("members:add")
        found = await change.rows(Membership, _OWN, actor.organisation_id, person_id)
        if not found or found[0].active:
            raise NotFound() if not found else Conflict(_("They are a member already."))
        expect_version(actor, found[0])
        give_rights(change, found[0], {"active": True, "ends_at": None})
    return found[0]


async def own_membership(change: Change, person_id: UUID, *, keeps: bool) -> Membership:
    """The membership, with all of the organisation locked: two administrators cannot remove each other at once."""
    organisation = change.actor.organisation_id
    members = await change.rows(
        Membership, "organisation_id = $1 and active order by id for no key update", organisation
    )
    found = next((member for member in members if member.person_id == person_id), None)
    if found is None:
        raise NotFound()
    administrators = [member for member in members if "administrator" in member.roles]
    if administrators == [found] and not keeps:
        raise Conflict(LAST_ADMINISTRATOR)
    return found


async def spoken(change: Change, form: Admission) -> dict[str, Any]:
    """The language and time zone somebody begins with: those said, or else the organisation's."""
    usual = await change.one("select language, time_zone from organisation where id = $1", change.actor.organisation_id)
    said = {"language": form.language, "time_zone": form.time_zone}
    return dict(usual or {}) | {name: value for name, value in said.items() if value}


async def _newcomer(change: Change, form: Admission) -> Person:
    if form.full_name is None:
        raise Invalid.field("full_name", _("Somebody who is new here needs a name."))
    told = await spoken(change, form)
    person = Person(id=new_id(), email=form.email.lower(), full_name=form.full_name, created_at=change.now, **told)
    return change.add(person)


def join(change: Change, person_id: UUID, rights: Mapping[str, Any], former: Membership | None = None) -> Membership:
    """A new membership, or one that was ended and begins again; `Conflict` if it goes on anyway."""
    if former and former.active:
        raise Conflict(_("They are a member already."))
    if former:
        give_rights(change, former, {"ends_at": None, **rights, "active": True})
        return former
    told: Any = {"organisation_id": change.actor.organisation_id, "person_id": person_id, "created_at": change.now}
    membership = change.add(Membership(id=new_id(), **({"scope": {}} | told | dict(rights))))
    change.record(MemberAdded(person_id, tuple(membership.roles)), membership)
    return membership


def give_rights(change: Change, membership: Membership, rights: Mapping[str, Any]) -> None:
    came_back = not membership.active
    for name, value in rights.items():
        setattr(membership, name, value)
    change.write(membership)
    event = MemberAdded if came_back else RolesChanged
    change.record(event(membership.person_id, tuple(membership.roles)), membership)


async def rights_of(change: Change, form: Rights) -> dict[str, Any]:
    """Columns of a membership; roles are those that the policy knows for this kind of organisation."""
    own = await change.one("select kind, currency from organisation where id = $1", change.actor.organisation_id)
    if own is None:
        raise NotFound()
    known = queries.roles_of(own["kind"])
    unknown = [
        FieldError(f"roles.{number}", _("Choose one of {choices}.", choices=", ".join(known)))
        for number, role in enumerate(form.roles)
        if role not in known
    ]
    scope, strange = await _scope_of(change, form)
    alone_as_auditor(form.roles)
    if unknown or strange:
        raise Invalid(errors=[*unknown, *strange])
    approves = form.unlimited or form.limit is not None or form.limit_30_days is not None
    return {
        "roles": list(dict.fromkeys(form.roles)),
        "scope": scope,
        "limit_currency": (form.limit_currency or own["currency"]) if approves else None,
        "limit_gross": None if form.unlimited else form.limit,
        "limit_cumulative": None if form.unlimited else form.limit_30_days,
    }


def alone_as_auditor(roles: Sequence[str]) -> None:
    """Who audits does nothing else here: outside workpapers an auditor writes nothing."""
    if "auditor" in roles and len(set(roles)) > 1:
        raise Invalid.field("roles", _("Who audits holds no other role: choose the auditor alone, or leave it out."))


async def _scope_of(change: Change, form: Rights) -> tuple[dict[str, list[str]], list[FieldError]]:
    """The parts that the form names, and what is wrong with them: sites are the organisation's own."""
    sql = "select id from site where organisation_id = $1"
    own = {row["id"] for row in await change.fetch(sql, change.actor.organisation_id)} if form.sites else set()
    strange = [
        FieldError(f"sites.{number}", _("Choose one of your company’s sites."))
        for number, site in enumerate(form.sites)
        if site not in own
    ]
    parts = {name: getattr(form, name) for name in ("purchasing_groups", "sites", "cost_centres", "categories")}
    return {name: [str(each) for each in dict.fromkeys(chosen)] for name, chosen in parts.items() if chosen}, strange
