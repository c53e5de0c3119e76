"""Who reviews whose role, what makes keeping it doubtful, and which roles go when nobody decided."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

ADMINISTRATOR: Final = "administrator"
DORMANT: Final = timedelta(days=90)
REMINDED: Final = (timedelta(days=7), timedelta(days=1))  # before a campaign is due
DAYS: Final = 21
LONGEST: Final = timedelta(days=60)


class Held(NamedTuple):
    """A role that somebody holds by a membership."""

    membership_id: UUID
    person_id: UUID
    role: str


def quarter_of(day: date) -> str:
    """As people write it: 2026-Q4."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def quarter_began(day: date) -> date:
    """The first day of the quarter that a day lies in."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def reviewers_of(
    role: str, person_id: UUID, owners: Mapping[str, Sequence[UUID]], administrators: Collection[UUID]
) -> list[UUID]:
    """The owners of the role but the person themselves; where that is nobody, the administrators but them."""
    named = [each for each in owners.get(role, ()) if each != person_id]
    return named or sorted(each for each in administrators if each != person_id)


def doubts(role: str, last_sign_in: datetime | None, now: datetime, conflicts: Iterable[Any]) -> list[dict[str, str]]:
    """What a reviewer should know before they keep the role, as data that is put in words when it is read.

    Of duties that exclude each other those count that come of several roles together: what one role brings along by
    itself is the policy's matter, and nobody could mend it by taking a role back.
    """
    together = [each for each in conflicts if role in each.roles and len(each.roles) > 1]
    found = [{"kind": "conflict", "first": each.first, "second": each.second} for each in together]
    if last_sign_in is None:
        found.append({"kind": "never"})
    elif now - last_sign_in > DORMANT:
        found.append({"kind": "dormant", "days": str((now - last_sign_in).days)})
    return found


def spared(undecided: Iterable[Held], administrators: Collection[UUID]) -> set[UUID]:
    """The memberships whose administrator stays although nobody decided: all of them, where none would be left."""
    going = {held.membership_id for held in undecided if held.role == ADMINISTRATOR}
    return going if going and set(administrators) <= going else set()


def reminder_due(due_at: datetime, reminded_at: datetime | None, now: datetime) -> bool:
    """Whether one of the moments for a reminder has passed since the last one."""
    moments = [due_at - before for before in REMINDED if due_at - before <= now]
    return bool(moments) and now < due_at and (reminded_at is None or reminded_at < max(moments))
