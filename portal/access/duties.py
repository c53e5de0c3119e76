"""Segregation of duties: pairs of permissions that one person may never use on one business transaction.

The pairs are data (`policies/duties.csv`). A business transaction is named by its root, the order; whoever uses a
listed permission leaves a note there, and whoever would use its counterpart is refused. So is whoever did anything on
it for the other side: of that the database takes the notes, from the log.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import combinations, permutations
from typing import Any, NamedTuple
from uuid import UUID

from portal.access.policy import POLICY
from portal.platform.actor import Actor
from portal.platform.constraints import OTHER_SIDE
from portal.platform.i18n import Message, _
from portal.platform.refusals import Denied
from portal.platform.work import Change
from portal.platform.work.parts import Wanted, json_part


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
    return list(_exclusions(POLICY.digest, frozenset({*roles, "anyone"}), kind))


@lru_cache(maxsize=256)
def _exclusions(_digest: str, held: frozenset[str], kind: str) -> tuple[Exclusion, ...]:
    """Kept for each combination of roles while this policy holds."""
    excluding = counterparts()
    pairs = [pair for pair in combinations(sorted(excluding), 2) if pair[1] in excluding[pair[0]]]
    return tuple(
        Exclusion(first, second, giving, _(excluding[first][second]))
        for first, second in pairs
        if (giving := _giving(held, kind, first, second))
    )


def sentences(roles: Iterable[str], kind: str) -> list[Message]:
    """Why these roles do not go together, each reason once: what commands will refuse the second act with. What one of
    them alone gives is no matter of giving another beside it."""
    held = tuple(roles)
    alone = {pair for role in held for pair in _pairs((role,), kind)}
    return list(dict.fromkeys(each.why for each in exclusions(held, kind) if each[:2] not in alone))


def apart(roles: Iterable[str], kind: str) -> dict[str, list[str]]:
    """For each of these roles the others that give, together with it, what neither gives alone."""
    return _apart(POLICY.digest, tuple(roles), kind)


@lru_cache(maxsize=16)
def _apart(_digest: str, roles: tuple[str, ...], kind: str) -> dict[str, list[str]]:
    alone = {role: _pairs((role,), kind) for role in roles}
    found: dict[str, list[str]] = {}
    for one, other in permutations(roles, 2):
        if _pairs((one, other), kind) - alone[one] - alone[other]:
            found.setdefault(one, []).append(other)
    return found


def _pairs(roles: tuple[str, ...], kind: str) -> set[tuple[str, str]]:
    return {each[:2] for each in exclusions(roles, kind)}


def _giving(held: frozenset[str], kind: str, *permissions: str) -> tuple[str, ...]:
    """The roles that give all of these; empty where one of them is denied or not held."""
    if not all(POLICY.decide(held, kind, each) for each in permissions):
        return ()
    return tuple(
        sorted(role for role in held if any(POLICY.decide(frozenset({role}), kind, each) for each in permissions))
    )


class Taken(NamedTuple):
    """A permission that somebody used on a transaction before, or would have for the other side."""

    permission: str
    elsewhere: bool


DUTIES = json_part(
    "select coalesce(json_agg(json_build_array(d.permission, d.elsewhere)), '[]') from portal.duties_of($1, $2) d",
    list[Taken],
    ["duty_taken"],
)


def duties(actor: Actor, root_id: Any) -> Wanted:
    """What `separate` will ask for."""
    return DUTIES.of(root_id, actor.person_id)


async def separate(change: Change, permission: str, root_id: UUID, *, begins: bool = False) -> None:
    """Refuse whoever used an excluding permission on this transaction, or acted for the other side of it.

    Notes that this permission is used now. With an act that `begins` the transaction nobody did anything on it before.
    """
    excluding = counterparts().get(permission)
    actor = change.actor
    if not excluding or actor.person_id is None:
        return
    taken = [] if begins else await change.part(DUTIES, root_id, actor.person_id)
    if any(each.elsewhere for each in taken):
        raise Denied(OTHER_SIDE)
    for used in (each.permission for each in taken):
        if used in excluding:
            raise Denied(_("Somebody else must do this. {why}", why=_(excluding[used])))
    change.sql(
        "insert into duty_taken (organisation_id, root_id, permission, person_id, at) values ($1, $2, $3, $4, $5) "
        "on conflict do nothing",
        *(actor.organisation_id, root_id, permission, actor.person_id, change.now),
    )
