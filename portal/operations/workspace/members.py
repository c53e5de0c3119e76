"""Who could act for the organisation at a moment, and with what rights, rebuilt from the log."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec

from portal.access.queries import names
from portal.audit import trails
from portal.audit.words import SENTENCES
from portal.operations.workspace.past import Replay
from portal.platform.actor import Actor, ApprovalLimit, Scope
from portal.platform.work import View

# Events in whose entries memberships are written.
_PREFIXES: Final = ("membership.", "invitation.accepted", "access-review.", "break-glass.", "setting.", "engagement.")
_TODAY: Final = "select id, person_id, created_at from membership where organisation_id = $1 and created_at <= $2"
# The database keeps these facts as they were, so they need no replay.
_LENT: Final = """
select created_by, roles from emergency_access where organisation_id = $1 and until is not null
  and decided_at <= $2 and coalesce(ended_at, until) > $2
"""


class MemberThen(NamedTuple):
    """One membership: `known` is false where the log does not say what it was. Roles that an emergency lent at that
    moment are among `roles`."""

    membership_id: UUID
    person_id: UUID
    name: str
    roles: tuple[str, ...]
    scope: Scope
    limit: ApprovalLimit | None
    active: bool
    known: bool

    def actor(self, organisation: Actor) -> Actor:
        """As this person would have acted then."""
        return Actor(
            organisation_id=organisation.organisation_id,
            organisation_kind=organisation.organisation_kind,
            organisation_name=organisation.organisation_name,
            person_id=self.person_id,
            name=self.name,
            roles=frozenset({*self.roles, "anyone"}),
            scope=self.scope,
            limit=self.limit,
        )


async def members_at(view: View, moment: datetime) -> list[MemberThen]:
    """Everybody with a membership then, by name; ended ones are among them, with `active` false."""
    codes = [code for code in SENTENCES if code.startswith(_PREFIXES)]
    entries = await trails.of_events(view, codes)
    told = trails.until(entries, moment)
    known, later = Replay().write(told), Replay().write(entries[len(told) :])
    today = await view.fetch(_TODAY, view.actor.organisation_id, moment)
    people = await names(view, [row["person_id"] for row in today])
    rows = await view.fetch(_LENT, view.actor.organisation_id, moment)
    lent = {row["created_by"]: tuple(row["roles"]) for row in rows}
    found = []
    for row in today:
        key = ("membership", str(row["id"]))
        values = later.found.get(key, {}) | known.rows.get(key, {})
        name = people.get(row["person_id"], ("–", ""))[0]
        member = _member(row, values, name, key in known.born and not known.unknown[key], moment)
        more = tuple(role for role in lent.get(member.person_id, ()) if role not in member.roles)
        found.append(member._replace(roles=member.roles + more))
    return sorted(found, key=lambda member: (not member.active, member.name))


def _member(row: Any, values: dict[str, Any], name: str, known: bool, moment: datetime) -> MemberThen:
    ends = values.get("ends_at")
    over = ends is not None and datetime.fromisoformat(ends) <= moment
    return MemberThen(
        membership_id=row["id"],
        person_id=row["person_id"],
        name=name,
        roles=tuple(values.get("roles", ())),
        scope=msgspec.convert(values.get("scope") or {}, Scope),
        limit=_limit(values),
        active=bool(values.get("active", False)) and not over,
        known=known,
    )


def _limit(values: dict[str, Any]) -> ApprovalLimit | None:
    if not values.get("limit_currency"):
        return None
    gross, cumulative = (values.get(name) for name in ("limit_gross", "limit_cumulative"))
    return ApprovalLimit(
        values["limit_currency"],
        None if gross is None else Decimal(gross),
        None if cumulative is None else Decimal(cumulative),
    )
