"""Segregation of duties: pairs of permissions that one person may never use on one business transaction.

The pairs are data (`policies/duties.csv`). A business transaction is named by its root, the order; whoever uses a
listed permission leaves a note there, and whoever would use its counterpart is refused. So is whoever did anything on
it for the other side: of that the database takes the notes, from the log.
"""

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import NamedTuple
from uuid import UUID

from portal.access.policy import POLICY
from portal.platform.constraints import OTHER_SIDE
from portal.platform.i18n import Message, _
from portal.platform.refusals import Denied
from portal.platform.work import Change


def counterparts() -> Mapping[str, Mapping[str, str]]:
    """For each permission, the ones that exclude it, with the sentence that says why, as the policy says now."""
    return POLICY.excluding


class Exclusion(NamedTuple):
    """Two permissions that one person holds and may never use on one transaction, and the roles that give them."""

    first: str
    second: str
    roles: tuple[str, ...]
    why: Message


def exclusions(roles: Iterable[str], kind: str) -> list[Exclusion]:
    """What these roles together would let one person try in an organisation of this kind; a pair that one role alone
    gives is among them, since that role is too much then."""
    held, excluding = frozenset({*roles, "anyone"}), counterparts()
    pairs = [pair for pair in combinations(sorted(excluding), 2) if pair[1] in excluding[pair[0]]]
    return [
        Exclusion(first, second, giving, _(excluding[first][second]))
        for first, second in pairs
        if (giving := _giving(held, kind, first, second))
    ]


def _giving(held: frozenset[str], kind: str, *permissions: str) -> tuple[str, ...]:
    """The roles that give all of these; empty where one of them is denied or not held."""
    if not all(POLICY.decide(held, kind, each) for each in permissions):
        return ()
    return tuple(
        sorted(role for role in held if any(POLICY.decide(frozenset({role}), kind, each) for each in permissions))
    )


async def separate(change: Change, permission: str, root_id: UUID) -> None:
    """Refuse whoever used an excluding permission on this transaction, or acted for the other side of it.

    Notes that this permission is used now.
    """
    excluding = counterparts().get(permission)
    actor = change.actor
    if not excluding or actor.person_id is None:
        return
    taken = await change.fetch("select permission, elsewhere from portal.duties_of($1, $2)", root_id, actor.person_id)
    if any(row["elsewhere"] for row in taken):
        raise Denied(OTHER_SIDE)
    for used in (row["permission"] for row in taken):
        if used in excluding:
            raise Denied(_("Somebody else must do this. {why}", why=_(excluding[used])))
    change.sql(
        "insert into duty_taken (organisation_id, root_id, permission, person_id, at) values ($1, $2, $3, $4, $5) "
        "on conflict do nothing",
        *(actor.organisation_id, root_id, permission, actor.person_id, change.now),
    )
