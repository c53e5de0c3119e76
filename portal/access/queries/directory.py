"""What organisations and their people may know of each other, and what the operator looks up by name."""

from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from portal.access.duties import sentences
from portal.access.forms import Member
from portal.access.policy import POLICY
from portal.access.queries.identities import actor_of, limit_of, rates_for
from portal.platform.actor import Actor, Scope
from portal.platform.gate import gate
from portal.platform.work import View


async def members_named(email: str, organisation: str | None = None) -> list[Actor]:
    """The person with this address as each of their organisations' member, or the named one's: for the command line."""
    async with gate() as connection:
        records = await connection.fetch("select * from portal.member_named($1, $2)", email, organisation)
        rates = {row["organisation_id"]: await rates_for(connection, [row]) for row in records}
    return [actor_of(record, rates[record["organisation_id"]]) for record in records]


async def member_named(email: str, organisation: str | None = None) -> Actor | None:
    """The person with this address, acting in the named organisation or the first of theirs."""
    return next(iter(await members_named(email, organisation)), None)


# The members of an organisation ($1) and their roles, as part of a larger statement.
COLLEAGUES = "select person_id as id, full_name as name, roles from portal.member where organisation_id = $1"


async def colleagues(view: View, person_id: UUID | None = None) -> list[Actor]:
    """The members of the view's organisation as they would act, or one of them: for asking what each may do."""
    sql = (
        "select * from portal.member where organisation_id = $1 and ($2::uuid is null or person_id = $2) order by email"
    )
    records = await view.fetch(sql, view.actor.organisation_id, person_id)
    rates = await rates_for(view, records)
    return [actor_of(record, rates) for record in records]


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
    held = {rule.role for rule in POLICY.rules() if kind == "both" or rule.kind in ("any", kind)}
    return sorted(held - {"anyone", "newcomer", "system"})


async def people(view: View, person_id: UUID | None = None) -> list[Member]:
    """Everybody who is or was a member of one's organisation, or one of them, by name; at most MOST_PEOPLE."""
    records = await view.fetch(_PEOPLE, view.actor.organisation_id, MOST_PEOPLE, person_id)
    return [
        Member(
            person_id=record["person_id"],
            name=record["full_name"],
            email=record["email"],
            roles=record["roles"],
            scope=msgspec.convert(record["scope"], Scope),
            limit=limit_of(record),
            state="active" if record["active"] and record["disabled_at"] is None else "locked",
            last_sign_in=record["last_sign_in"],
            version=record["version"],
            conflicts=[str(why) for why in sentences(record["roles"], view.actor.organisation_kind)],
        )
        for record in records
    ]


async def site_names(view: View) -> dict[UUID, str]:
    """One's organisation's sites, for scopes that name them."""
    return {row["id"]: row["name"] for row in await view.fetch("select id, name from site")}


MOST_PEOPLE = 500
_PEOPLE = """
select m.person_id, p.full_name, p.email, m.roles, m.scope, m.limit_currency, m.limit_gross, m.limit_cumulative,
  m.active and (m.ends_at is null or m.ends_at > portal.now()) as active, m.version, p.disabled_at,
  (select e.at from audit_entry e where e.actor_id = p.id and e.event = 'session.opened'
    and e.owner_id = $1 order by e.at desc limit 1) as last_sign_in
from membership m join person p on p.id = m.person_id
where m.organisation_id = $1 and ($3::uuid is null or m.person_id = $3)
order by active desc, portal.collated(p.full_name) limit $2
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
