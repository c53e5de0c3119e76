"""Who comes, goes or gets other roles changes at once who decides in a review of access that is open."""

from collections.abc import Iterable
from typing import Any

from portal.access.events import MemberAdded, MemberRemoved, RolesChanged
from portal.oversight.rules import ADMINISTRATOR, REASSIGN
from portal.platform.wiring import Job, Reaction
from portal.platform.work import Change


def _came(change: Change, event: MemberAdded | RolesChanged) -> Iterable[Job]:
    """Only administrators decide without being named."""
    if change.actor.person_id is not None and ADMINISTRATOR in event.roles:
        yield Job(REASSIGN, change.actor.organisation_id, {})


def _went(change: Change, _event: MemberRemoved) -> Iterable[Job]:
    yield Job(REASSIGN, change.actor.organisation_id, {})


REACTIONS: dict[Any, Reaction] = {
    MemberAdded: Reaction(later=[_came]),
    RolesChanged: Reaction(later=[_came]),
    MemberRemoved: Reaction(later=[_went]),
}
