"""Keys for programs that act as a person: shown once, kept as a hash, for some of the person's roles and some time."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from portal.access import queries
from portal.access.commands.renewal import signed_in
from portal.access.events import ApiKeyCreated, ApiKeyRevoked
from portal.access.forms import ApiKeyMade, KeyForm
from portal.access.tables import Person
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import FieldError, Invalid, NotFound
from portal.platform.work import changing

ALL = "*"
DAYS = 90


async def make_own_key(actor: Actor, form: KeyForm) -> ApiKeyMade:
    """A key for programs of one's own. A key makes no keys: it would grow past its scopes."""
    signed_in(actor)
    known = sorted(actor.roles - {"anyone"})
    unknown = [
        FieldError(f"scopes.{number}", _("Choose one of {choices}.", choices=", ".join([ALL, *known])))
        for number, scope in enumerate(form.scopes)
        if scope not in (ALL, *known)
    ]
    if unknown:
        raise Invalid(errors=unknown)
    return await make_key(actor, form.scopes, form.name, form.valid_days, form.reads_only)


async def create_api_key(
    actor: Actor, scopes: Sequence[str], name: str = "", days: int = DAYS, *, reads_only: bool = False
) -> str:
    """The same for the operator's command line; gives the key."""
    return (await make_key(actor, scopes, name, days, reads_only)).key


async def make_key(actor: Actor, scopes: Sequence[str], name: str, days: int, reads_only: bool) -> ApiKeyMade:
    """`scopes` are roles, or `*` for all of one's own: roles that the person loses, the key loses too."""
    key, key_id, wanted = f"pk_{secrets.token_urlsafe(32)}", new_id(), list(dict.fromkeys(scopes))
    async with changing(actor, Person, actor.person) as (change, person):
        expires_at = change.now + timedelta(days=days)
        change.sql(
            "insert into api_key (id, organisation_id, person_id, name, key_hash, scopes, expires_at, created_at, "
            "reads_only) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            *(key_id, actor.organisation_id, person.id, name, hashlib.sha256(key.encode()).digest(), wanted),
            *(expires_at, change.now, reads_only),
        )
        change.record(ApiKeyCreated(person.id, tuple(wanted), reads_only), person)
    return ApiKeyMade(key_id, key, wanted, reads_only, expires_at)


class _Key(NamedTuple):
    person_id: UUID
    name: str
    revoked: bool


async def revoke_api_key(actor: Actor, key_id: UUID) -> None:
    """A key opens nothing any more within a second: one's own, or as administrator anybody's for the company.

    What was revoked stays so, whoever asks again."""
    async with changing(actor, Person, actor.person) as (change, person):
        record = await change.one(
            "select person_id, name, revoked_at is not null as revoked from api_key "
            "where id = $1 and organisation_id = $2 for update",
            *(key_id, actor.organisation_id),
        )
        if record is None:
            raise NotFound()
        key = _Key(**record)
        if key.person_id != actor.person_id:
            change.require("members:edit")
        if not key.revoked:
            change.sql("update api_key set revoked_at = $2 where id = $1", key_id, change.now)
            change.record(ApiKeyRevoked(key_id, key.name), person)
    queries.forget_person(key.person_id)
