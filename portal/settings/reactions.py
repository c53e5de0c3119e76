"""Approval limits: what an administrator takes away holds at once, what they give waits for a second person."""

from portal.access.events import LimitSet
from portal.platform.wiring import Reaction
from portal.platform.work import Change
from portal.settings import commands
from portal.settings.tables import Membership

KIND = "approval-limit"


async def _set(change: Change, event: LimitSet) -> None:
    nothing = {"limit_currency": None, "limit_gross": None, "limit_cumulative": None}
    of = {"id": None, "organisation_id": change.actor.organisation_id, "person_id": event.person_id}
    membership = Membership.of(of | nothing)
    lowered = await commands.lower(change, KIND, membership, event.lowered) if event.lowered else None
    if event.asked:
        await commands.propose_within(change, KIND, membership, event.asked, by=event.asked_by, after=lowered)


REACTIONS = {LimitSet: Reaction(now=[_set])}
