"""What people know of themselves: where they are signed in, their second factors, their keys, what they accepted."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg

from portal.access.forms import ApiKeyOut, PasskeyOut
from portal.access.tables import LegalText
from portal.platform import vault
from portal.platform.work import View


class AcceptedText(NamedTuple):
    """An edition that the person accepted, as it was published, and when."""

    text_id: UUID
    organisation_id: UUID
    organisation_name: str
    kind: str
    edition: int
    texts: dict[str, str]
    published_at: datetime
    accepted_at: datetime


class Factors(NamedTuple):
    """A person's second factors: since when codes of an app count, how many recovery codes are left, passkeys."""

    codes_since: datetime | None
    recovery_codes: int
    passkeys: list[PasskeyOut]


async def sessions(view: View) -> list[asyncpg.Record]:
    """The person's open sessions, newest first; the token itself is not among what is known."""
    return await view.fetch(_SESSIONS)


_SESSIONS = """
select encode(token_hash, 'hex') as key, user_agent, address, how, created_at, seen_at, expires_at
from session where expires_at > now() order by seen_at desc limit 50
"""


async def phone(view: View) -> str:
    """One's own telephone number; blank where none was given."""
    return await view.value("select phone from person where id = $1", view.actor.person)


async def factors(view: View) -> Factors:
    person = view.actor.person
    since = await view.value("select confirmed_at from totp where person_id = $1", person)
    left = await view.value("select count(*) from recovery_code where person_id = $1 and used_at is null", person)
    keys = await view.fetch(
        "select id, name, created_at, used_at from passkey where person_id = $1 order by created_at, id", person
    )
    return Factors(since, left, [PasskeyOut(**key) for key in keys])


async def credentials(view: View) -> list[bytes]:
    """The passkeys that the person has, as their browsers know them."""
    rows = await view.fetch("select credential_id from passkey where person_id = $1", view.actor.person)
    return [row["credential_id"] for row in rows]


async def totp_secret(view: View) -> str | None:
    """The secret that the person is putting into their app; a confirmed one is never shown again."""
    sealed = await view.value(
        "select sealed from totp where person_id = $1 and confirmed_at is null", view.actor.person
    )
    return None if sealed is None else vault.open_secret(f"totp {view.actor.person}", sealed)


async def api_keys(view: View, person_id: UUID | None) -> list[ApiKeyOut]:
    """Keys for programs that act for the view's organisation, newest first: one person's, or everybody's."""
    records = await view.fetch(_KEYS, view.actor.organisation_id, person_id)
    return [ApiKeyOut(**record) for record in records]


_KEYS = """
select k.id, k.name, k.scopes, k.reads_only, p.full_name as person, k.created_at, k.expires_at, k.used_at, k.revoked_at
from api_key k join person p on p.id = k.person_id
where k.organisation_id = $1 and ($2::uuid is null or k.person_id = $2)
order by k.revoked_at is not null, k.created_at desc, k.id desc limit 200
"""


async def to_accept(view: View) -> list[LegalText]:
    """The newest terms and notices that the person has not accepted, with their words."""
    actor = view.actor
    records = await view.fetch(
        "select t.* from portal.unaccepted($1, $2, now()) u join legal_text t on t.id = u.id "
        "order by t.organisation_name, t.kind desc",
        *(actor.person, actor.organisation_id),
    )
    return [LegalText.of(record) for record in records]


async def accepted(view: View) -> list[AcceptedText]:
    """What the person accepted, the last first, of companies that the one they act for knows."""
    records = await view.fetch(_ACCEPTED, view.actor.person)
    told = [(LegalText.of(record), record["accepted_at"]) for record in records]
    return [
        AcceptedText(t.id, t.organisation_id, t.organisation_name, t.kind, t.edition, t.texts, t.published_at, at)
        for t, at in told
    ]


_ACCEPTED = """
select t.*, a.accepted_at from legal_acceptance a join legal_text t on t.id = a.text_id
where a.person_id = $1 order by a.accepted_at desc, a.id desc limit 200
"""
