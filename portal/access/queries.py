"""Who a token belongs to, and what a person may know about themselves and their colleagues."""

import hashlib
import time
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from portal.access.forms import Member
from portal.access.policy import POLICY
from portal.platform.actor import Actor, ApprovalLimit, Scope
from portal.platform.database import gate
from portal.platform.work import View
from portal.web.context import Organisation

IDLE = timedelta(hours=8)
_REMEMBERED = 1.0
_LEAST_SWEEP = 10_000


class Identity(NamedTuple):
    """An actor with the token of its session that unsafe requests must repeat (empty for API keys)."""

    actor: Actor
    csrf: str
    organisations: tuple[Organisation, ...] = ()


_seen: dict[bytes, tuple[float, Identity | None]] = {}


async def identity_of_session(token: str) -> Identity | None:
    """Whose session this is. Remembered for one second per process: a revoked session is dead within that."""
    key = hashlib.sha256(token.encode()).digest()
    known = _seen.get(key)
    if known is not None and known[0] > time.monotonic():
        return known[1]
    async with gate() as connection:
        record = await connection.fetchrow("select * from portal.session_member($1, $2)", key, IDLE)
        own = await connection.fetch("select * from portal.memberships_of_session($1)", key)
    organisations = tuple(Organisation(row["organisation_id"], row["organisation_name"]) for row in own)
    identity = None if record is None else Identity(_actor(record, session=key), record["csrf"], organisations)
    if len(_seen) > _LEAST_SWEEP:
        _seen.clear()
    _seen[key] = (time.monotonic() + _REMEMBERED, identity)
    return identity


def forget_session(key: bytes) -> None:
    """This process stops believing in a session at once."""
    _seen.pop(key, None)


def forget_person(person_id: UUID) -> None:
    """This process stops believing in all sessions of a person at once; the others do so within a second."""
    for key in [key for key, (_until, known) in _seen.items() if known and known.actor.person_id == person_id]:
        forget_session(key)


async def identity_of_api_key(key: str) -> Identity | None:
    """Whose API key this is. Its scopes narrow the roles: a key never holds more than its person does."""
    async with gate() as connection:
        record = await connection.fetchrow(
            "select * from portal.api_key_member($1)", hashlib.sha256(key.encode()).digest()
        )
    if record is None:
        return None
    actor = _actor(record)
    scopes = frozenset(record["scopes"])
    roles = actor.roles if "*" in scopes else actor.roles & (scopes | {"anyone"})
    return Identity(msgspec.structs.replace(actor, roles=roles), "")


async def members_named(email: str, organisation: str | None = None) -> list[Actor]:
    """The person with this address as each of their organisations' member, or the named one's: for the command line."""
    async with gate() as connection:
        records = await connection.fetch("select * from portal.member_named($1, $2)", email, organisation)
    return [_actor(record) for record in records]


async def member_named(email: str, organisation: str | None = None) -> Actor | None:
    """The person with this address, acting in the named organisation or the first of theirs."""
    return next(iter(await members_named(email, organisation)), None)


async def colleagues(view: View, person_id: UUID | None = None) -> list[Actor]:
    """The members of the view's organisation as they would act, or one of them: for asking what each may do."""
    sql = (
        "select * from portal.member where organisation_id = $1 and ($2::uuid is null or person_id = $2) order by email"
    )
    return [_actor(record) for record in await view.fetch(sql, view.actor.organisation_id, person_id)]


async def members(organisation: str) -> list[dict[str, Any]]:
    """Who may sign in for the organisation of this name: for the operator's command line."""
    async with gate() as connection:
        return _listed(await connection.fetch("select * from portal.members($1)", organisation))


async def every_member(owner_url: str) -> list[dict[str, Any]]:
    """The same of all organisations, which only the owner of the schema may list."""
    return _listed(await _as_owner(owner_url, "select * from portal.every_member()"))


async def every_organisation(owner_url: str) -> list[dict[str, str]]:
    """All organisations, the oldest first: for the owner of the schema too."""
    rows = await _as_owner(owner_url, "select * from portal.every_organisation()")
    return [{name: str(value) for name, value in row.items()} for row in rows]


async def _as_owner(owner_url: str, sql: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(owner_url)
    try:
        return await connection.fetch(sql)
    finally:
        await connection.close()


def _listed(rows: list[asyncpg.Record]) -> list[dict[str, Any]]:
    return [{"email": row["email"], "organisation": row["organisation_name"], "roles": row["roles"]} for row in rows]


async def organisations_named(name: str | None) -> list[asyncpg.Record]:
    """Organisations of this name or id, the oldest first; without one, the buying one, if there is one alone."""
    async with gate() as connection:
        if name is None:
            return await connection.fetch("select * from portal.only_buyer()")
        return await connection.fetch("select * from portal.organisations($1)", name)


def roles_of(kind: str) -> list[str]:
    """The roles that people of such an organisation may hold, as the policy knows them."""
    held = {rule[0] for rule in POLICY.rules() if kind == "both" or rule[1] in ("any", kind)}
    return sorted(held - {"anyone", "system"})


async def sessions(view: View) -> list[asyncpg.Record]:
    """The person's open sessions, newest first; the token itself is not among what is known."""
    sql = "select encode(token_hash, 'hex') as key, user_agent, address, created_at, seen_at from session"
    return await view.fetch(f"{sql} order by seen_at desc limit 50")


async def people(view: View) -> list[Member]:
    """Everybody who is or was a member of one's organisation, by name; at most MOST_PEOPLE."""
    records = await view.fetch(_PEOPLE, view.actor.organisation_id, MOST_PEOPLE)
    return [
        Member(
            person_id=record["person_id"],
            name=record["full_name"],
            email=record["email"],
            roles=record["roles"],
            scope=msgspec.convert(record["scope"], Scope),
            limit=_limit(record),
            state="active" if record["active"] and record["disabled_at"] is None else "locked",
            last_sign_in=record["last_sign_in"],
        )
        for record in records
    ]


async def site_names(view: View) -> dict[UUID, str]:
    """One's organisation's sites, for scopes that name them."""
    return {row["id"]: row["name"] for row in await view.fetch("select id, name from site")}


MOST_PEOPLE = 500
_PEOPLE = """
select m.person_id, p.full_name, p.email, m.roles, m.scope, m.limit_currency, m.limit_gross, m.limit_cumulative,
  m.active, p.disabled_at, (select e.at from audit_entry e where e.actor_id = p.id and e.event = 'session.opened'
    and e.owner_id = $1 order by e.id desc limit 1) as last_sign_in
from membership m join person p on p.id = m.person_id where m.organisation_id = $1
order by m.active desc, p.full_name limit $2
"""


async def own_currency(view: View) -> str:
    """The currency the actor's organisation keeps its books in."""
    return await view.value("select currency from organisation where id = $1", view.actor.organisation_id)


async def names(view: View, people: list[UUID]) -> dict[UUID, tuple[str, str]]:
    """Full name and organisation of people whose acts one may see: colleagues and trading partners."""
    rows = await view.fetch("select * from portal.names($1)", [person for person in people if person])
    return {row["id"]: (row["full_name"], row["organisation_name"]) for row in rows}


async def organisation_names(view: View, ids: list[UUID]) -> dict[UUID, str]:
    """The names of organisations: one's own and those one trades with."""
    rows = await view.fetch("select id, name from organisation where id = any($1::uuid[])", ids) if ids else []
    return {row["id"]: row["name"] for row in rows}


def _limit(member: Any) -> ApprovalLimit | None:
    if not member["limit_currency"]:
        return None
    return ApprovalLimit(member["limit_currency"], member["limit_gross"], member["limit_cumulative"])


def _actor(member: Any, session: bytes | None = None) -> Actor:
    return Actor(
        organisation_id=member["organisation_id"],
        organisation_kind=member["organisation_kind"],
        organisation_name=member["organisation_name"],
        person_id=member["person_id"],
        name=member["full_name"],
        email=member["email"],
        roles=frozenset({*member["roles"], "anyone"}),
        scope=msgspec.convert(member["scope"], Scope),
        limit=_limit(member),
        language=member["language"],
        time_zone=member["time_zone"],
        session=session,
    )
