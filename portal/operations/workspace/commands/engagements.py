"""Engagements: an administrator lets an auditor read, for a time; it ends by itself, or somebody ends it earlier."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.access.commands import end_within, invite_within, withdraw_within
from portal.access.forms import Admission
from portal.access.queries import forget_person
from portal.access.tables import Invitation, Membership
from portal.operations.workspace.events import EngagementClosed, EngagementOpened
from portal.operations.workspace.forms import EngagementForm
from portal.operations.workspace.states import ENGAGEMENT
from portal.operations.workspace.tables import Engagement
from portal.platform.actor import Actor
from portal.platform.fields import Code
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, Denied, Invalid
from portal.platform.work import Change, changing

AUDITOR: Final = "auditor"
LONGEST: Final = timedelta(days=366)
_MEMBER: Final = """
select m.person_id, m.roles from membership m join person p on p.id = m.person_id
where m.organisation_id = $1 and p.email = $2 and m.active and (m.ends_at is null or m.ends_at > portal.now())
"""
_OWNER: Final = """
select true from portal.member where organisation_id = $1 and person_id = $2 and 'auditor' = any(roles)
"""
_TEMPORARY: Final = "organisation_id = $1 and person_id = $2 and active and ends_at is not null"


async def open_engagement(actor: Actor, form: EngagementForm) -> Engagement:
    """Let an auditor read, from now on until the moment that the form names.

    Who is no member yet is invited by mail, and is one for that time alone. The owner of the audit is an auditor of the
    organisation who neither opens the engagement nor does the reading.
    """
    async with changing(actor) as change:
        change.require("engagements:open")
        until = _end_of(form.until, actor)
        _require_period(change.now, until)
        if form.owner_id == actor.person_id:
            raise Denied(_("Who opens an engagement does not own the audit: name another auditor."))
        if not await change.value(_OWNER, actor.organisation_id, form.owner_id):
            raise Invalid.field("owner_id", _("The owner of the audit is a member with the role of an auditor."))
        engagement = Engagement(
            id=new_id(),
            organisation_id=actor.organisation_id,
            number=await change.number("AE"),
            title=form.title,
            purpose=form.purpose or "",
            email=form.email.lower(),
            owned_by=form.owner_id,
            opened_by=actor.person,
            opened_at=change.now,
            until=until,
        )
        change.add(engagement)
        change.record(EngagementOpened(engagement.id, form.owner_id), engagement)
        await _let_in(change, engagement, form)
    return engagement


def _end_of(day: date, actor: Actor) -> datetime:
    """The midnight that ends the day, where the administrator is."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(actor.time_zone)).astimezone(UTC)


def _require_period(now: datetime, until: datetime) -> None:
    if until <= now:
        raise Invalid.field("until", _("The engagement would be over before it begins."))
    if until - now > LONGEST:
        raise Invalid.field("until", _("An engagement lasts a year at most; open another one then."))


async def _let_in(change: Change, engagement: Engagement, form: EngagementForm) -> None:
    """An auditor of the house keeps their membership; anybody else gets one that ends with the engagement."""
    member: Any = await change.one(_MEMBER, engagement.organisation_id, engagement.email)
    if member is None:
        asked = Admission(roles=[Code(AUDITOR)], email=form.email, full_name=form.full_name, language=form.language)
        invitation = await invite_within(change, asked, ends_at=engagement.until)
        engagement.invitation_id = invitation.id
    elif list(member["roles"]) != [AUDITOR]:
        raise Conflict(_("They hold other roles here. Who audits does nothing else: take those roles away first."))
    elif member["person_id"] == engagement.owned_by:
        raise Conflict(_("The owner of the audit is somebody else than the auditor whose reading they see."))
    else:
        engagement.auditor_id = member["person_id"]


async def close_engagement(actor: Actor, engagement_id: UUID, reason: str) -> Engagement:
    """End the access before its time; what the auditor read is released to the organisation.

    So nobody of the audited chooses the moment alone: another administrator ends it than the one who opened it, unless
    nobody came in by it, and nothing was read. Whoever has to shut the auditor out at once removes them, which releases
    nothing.
    """
    async with changing(actor, Engagement, engagement_id) as (change, engagement):
        if not ends_early(actor, engagement.opened_by, await _reader(change, engagement)):
            raise Denied(_("Another administrator than the one who opened it ends it before its time."))
        ENGAGEMENT.take("close", engagement, change)
        gone = await _close(change, engagement, reason)
    for person in gone:
        forget_person(person)
    return engagement


async def _reader(change: Change, engagement: Engagement) -> UUID | None:
    """Who reads by the engagement; the invitation is locked, so that nobody accepts it while this is decided on."""
    if engagement.invitation_id is None:
        return engagement.auditor_id
    return (await change.row(Invitation, engagement.invitation_id)).accepted_by


def ends_early(actor: Actor, opened_by: UUID, reader: UUID | None) -> bool:
    """Whether this person may end an engagement before its time, by which `reader` came in."""
    return reader is None or actor.person_id != opened_by


async def end_engagements(actor: Actor) -> list[Engagement]:
    """Note the end of those whose time is over; they let nobody in since that moment anyway."""
    gone: list[UUID] = []
    async with changing(actor) as change:
        change.require("engagements:close")
        over = await change.rows(Engagement, "state = 'open' and until <= $1 for no key update", change.now)
        for engagement in over:
            engagement.state = "closed"
            gone += await _close(change, engagement, str(_("Its time is over.")))
    for person in gone:
        forget_person(person)
    return over


async def _close(change: Change, engagement: Engagement, reason: str) -> list[UUID]:
    engagement.closed_by, engagement.closed_at, engagement.close_reason = change.actor.person_id, change.now, reason
    change.write(engagement)
    change.record(EngagementClosed(engagement.id, reason), engagement)
    if engagement.invitation_id is None:
        return []
    invitation = await change.row(Invitation, engagement.invitation_id)
    if invitation.state == "open":
        withdraw_within(change, invitation)
        return []
    if invitation.accepted_by is None:
        return []
    found = await change.rows(Membership, _TEMPORARY, engagement.organisation_id, invitation.accepted_by)
    for membership in found:
        await end_within(change, membership)
    return [membership.person_id for membership in found]
