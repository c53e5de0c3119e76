"""Keeping a role or taking it back, one by one; what is taken back is gone at once."""

from typing import Any
from uuid import UUID

from portal.access.commands import take_role
from portal.access.queries import forget_person
from portal.oversight.commands.emergencies import require_calm
from portal.oversight.events import RoleKept, RoleRevoked
from portal.oversight.forms import RoleDecision
from portal.oversight.states import REVIEWED
from portal.oversight.tables import AccessReview, Membership, ReviewedRole
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, Invalid
from portal.platform.work import Change, changing


async def decide(actor: Actor, reviewed_id: UUID, form: RoleDecision) -> ReviewedRole:
    """Keep somebody's role or take it back. The reviewer answers for it, and the member is never the reviewer.

    A role that was kept may still be taken back while the campaign lasts; what was taken back comes again by an
    administrator alone.
    """
    require_calm(actor)
    async with changing(actor, ReviewedRole, reviewed_id) as (change, line):
        REVIEWED.take(form.decision, line, change)
        await _require_open(change, line)
        line.decided_by, line.decided_at, line.reason = actor.person, change.now, form.reason or ""
        change.write(line)
        if form.decision == "keep":
            _require_reason(line, _("Something speaks against this role: say why it is kept."), doubted=True)
            change.record(RoleKept(line.id, line.person_id, line.role, line.reason), line)
            return line
        _require_reason(line, _("Say why the role is taken back."))
        change.record(RoleRevoked(line.id, line.person_id, line.role, line.reason), line)
        if await _holds(change, line):
            await take_role(change, line.person_id, line.role)
    forget_person(line.person_id)
    return line


async def keep_all(actor: Actor, review_id: UUID) -> int:
    """Keep every role that waits for this reviewer and against which nothing speaks; how many they were."""
    require_calm(actor)
    async with changing(actor, AccessReview, review_id) as (change, review):
        if review.state != "open" or review.due_at <= change.now:
            raise Conflict(_("The review is over: nothing is decided in it any more."))
        waiting = await change.rows(ReviewedRole, _MINE, review_id, actor.person)
        plain = [line for line in waiting if not line.snapshot["doubts"]]
        for line in plain:
            REVIEWED.take("keep", line, change)
            line.decided_by, line.decided_at = actor.person, change.now
            change.record(RoleKept(line.id, line.person_id, line.role, ""), line)
        change.write_all(plain)
    return len(plain)


_MINE = "review_id = $1 and state = 'open' and $2 = any (reviewers) order by id for no key update"


async def _require_open(change: Change, line: ReviewedRole) -> None:
    sql = "select state = 'open' and due_at > portal.now() from access_review where id = $1 for key share"
    if not await change.value(sql, line.review_id):
        raise Conflict(_("The review is over: nothing is decided in it any more."), subject_id=line.review_id)


def _require_reason(line: ReviewedRole, insists: Any, *, doubted: bool = False) -> None:
    if not line.reason and (not doubted or line.snapshot["doubts"]):
        raise Invalid.field("reason", insists)


async def _holds(change: Change, line: ReviewedRole) -> bool:
    """Whether they hold the role still: it may be gone since the campaign began."""
    found = await change.rows(Membership, "id = $1 and active and $2 = any (roles)", line.membership_id, line.role)
    return bool(found)
