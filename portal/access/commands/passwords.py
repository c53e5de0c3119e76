"""Passwords: hashed by argon2id, never stored, compared in the same time whether there is an account or not."""

import asyncio
import secrets
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from portal.access import queries
from portal.access.events import PasswordSet
from portal.access.tables import Person
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Denied, Invalid
from portal.platform.work import changing

LEAST_PASSWORD = 12
# OWASP Password Storage Cheat Sheet, argon2id: 19 MiB of memory, two iterations, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODYS_HASH = _HASHER.hash(secrets.token_hex(16))


async def set_password(actor: Actor, person_id: UUID, password: str) -> None:
    """Set one's own password; at least 12 characters. The operator, who acts as the organisation, sets anybody's.

    A colleague cannot, whatever their role: a person may work for others too, and a password opens all of it. A new one
    ends every session but this.
    """
    require_long(password)
    if actor.person_id not in (None, person_id):
        raise Denied(_("Everybody sets their own password."))
    hashed = await asyncio.to_thread(_HASHER.hash, password)
    async with changing(actor, Person, person_id) as (change, person):
        if not await change.value("select portal.set_password($1, $2)", person_id, hashed):
            raise Denied(_("Everybody sets their own password."))
        await change.fetch("select portal.end_sessions($1, $2)", person_id, actor.session)
        change.record(PasswordSet(person_id), person)
    queries.forget_person(person_id)


def require_long(password: str, field: str = "password") -> None:
    """Refuse a password that is too short."""
    if len(password) < LEAST_PASSWORD:
        raise Invalid.field(field, _("Use at least {count} characters.", count=LEAST_PASSWORD))


async def is_right(password: str, stored: str | None) -> bool:
    """Whether this is the password; None, for nobody's account, takes as long and is always wrong."""
    try:
        right = await asyncio.to_thread(_HASHER.verify, stored or _NOBODYS_HASH, password)
    except VerifyMismatchError:
        return False
    return right and stored is not None
