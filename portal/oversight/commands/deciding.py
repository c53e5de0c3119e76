"""Keeping a role or taking it back, one by one; what is taken back is gone at once."""

from typing import Any
from uuid import UUID

from portal.access.commands import take_roles
from portal.access.queries import forget_person
from portal.oversight.commands.emergencies import require_calm
from portal.oversight.events import RoleKept, RoleRevoked
from portal.oversight.forms import RoleDecision, RoleDecisions
from portal.oversight.states import REVIEWED
from portal.oversight.tables import AccessReview, ReviewedRole
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, Invalid, NotFound
from portal.platform.work import Change, changing

_OVER = _("The review is over: nothing is decided in it any more.")


async def decide(actor: Actor, reviewed_id: UUID, form: RoleDecision) -> ReviewedRole:
    """Keep somebody's role or take it back. The reviewer answers for it, and the member is never the reviewer.

    A role that was kept may still be taken back while the campaign lasts; what was taken back comes again by an
    administrator alone.
    """
    require_calm(actor)
    async with changing(actor, ReviewedRole, reviewed_id) as (change, line):
        REVIEWED.take(form.decision, line, change)
        await _require_open(change, line)
        _judge(change, line, form)
        change.write(line)
        if form.decision == "revoke":
            await take_roles(change, {line.membership_id: [line.role]})
    forget_person(line.person_id)
    return line


async def decide_several(actor: Actor, review_id: UUID, form: RoleDecisions) -> list[ReviewedRole]:
    """The same decision on several roles at once, for one reason. Where one of them cannot be decided so, none is."""
    require_calm(actor)
    taken: dict[UUID, list[str]] = {}
    async with changing(actor, AccessReview, review_id) as (change, review):
        _require_running(change, review)
        lines = await change.rows(ReviewedRole, _CHOSEN, review_id, form.roles)
        if len(lines) < len(set(form.roles)):
            raise NotFound()
        for line in lines:
            REVIEWED.take(form.decision, line, change)
            _judge(change, line, form)
            taken.setdefault(line.membership_id, []).append(line.role)
        change.write_all(lines)
        if form.decision == "revoke":
            await take_roles(change, taken)
    for line in lines:
        forget_person(line.person_id)
    return lines


async def keep_all(actor: Actor, review_id: UUID) -> int:
    """Keep every role that waits for this reviewer and against which nothing speaks; how many they were."""
    require_calm(actor)
    async with changing(actor, AccessReview, review_id) as (change, review):
        _require_running(change, review)
        waiting = await change.rows(ReviewedRole, _MINE, review_id, actor.person)
        plain = [line for line in waiting if not line.snapshot["doubts"]]
        for line in plain:
            REVIEWED.take("keep", line, change)
            line.decided_by, line.decided_at = actor.person, change.now
            change.record(RoleKept(line.id, line.person_id, line.role, ""), line)
        change.write_all(plain)
    return len(plain)


_MINE = "review_id = $1 and state = 'open' and $2 = any (reviewers) order by id for no key update"
_CHOSEN = "review_id = $1 and id = any($2::uuid[]) order by id for no key update"


def _judge(change: Change, line: ReviewedRole, form: RoleDecision) -> None:
    """Who decided so of a role, and why."""
    line.decided_by, line.decided_at, line.reason = change.actor.person, change.now, form.reason or ""
    if form.decision == "keep":
        _require_reason(line, _("Something speaks against this role: say why it is kept."), doubted=True)
    else:
        _require_reason(line, _("Say why the role is taken back."))
    event = RoleKept if form.decision == "keep" else RoleRevoked
    change.record(event(line.id, line.person_id, line.role, line.reason), line)


def _require_running(change: Change, review: AccessReview) -> None:
    if review.state != "open" or review.due_at <= change.now:
        raise Conflict(_OVER)


async def _require_open(change: Change, line: ReviewedRole) -> None:
    sql = "select state = 'open' and due_at > portal.now() from access_review where id = $1 for key share"
    if not await change.value(sql, line.review_id):
        raise Conflict(_OVER, subject_id=line.review_id)


def _require_reason(line: ReviewedRole, insists: Any, *, doubted: bool = False) -> None:
    if not line.reason and (not doubted or line.snapshot["doubts"]):
        raise Invalid.field("reason", insists)
