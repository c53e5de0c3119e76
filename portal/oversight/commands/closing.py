"""The end of a campaign: what nobody decided on is taken back, and a signed report says what became of every role."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from portal.access.commands import take_within
from portal.access.queries import forget_person, names
from portal.audit.commands import attest
from portal.oversight.commands.opening import decidable, open_quarterly, reassign
from portal.oversight.events import AdministratorSpared, ReviewClosed, ReviewReminded, RoleLapsed
from portal.oversight.rules import ADMINISTRATOR, Held, reminder_due, spared
from portal.oversight.states import REVIEW, REVIEWED
from portal.oversight.tables import AccessReview, Membership, ReviewedRole
from portal.platform.actor import Actor
from portal.platform.canonical import canonical
from portal.platform.i18n import _
from portal.platform.refusals import Conflict
from portal.platform.work import Change, changing

_OPEN = "organisation_id = $1 and state = 'open' for no key update"
_ACTIVE = "organisation_id = $1 and active order by id for no key update"
_PEOPLE = "select id, full_name, email from person where id = any($1::uuid[])"
COUNTED = ("kept", "revoked", "lapsed", "spared", "gone")


async def look_after(actor: Actor) -> None:
    """What a campaign needs by itself, every hour: it begins, its reviewers are found anew, they are reminded, and it
    is closed when it is due."""
    await open_quarterly(actor)
    gone: list[UUID] = []
    async with changing(actor) as change:
        change.require("access-reviews:close")
        for review in await change.rows(AccessReview, _OPEN, actor.organisation_id):
            if review.due_at <= change.now:
                gone = await _close(change, review)
                continue
            await reassign(change)
    for person in gone:
        forget_person(person)
    await remind(actor)


async def remind(actor: Actor) -> bool:
    """Tell whoever has still to decide, a week and a day before the campaign is due."""
    async with changing(actor) as change:
        change.require("access-reviews:close")
        for review in await change.rows(AccessReview, _OPEN, actor.organisation_id):
            waiting = await change.rows(ReviewedRole, "review_id = $1 and state = 'open'", review.id)
            if waiting and reminder_due(review.due_at, review.reminded_at, change.now):
                review.reminded_at = change.now
                change.write(review)
                change.record(ReviewReminded(review.id, len(waiting)), review)
                return True
    return False


async def close(actor: Actor, review_id: UUID) -> AccessReview:
    """Close a campaign before its day, once nothing is left that somebody could decide on; else that day closes it.

    What nobody may decide on, such as the role of the only administrator, holds nothing up: it ends as on that day.
    """
    async with changing(actor, AccessReview, review_id) as (change, review):
        change.require("access-reviews:close", review)
        waiting = await decidable(change, review_id)
        if review.state == "open" and waiting:
            left = len(waiting)
            raise Conflict(
                _("To decide: {n}. The review closes by itself on its day, or when nothing is left.", n=left)
            )
        await _close(change, review)
    return review


async def _close(change: Change, review: AccessReview) -> list[UUID]:
    """Gives the people whose roles went."""
    REVIEW.take("close", review, change)
    lines = await change.rows(ReviewedRole, "review_id = $1 order by id for no key update", review.id)
    members = {row.id: row for row in await change.rows(Membership, _ACTIVE, review.organisation_id)}
    gone = await _lapse(change, [line for line in lines if line.state == "open"], members)
    review.closed_by, review.closed_at = change.actor.person_id, change.now
    report = await _report(change, review, lines)
    attested = await attest(change, "access-review", report)
    review.digest = attested.sha256
    change.write(review)
    counts = report["counts"]
    told = [counts[state] for state in ("kept", "revoked", "lapsed", "spared")]
    change.record(ReviewClosed(review.id, review.digest, *told), review)
    change.sql(
        "insert into access_review_report (review_id, organisation_id, attested, body) values ($1, $2, $3::jsonb, $4)",
        *(review.id, review.organisation_id, canonical(attested._asdict()).decode(), canonical(report).decode()),
    )
    return gone


async def _lapse(change: Change, undecided: Sequence[ReviewedRole], members: dict[UUID, Membership]) -> list[UUID]:
    """Take back what nobody decided on, membership by membership."""
    held = [Held(line.membership_id, line.person_id, line.role) for line in undecided]
    staying = spared(held, {row.id for row in members.values() if ADMINISTRATOR in row.roles})
    taken: dict[UUID, list[str]] = {}
    for line in undecided:
        member = members.get(line.membership_id)
        line.decided_at = change.now
        if member is None or line.role not in member.roles:
            REVIEWED.take("miss", line, change)
        elif line.role == ADMINISTRATOR and member.id in staying:
            REVIEWED.take("spare", line, change)
            change.record(AdministratorSpared(line.id, line.person_id, line.role), line)
        else:
            REVIEWED.take("lapse", line, change)
            change.record(RoleLapsed(line.id, line.person_id, line.role), line)
            taken.setdefault(line.membership_id, []).append(line.role)
    change.write_all(undecided)
    for membership_id, roles in taken.items():
        await take_within(change, members[membership_id], roles)
    return [members[each].person_id for each in taken]


async def _report(change: Change, review: AccessReview, lines: Sequence[ReviewedRole]) -> dict[str, Any]:
    people = await names(change, [line.decided_by for line in lines if line.decided_by])
    held = {row["id"]: row for row in await change.fetch(_PEOPLE, [line.person_id for line in lines])}
    opened = await names(change, [review.opened_by]) if review.opened_by else {}
    called = {person: name for person, (name, _of) in (people | opened).items()}
    company = await change.value("select name from organisation where id = $1", review.organisation_id)
    return {
        "organisation": {"id": review.organisation_id, "name": company},
        "number": review.number,
        "quarter": review.quarter,
        "opened_at": review.opened_at,
        "opened_by": called.get(review.opened_by, ""),
        "due_at": review.due_at,
        "closed_at": review.closed_at,
        "counts": {state: sum(line.state == state for line in lines) for state in COUNTED},
        "roles": sorted((_told(line, held[line.person_id], called) for line in lines), key=_place),
    }


def _place(told: dict[str, Any]) -> tuple[str, str, str]:
    return told["person"], str(told["person_id"]), told["role"]


def _told(line: ReviewedRole, person: Any, called: dict[UUID, str]) -> dict[str, Any]:
    return {
        "person_id": line.person_id,
        "person": person["full_name"],
        "email": person["email"],
        "role": line.role,
        **{name: line.snapshot[name] for name in ("scope", "limit", "last_sign_in", "doubts")},
        "outcome": line.state,
        "decided_by": called.get(line.decided_by, ""),
        "decided_by_id": line.decided_by,
        "decided_at": line.decided_at,
        "reason": line.reason,
    }
