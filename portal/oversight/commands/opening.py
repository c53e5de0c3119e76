"""Beginning a campaign: one row for each role of each member, with who decides on it and what they should know."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.access.duties import exclusions
from portal.access.queries import roles_of
from portal.oversight.events import ReviewersChanged, ReviewOpened, RoleOwnersSet
from portal.oversight.forms import CampaignForm, OwnersForm, ReviewDaysForm
from portal.oversight.queries import administrators_of, members, owners_of
from portal.oversight.rules import DAYS, LONGEST, doubts, quarter_began, quarter_of, reviewers_of
from portal.oversight.tables import AccessReview, ReviewedRole, RoleOwner, SettingVersion
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, Invalid, NotFound
from portal.platform.work import Change, changing
from portal.platform.work.change import expect_version
from portal.settings.commands import propose

DAYS_OF_REVIEW = "access-reviews"
_COMPANY = "select kind, time_zone, access_review_days, created_at from organisation where id = $1"
_OF_QUARTER = "select exists (select from access_review where organisation_id = $1 and quarter = $2)"
_OPEN = "organisation_id = $1 and state = 'open' for no key update"


async def open_review(actor: Actor, form: CampaignForm) -> AccessReview:
    """Begin a campaign by hand. One at a time: what is not decided in the one is not asked again in another."""
    async with changing(actor) as change:
        change.require("access-reviews:open")
        company: Any = await change.one(_COMPANY, actor.organisation_id)
        zone = ZoneInfo(company["time_zone"])
        today = change.now.astimezone(zone).date()
        last = form.until or today + timedelta(days=DAYS)
        if not today < last <= today + LONGEST:
            raise Invalid.field("until", _("Reviewers have between a day and {days} days.", days=LONGEST.days))
        return await _open(change, company["kind"], quarter_of(today), _end_of(last, zone))


async def open_quarterly(actor: Actor) -> AccessReview | None:
    """The campaign of the quarter, unless there was one or the company opens them by hand; as soon as the one before it
    is closed. In the quarter in which it comes to the portal, a company has no roles that need looking at again.
    """
    async with changing(actor) as change:
        change.require("access-reviews:open")
        company: Any = await change.one(_COMPANY, actor.organisation_id)
        zone = ZoneInfo(company["time_zone"])
        today = change.now.astimezone(zone).date()
        came = company["created_at"].astimezone(zone).date()
        if company["access_review_days"] is None or came >= quarter_began(today):
            return None
        if await change.value(_OF_QUARTER, actor.organisation_id, quarter_of(today)) or await _is_open(change):
            return None
        if len(await members(change)) < 2:
            return None
        last = today + timedelta(days=company["access_review_days"])
        return await _open(change, company["kind"], quarter_of(today), _end_of(last, zone))


async def propose_days(actor: Actor, form: ReviewDaysForm) -> SettingVersion:
    """Propose another number of days for the review of each quarter; a second person approves it."""
    value, when = {"access_review_days": form.reviewer_days}, form.from_day
    return await propose(actor, DAYS_OF_REVIEW, actor.organisation_id, value, from_day=when, reason=form.reason)


async def set_owners(actor: Actor, role: str, form: OwnersForm) -> RoleOwner:
    """These people answer for the role from here on, also in a campaign that is open; nobody means administrators."""
    async with changing(actor) as change:
        change.require("access-reviews:configure")
        if role not in roles_of(actor.organisation_kind):
            raise NotFound()
        able = {row["person_id"] for row in await members(change) if "auditor" not in row["roles"]}
        if not set(form.owners) <= able:
            raise Invalid.field("owners", _("Owners of roles are members of your company, and no auditors."))
        owned = await _owned(change, role)
        owned.owners = list(dict.fromkeys(form.owners))
        change.write(owned)
        change.record(RoleOwnersSet(owned.id, role, tuple(owned.owners)), owned)
        await reassign(change, {role: owned.owners})
    return owned


async def reassign(change: Change, named: Mapping[str, Sequence[UUID]] | None = None) -> int:
    """Who decides on what is still open in a campaign, as owners and members are now; how many roles that changed."""
    open_reviews = await change.rows(AccessReview, _OPEN, change.actor.organisation_id)
    if not open_reviews:
        return 0
    found = await members(change)
    owners = await owners_of(change, found) | {role: list(people) for role, people in (named or {}).items()}
    administrators, moved = administrators_of(found), []
    for line in await change.rows(ReviewedRole, "review_id = $1 and state = 'open'", open_reviews[0].id):
        reviewers = reviewers_of(line.role, line.person_id, owners, administrators)
        if reviewers != line.reviewers:
            line.reviewers = reviewers
            moved.append(line)
    if moved:
        change.write_all(moved)
        change.record(ReviewersChanged(open_reviews[0].id, len(moved)), open_reviews[0])
    return len(moved)


async def _owned(change: Change, role: str) -> RoleOwner:
    condition = "organisation_id = $1 and role = $2 for no key update"
    found = await change.rows(RoleOwner, condition, change.actor.organisation_id, role)
    if found:
        expect_version(change.actor, found[0])
        return found[0]
    return change.add(RoleOwner(id=new_id(), organisation_id=change.actor.organisation_id, role=role))


async def _is_open(change: Change) -> bool:
    return bool(await change.rows(AccessReview, _OPEN, change.actor.organisation_id))


async def _open(change: Change, kind: str, quarter: str, due_at: datetime) -> AccessReview:
    if await _is_open(change):
        raise Conflict(_("A review is open already. Close it first."))
    found = await members(change)
    review = AccessReview(
        id=new_id(),
        organisation_id=change.actor.organisation_id,
        number=await change.number("AR"),
        quarter=quarter,
        opened_by=change.actor.person_id,
        opened_at=change.now,
        due_at=due_at,
    )
    change.add(review)
    owners, administrators = await owners_of(change, found), administrators_of(found)
    lines = [
        _line(change, review, member, role, reviewers_of(role, member["person_id"], owners, administrators), kind)
        for member in found
        for role in member["roles"]
    ]
    change.add_all(ReviewedRole, lines)
    change.record(ReviewOpened(review.id, len(lines), due_at), review)
    return review


def _line(
    change: Change, review: AccessReview, member: Any, role: str, reviewers: list[UUID], kind: str
) -> dict[str, Any]:
    last = member["last_sign_in"]
    limit = {part: member[f"limit_{part}"] for part in ("currency", "gross", "cumulative")}
    snapshot = {
        "scope": member["scope"],
        "limit": {part: None if value is None else str(value) for part, value in limit.items()},
        "last_sign_in": last and last.isoformat(),
        "doubts": doubts(role, last, change.now, exclusions(member["roles"], kind)),
    }
    return {
        "id": new_id(),
        "organisation_id": review.organisation_id,
        "review_id": review.id,
        "membership_id": member["id"],
        "person_id": member["person_id"],
        "role": role,
        "snapshot": snapshot,
        "reviewers": reviewers,
        "state": "open",
        "reason": "",
        "version": 1,
    }


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    """The midnight that ends the day, where the company is."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
