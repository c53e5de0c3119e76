"""More roles for an emergency: asked for, granted by another person, ended, and looked at by a third one.

Roles are added to somebody's own and nothing else is: scope and approval limit stay theirs, denials of any role still
beat, and duties still keep one person from doing both sides of a transaction. Who acts in an emergency of their own
grants and reviews none.
"""

from datetime import timedelta
from uuid import UUID

from portal.access.queries import forget_person, roles_of
from portal.oversight.events import (
    EmergencyAsked,
    EmergencyDeclined,
    EmergencyEnded,
    EmergencyGranted,
    EmergencyReviewed,
    EmergencyWithdrawn,
)
from portal.oversight.forms import EmergencyForm, VerdictForm
from portal.oversight.states import EMERGENCY
from portal.oversight.tables import EmergencyAccess, Membership
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, Denied, FieldError, Invalid
from portal.platform.work import Change, changing

NEVER = frozenset({"auditor"})
_STANDS = "organisation_id = $1 and created_by = $2 and state in ('asked', 'granted', 'ended')"
_MINE = "organisation_id = $1 and person_id = $2 and active for no key update"


async def ask(actor: Actor, form: EmergencyForm) -> EmergencyAccess:
    """Ask for roles that one has not; whoever may grant them is told. One at a time, until it was reviewed."""
    async with changing(actor) as change:
        change.require("emergency-access:ask")
        membership = await change.rows(Membership, _MINE, actor.organisation_id, actor.person)
        if not membership:
            raise Denied(_("Only members of the organisation ask for this."))
        if await change.rows(EmergencyAccess, _STANDS, actor.organisation_id, actor.person):
            raise Conflict(_("Your last emergency access stands until somebody has reviewed it."))
        made = EmergencyAccess(
            id=new_id(),
            organisation_id=actor.organisation_id,
            number=await change.number("EA"),
            created_by=actor.person,
            roles=_wanted(actor, form, membership[0].roles),
            minutes=form.minutes,
            reason=form.reason,
            asked_at=change.now,
        )
        change.add(made)
        change.record(EmergencyAsked(made.id, tuple(made.roles), made.minutes, made.reason), made)
    return made


async def grant(actor: Actor, emergency_id: UUID) -> EmergencyAccess:
    """The roles are theirs from here on, in every process within a second, until the minutes are over. Like everybody
    whose roles change they sign in again."""
    require_calm(actor)
    async with changing(actor, EmergencyAccess, emergency_id) as (change, emergency):
        EMERGENCY.take("grant", emergency, change)
        emergency.decided_by, emergency.decided_at = actor.person, change.now
        emergency.until = change.now + timedelta(minutes=emergency.minutes)
        change.write(emergency)
        granted = EmergencyGranted(
            emergency.id, emergency.created_by, tuple(emergency.roles), emergency.until, emergency.reason
        )
        change.record(granted, emergency)
        await change.fetch("select portal.end_sessions_here($1)", emergency.created_by)
    forget_person(emergency.created_by)
    return emergency


async def decline(actor: Actor, emergency_id: UUID, reason: str = "") -> EmergencyAccess:
    """Nothing is given; who asked reads why."""
    require_calm(actor)
    async with changing(actor, EmergencyAccess, emergency_id) as (change, emergency):
        EMERGENCY.take("decline", emergency, change)
        emergency.decided_by, emergency.decided_at, emergency.decision_reason = actor.person, change.now, reason
        change.write(emergency)
        change.record(EmergencyDeclined(emergency.id, reason), emergency)
    return emergency


async def withdraw(actor: Actor, emergency_id: UUID) -> EmergencyAccess:
    """Who asked needs it no more."""
    async with changing(actor, EmergencyAccess, emergency_id) as (change, emergency):
        EMERGENCY.take("withdraw", emergency, change)
        change.write(emergency)
        change.record(EmergencyWithdrawn(emergency.id), emergency)
    return emergency


async def end(actor: Actor, emergency_id: UUID) -> EmergencyAccess:
    """Give the roles back, or take them back, before their time."""
    async with changing(actor, EmergencyAccess, emergency_id) as (change, emergency):
        _end(change, emergency)
    forget_person(emergency.created_by)
    return emergency


async def end_lapsed(actor: Actor) -> list[EmergencyAccess]:
    """Note the end of those whose time is over; their roles are gone since that moment anyway."""
    async with changing(actor) as change:
        lapsed = await change.rows(EmergencyAccess, "state = 'granted' and until <= $1 for no key update", change.now)
        for emergency in lapsed:
            _end(change, emergency)
    return lapsed


async def review(actor: Actor, emergency_id: UUID, form: VerdictForm) -> EmergencyAccess:
    """Say whether it was justified: somebody who neither asked nor granted. It stands until then."""
    require_calm(actor)
    async with changing(actor, EmergencyAccess, emergency_id) as (change, emergency):
        lapsed = emergency.state == "granted"
        EMERGENCY.take("review", emergency, change)
        if lapsed and emergency.until > change.now:
            raise Conflict(_("It still runs. End it first, then review it."))
        emergency.ended_at = emergency.ended_at or emergency.until
        emergency.reviewed_by, emergency.reviewed_at = actor.person, change.now
        emergency.verdict, emergency.review_note = form.verdict, form.note
        change.write(emergency)
        change.record(EmergencyReviewed(emergency.id, form.verdict, form.note), emergency)
    return emergency


def _end(change: Change, emergency: EmergencyAccess) -> None:
    EMERGENCY.take("end", emergency, change)
    emergency.ended_by, emergency.ended_at = change.actor.person_id, min(change.now, emergency.until)
    change.write(emergency)
    change.record(EmergencyEnded(emergency.id), emergency)


def _wanted(actor: Actor, form: EmergencyForm, own: list[str]) -> list[str]:
    """The roles of the form, which the policy knows for this kind of organisation and the actor has not."""
    known = [role for role in roles_of(actor.organisation_kind) if role not in NEVER and role not in own]
    strange = [
        FieldError(f"roles.{number}", _("Choose one of {choices}.", choices=", ".join(known)))
        for number, role in enumerate(form.roles)
        if role not in known
    ]
    if strange:
        raise Invalid(errors=strange)
    return list(dict.fromkeys(form.roles))


def require_calm(actor: Actor) -> None:
    """Raise `Denied` for whoever holds more roles than their own at this moment: they judge nobody meanwhile."""
    if actor.emergency is not None:
        raise Denied(_("You act in an emergency yourself: somebody else decides on this."))
