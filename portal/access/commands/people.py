"""What people keep themselves: their own data, and keys for programs that act as them."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from portal.access import queries
from portal.access.events import ApiKeyCreated, ProfileChanged
from portal.access.forms import ProfileForm
from portal.access.tables import Person
from portal.platform.actor import Actor
from portal.platform.ids import new_id
from portal.platform.work import changing


async def change_profile(actor: Actor, form: ProfileForm) -> Person:
    """Change one's own name, language and time zone."""
    return await _change_person(actor, msgspec.structs.asdict(form))


async def change_language(actor: Actor, language: str) -> Person:
    """Read pages and mails in another language from now on."""
    return await _change_person(actor, {"language": language})


async def _change_person(actor: Actor, values: Mapping[str, Any]) -> Person:
    async with changing(actor, Person, actor.person) as (change, person):
        for name, value in values.items():
            setattr(person, name, value)
        change.write(person)
        change.record(ProfileChanged(person.id), person)
    if actor.session is not None:
        queries.forget_session(actor.session)
    return person


async def create_api_key(actor: Actor, scopes: Sequence[str], name: str = "") -> str:
    """A key for programs, shown once; only its hash is kept. `scopes` are roles, or `*` for all of one's own."""
    key = f"pk_{secrets.token_urlsafe(32)}"
    async with changing(actor, Person, actor.person) as (change, person):
        change.sql(
            "insert into api_key (id, organisation_id, person_id, name, key_hash, scopes) "
            "values ($1, $2, $3, $4, $5, $6)",
            *(new_id(), actor.organisation_id, person.id, name, hashlib.sha256(key.encode()).digest(), list(scopes)),
        )
        change.record(ApiKeyCreated(person.id, tuple(scopes)), person)
    return key
