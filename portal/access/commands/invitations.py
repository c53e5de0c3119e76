"""Invitations: somebody gets a mail, and is a member when they accept."""

from datetime import datetime
from typing import Final
from uuid import UUID

from portal.access import queries
from portal.access.commands.limits import LIMIT, held_by, split, told
from portal.access.commands.links import LIFETIMES, make_link
from portal.access.commands.members import join, rights_of, spoken
from portal.access.commands.own_password import LINK_OVER
from portal.access.commands.passwords import hash_of, keep_password, require_good
from portal.access.commands.renewal import Opened, signed_in
from portal.access.commands.sessions import open_session, opened_for_all, switch_organisation
from portal.access.commands.unaccepted import told_if_refused
from portal.access.events import InvitationAccepted, InvitationWithdrawn, MemberInvited
from portal.access.forms import Acceptance, Admission
from portal.access.queries.links import Offer, digest
from portal.access.states import INVITATION
from portal.access.tables import Invitation, Membership, Person
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, Denied, Invalid, NotFound
from portal.platform.wiring import Job
from portal.platform.work import Change, changing

FIRST: Final = "access.invite-first"


async def invite(actor: Actor, form: Admission) -> Invitation:
    """Ask somebody by mail to act for the organisation. Whether the portal knows their address already is not told."""
    async with changing(actor) as change:
        return await invite_within(change, form)


async def invite_within(change: Change, form: Admission, ends_at: datetime | None = None) -> Invitation:
    """The same as part of another change; what it offers ends by itself at `ends_at`, if one is given."""
    change.require("members:add")
    actor, email, rights = change.actor, form.email.lower(), await rights_of(change, form)
    if await change.value(_MEMBER, actor.organisation_id, email):
        raise Conflict(_("{email} is a member already.", email=form.email))
    if await change.value(_INVITED, actor.organisation_id, email):
        again = _("{email} is invited already. Send the mail once more, or withdraw the invitation.", email=email)
        raise Conflict(again)
    told = await spoken(change, form)
    invitation = Invitation(
        id=new_id(),
        organisation_id=actor.organisation_id,
        email=email,
        full_name=form.full_name or "",
        invited_by=actor.person_id,
        created_at=change.now,
        expires_at=change.now + LIFETIMES["invitation"],
        ends_at=ends_at,
        **(told | rights),
    )
    change.add(invitation)
    await _send(change, invitation)
    return invitation


async def _send(change: Change, invitation: Invitation) -> None:
    link_id = new_id()
    await make_link(change, link_id, "invitation", invitation.id)
    change.record(MemberInvited(invitation.id, link_id, tuple(invitation.roles)), invitation)


_MEMBER = """
select true from membership m join person p on p.id = m.person_id
where m.organisation_id = $1 and p.email = $2 and m.active
"""
_INVITED = "select true from invitation where organisation_id = $1 and email = $2 and state = 'open'"


async def invite_first(change: Change, organisation_id: UUID, email: str, full_name: str) -> Invitation:
    """Ask the first person of an organisation that the actor's own hosts: they may do all there, and invite the others.

    The mail goes out in that organisation's name, to whose log it belongs; whoever was asked already gets it again.
    """
    if await change.value(_MEMBER, change.actor.organisation_id, email.lower()):
        raise Invalid.field("email", _("{email} acts for your own company. Nobody acts for both sides.", email=email))
    open_ones = "organisation_id = $1 and email = $2 and state = 'open'"
    found = await change.rows(Invitation, open_ones, organisation_id, email.lower())
    invitation = found[0] if found else await _first(change, organisation_id, email.lower(), full_name)
    told = {"invitation_id": invitation.id, "asked_at": change.now.isoformat()}
    change.later(Job(FIRST, organisation_id, told))
    return invitation


async def _first(change: Change, organisation_id: UUID, email: str, full_name: str) -> Invitation:
    sql = "select language, time_zone, kind from organisation where id = $1"
    told = dict(await change.one(sql, organisation_id) or {})
    roles = [role for role in queries.roles_of(told.pop("kind")) if role != "auditor"]
    return change.add(
        Invitation(
            id=new_id(),
            organisation_id=organisation_id,
            email=email,
            full_name=full_name,
            roles=roles,
            scope={},
            invited_by=change.actor.person_id,
            created_at=change.now,
            expires_at=change.now + LIFETIMES["invitation"],
            **told,
        )
    )


async def send_first(actor: Actor, invitation_id: UUID, asked_at: datetime) -> None:
    """The mail of a first person's invitation, with the full time from now; once each time that it was asked for."""
    async with changing(actor, Invitation, invitation_id) as (change, invitation):
        if invitation.state != "open" or invitation.expires_at > asked_at + LIFETIMES["invitation"]:
            return
        invitation.expires_at, invitation.refused_at = change.now + LIFETIMES["invitation"], None
        change.write(invitation)
        await _send(change, invitation)


async def invite_again(actor: Actor, invitation_id: UUID) -> Invitation:
    """Send the mail once more: with a new link and the full time; the old link is dead."""
    async with changing(actor, Invitation, invitation_id) as (change, invitation):
        change.require("members:add")
        if invitation.state != "open":
            raise Conflict(_("This invitation is over."))
        invitation.expires_at, invitation.refused_at = change.now + LIFETIMES["invitation"], None
        change.write(invitation)
        await _send(change, invitation)
    return invitation


async def withdraw_invitation(actor: Actor, invitation_id: UUID) -> Invitation:
    """The link of the mail leads nowhere from here on."""
    async with changing(actor, Invitation, invitation_id) as (change, invitation):
        withdraw_within(change, invitation)
    return invitation


def withdraw_within(change: Change, invitation: Invitation) -> None:
    """The same as part of another change."""
    INVITATION.take("withdraw", invitation, change)
    invitation.ended_at = change.now
    change.write(invitation)
    change.record(InvitationWithdrawn(invitation.id), invitation)


async def accept_as_newcomer(token: str, form: Acceptance, *, address: str, agent: str = "") -> Opened:
    """Accept with a name and a password of one's own: somebody who is new here, or whose account lies idle. Only the
    reader of the mailbox has the link, as with one for a new password."""
    offer = await _offered(token)
    if offer.has_account:
        raise Denied(_("You have an account here: sign in with it to accept."))
    require_good(form.new_password, "new_password", own=offer.email)
    hashed = await hash_of(form.new_password)
    system = Actor.system(offer.organisation_id)
    async with told_if_refused(offer), changing(system, Invitation, offer.invitation_id) as (change, invitation):
        account = await change.one("select * from portal.account_with($1)", offer.email)
        person_id = account["person_id"] if account else _newcomer(change, invitation, form.full_name).id
        await _accepted(change, invitation, token, person_id)
    async with changing(system, Person, person_id) as (change, person):
        await keep_password(change, person, hashed, first=account is None)
    return await open_session(person_id, offer.organisation_id, address, agent, how="invitation")


async def accept_as_member(actor: Actor, token: str, *, agent: str = "") -> Opened:
    """Accept with the account one has, and act for the new organisation from here on."""
    signed_in(actor)
    offer = await _offered(token)
    if offer.email != actor.email:
        raise Denied(_("This invitation is for {email}: sign in with that account.", email=offer.email))
    await opened_for_all(actor)
    system = Actor.system(offer.organisation_id)
    async with told_if_refused(offer), changing(system, Invitation, offer.invitation_id) as (change, invitation):
        await _accepted(change, invitation, token, actor.person)
    return await switch_organisation(actor, offer.organisation_id, agent=agent)


async def _offered(token: str) -> Offer:
    found = await queries.offer(token)
    if found is None:
        raise NotFound(LINK_OVER)
    return found


async def _accepted(change: Change, invitation: Invitation, token: str, person_id: UUID) -> None:
    if not await change.value("select portal.use_link($1, 'invitation')", digest(token)):
        raise NotFound(LINK_OVER)
    INVITATION.take("accept", invitation, change)
    invitation.accepted_by, invitation.ended_at = person_id, change.now
    change.write(invitation)
    offered = {name: getattr(invitation, name) for name in ("roles", "scope", "ends_at", *LIMIT)}
    former = await change.rows(
        Membership, "organisation_id = $1 and person_id = $2 for no key update", change.actor.organisation_id, person_id
    )
    held = held_by(former[0] if former else None)
    rights, asked = split(held, offered, invitation.invited_by)
    member = join(change, person_id, rights, former[0] if former else None)
    told(change, member, held, asked, invitation.invited_by)
    change.record(InvitationAccepted(invitation.id, person_id), invitation)


def _newcomer(change: Change, invitation: Invitation, full_name: str) -> Person:
    told = {"language": invitation.language, "time_zone": invitation.time_zone, "created_at": change.now}
    return change.add(Person(id=new_id(), email=invitation.email, full_name=full_name, **told))
