"""Passwords: hashed by argon2id, never stored, compared in the same time whether there is an account or not."""

import asyncio
import secrets
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from portal.access import queries
from portal.access.events import PasswordSet
from portal.access.rules import LEAST_PASSWORD, is_common
from portal.access.tables import Person
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Denied, Invalid
from portal.platform.work import Change, changing

# OWASP Password Storage Cheat Sheet, argon2id: 19 MiB of memory, two iterations, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


async def set_password(
    actor: Actor, person_id: UUID, password: str, *, known: bool = False, first: bool = False
) -> None:
    """Set one's own password. The operator, who acts as the organisation, sets anybody's; of a demo, a `known` one.

    A colleague cannot, whatever their role: a person may work for others too, and a password opens all of it. A new one
    ends every session but this.
    """
    if actor.person_id not in (None, person_id):
        raise Denied(_("Everybody sets their own password."))
    hashed = await hash_of(password, known=known)
    async with changing(actor, Person, person_id) as (change, person):
        if not known:
            require_good(password, own=person.email)
        await keep_password(change, person, hashed, first=first)
    queries.forget_person(person_id)


async def keep_password(change: Change, person: Person, hashed: str, *, first: bool = False) -> None:
    """The new password within a change; every session ends but the one that the change is made in. Unless it is their
    `first`, the person is told by mail."""
    if not await change.value("select portal.set_password($1, $2)", person.id, hashed):
        raise Denied(_("Everybody sets their own password."))
    await change.fetch("select portal.end_sessions($1, $2, 'password')", person.id, change.actor.session)
    change.record(PasswordSet(person.id, first), person)


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash(secrets.token_hex(16))


async def hash_of(password: str, *, known: bool = False) -> str:
    """The password as it is stored; one that is too short or too common is refused."""
    require_good(password) if not known else require_long(password)
    return await asyncio.to_thread(_HASHER.hash, password)


def require_good(password: str, field: str = "password", *, own: str = "") -> None:
    """Refuse what is too short, and what others would try first. Nothing else is asked of a password."""
    require_long(password, field)
    if is_common(password):
        raise Invalid.field(field, _("Many people use this password or one like it. A sentence of your own is better."))
    if is_common(password, own=own):
        raise Invalid.field(
            field, _("That is your own address, which everybody knows. A sentence of your own is better.")
        )


def require_long(password: str, field: str = "password") -> None:
    """Refuse a password that is too short."""
    if len(password) < LEAST_PASSWORD:
        raise Invalid.field(field, _("Use at least {count} characters.", count=LEAST_PASSWORD))


async def is_right(password: str, stored: str | None) -> bool:
    """Whether this is the password; None, for nobody's account, takes as long and is always wrong."""
    nobodys = await asyncio.to_thread(_nobodys_hash)  # made at the first question, whoever it is about
    try:
        right = await asyncio.to_thread(_HASHER.verify, stored or nobodys, password)
    except VerifyMismatchError:
        return False
    return right and stored is not None
