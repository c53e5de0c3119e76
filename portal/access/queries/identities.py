"""Who a token belongs to: the session of a browser, the key of a program."""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from time import monotonic
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.access.policy import POLICY
from portal.platform.actor import Actor, ApprovalLimit, Emergency, Scope, Seer
from portal.platform.gate import gate, glance
from portal.web.context import Organisation

IDLE = timedelta(hours=8)
_REMEMBERED = 1.0
UNSEEN = frozenset({"administrator", "auditor"})
_LEAST_SWEEP = 10_000


class Identity(NamedTuple):
    """An actor with the token of its session that unsafe requests must repeat (empty for API keys)."""

    actor: Actor
    csrf: str
    organisations: tuple[Organisation, ...] = ()


_seen: dict[bytes, tuple[float, Identity | None]] = {}


def is_seen(roles: Iterable[str]) -> bool:
    """Whether an administrator may look as somebody who holds these roles."""
    return UNSEEN.isdisjoint(roles)


async def identity_of_session(token: str) -> Identity | None:
    """Whose session this is. Remembered for one second per process: a revoked session is dead within that."""
    return await _remembered(token, _asked_of_session)


async def identity_of_api_key(key: str) -> Identity | None:
    """Whose API key this is, remembered as a session is."""
    return await _remembered(key, _asked_of_api_key)


def key_of(token: str) -> bytes:
    """As which a secret is stored."""
    return hashlib.sha256(token.encode()).digest()


async def _remembered(token: str, ask: Callable[[bytes], Awaitable[Identity | None]]) -> Identity | None:
    key = key_of(token)
    known = _seen.get(key)
    if known is not None and known[0] > monotonic():
        return known[1]
    identity = await ask(key)
    if len(_seen) > _LEAST_SWEEP:
        _seen.clear()
    _seen[key] = (monotonic() + _REMEMBERED, identity)
    return identity


async def _asked_of_session(key: bytes) -> Identity | None:
    async with gate() as connection:
        record = await connection.fetchrow("select * from portal.session_member($1, $2)", key, IDLE)
        rates = {} if record is None else await rates_for(connection, [record])
        own = await connection.fetch("select * from portal.memberships_of_session($1)", key)
    return None if record is None else _identity(record, rates, key, own)


async def _asked_of_api_key(key: bytes) -> Identity | None:
    """Its scopes narrow the roles: a key never holds more than its person does."""
    async with glance() as connection:
        record = await connection.fetchrow("select * from portal.api_key_member($1)", key)
        rates = {} if record is None else await rates_for(connection, [record])
    if record is None:
        return None
    actor = actor_of(record, rates)
    scopes = frozenset(record["scopes"])
    roles = actor.roles if "*" in scopes else actor.roles & (scopes | {"anyone"})
    return Identity(msgspec.structs.replace(actor, roles=roles, reads_only="reads-only" in scopes), "")


def _identity(record: Any, rates: dict[str, Decimal], key: bytes, own: Sequence[Any]) -> Identity | None:
    """Who looks as a colleague acts for this organisation alone, and only while both of their roles still allow it."""
    actor = actor_of(record, rates, session=key)
    if actor.seen_by is None:
        organisations = tuple(Organisation(row["organisation_id"], row["organisation_name"]) for row in own)
        return Identity(actor, record["csrf"], organisations)
    looks = POLICY.decide(frozenset({*record["seer_roles"], "anyone"}), actor.organisation_kind, "see-as:begin")
    return Identity(actor, record["csrf"]) if looks and is_seen(record["roles"]) else None


def forget_session(key: bytes) -> None:
    """This process stops believing in a session, or an API key, at once."""
    _seen.pop(key, None)


def forget_person(person_id: UUID) -> None:
    """This process stops believing in all sessions and keys of a person at once; the others do so within a second."""
    for key in [key for key, (_until, known) in _seen.items() if known and known.actor.person_id == person_id]:
        forget_session(key)


def limit_of(member: Any) -> ApprovalLimit | None:
    if not member["limit_currency"]:
        return None
    return ApprovalLimit(member["limit_currency"], member["limit_gross"], member["limit_cumulative"])


async def rates_for(connection: Any, members: Sequence[Any]) -> dict[str, Decimal]:
    """Today's rates of the organisation of these members, if the limit of any of them is measured by rates."""
    measured = [each for each in members if each["limit_gross"] is not None or each["limit_cumulative"] is not None]
    if not measured:
        return {}
    organisation, zone = measured[0]["organisation_id"], measured[0]["time_zone"]
    rows = await connection.fetch("select * from portal.rates_today($1, $2)", organisation, zone)
    return {row["currency"]: row["rate"] for row in rows}


def actor_of(member: Any, rates: dict[str, Decimal], session: bytes | None = None) -> Actor:
    """A member as they act. Who has something to do yet before they are let in holds no role of theirs until then."""
    pending = tuple(member.get("pending") or ())
    return Actor(
        organisation_id=member["organisation_id"],
        organisation_kind=member["organisation_kind"],
        organisation_name=member["organisation_name"],
        person_id=member["person_id"],
        name=member["full_name"],
        email=member["email"],
        roles=frozenset({"newcomer"} if pending else {*member["roles"], "anyone"}),
        scope=msgspec.convert(member["scope"], Scope),
        limit=limit_of(member),
        rates=rates,
        language=member["language"],
        time_zone=member["time_zone"],
        session=session,
        proved_at=member.get("proved_at"),
        has_factor=bool(member.get("has_factor")),
        pending=pending,
        emergency=Emergency(member["emergency"], member["emergency_until"]) if member.get("emergency") else None,
        seen_by=_seer_of(member),
    )


def _seer_of(member: Any) -> Seer | None:
    if not member.get("seer"):
        return None
    return Seer(member["seer"], member["seer_name"], member["looking"], member["looking_until"])
