"""Signing in and out, and keeping people, their roles and their own data."""

import asyncio
import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from portal.access import queries
from portal.access.events import (
    ApiKeyCreated,
    MemberAdded,
    OrganisationFounded,
    PasswordSet,
    ProfileChanged,
    SessionClosed,
    SessionOpened,
)
from portal.access.forms import ProfileForm
from portal.access.tables import Membership, Organisation, Person, Site
from portal.platform.actor import Actor
from portal.platform.database import gate
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, Denied, Invalid, NotSignedIn, TooMany
from portal.platform.work import changing

LIFETIME = timedelta(hours=12)
LEAST_PASSWORD = 12
MOST_FAILURES_OF_ACCOUNT = 10
MOST_FAILURES_OF_ADDRESS = 100
# OWASP Password Storage Cheat Sheet, argon2id: 19 MiB of memory, two iterations, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODYS_HASH = _HASHER.hash(secrets.token_hex(16))


class Opened(NamedTuple):
    """A session just opened: the secret for the cookie, and the token that unsafe requests repeat."""

    token: str
    csrf: str
    actor: Actor


async def sign_in(email: str, password: str, *, address: str, agent: str = "") -> Opened:
    """Open a session in the person's first organisation. Known and unknown accounts take the same time and answer."""
    account = hashlib.sha256(email.lower().encode()).digest()
    async with gate() as connection:
        failures: Any = await connection.fetchrow("select * from portal.sign_in_failures($1, $2)", account, address)
        candidate = await connection.fetchrow("select * from portal.sign_in_candidate($1)", email)
    if failures["of_account"] >= MOST_FAILURES_OF_ACCOUNT or failures["of_address"] >= MOST_FAILURES_OF_ADDRESS:
        raise TooMany(_("There were too many failed attempts. Wait 15 minutes, then try again."))
    right = await _matches(candidate["password_hash"] if candidate else _NOBODYS_HASH, password)
    if candidate is None or not right:
        async with gate() as connection:
            await connection.fetch("select portal.sign_in_failed($1, $2)", account, address)
        raise NotSignedIn(_("This e-mail address and password do not belong together."))
    return await open_session(candidate["person_id"], candidate["organisation_id"], address, agent)


async def switch_organisation(actor: Actor, organisation_id: UUID, *, agent: str = "") -> Opened:
    """Act for another of one's organisations: the session's secret changes, the old one is dead."""
    opened = await open_session(actor.person, organisation_id, actor.request.address, agent)
    await sign_out(actor)
    return opened


async def sign_out(actor: Actor) -> None:
    """Close the session of this request."""
    if actor.session is None:
        return
    async with changing(actor, Person, actor.person) as (change, person):
        await change.fetch("select portal.close_session($1)", actor.session)
        change.record(SessionClosed(person.id), person)
    queries.forget_session(actor.session)


async def revoke_session(actor: Actor, key: str) -> None:
    """End one of one's own sessions, on whatever device it is."""
    async with changing(actor, Person, actor.person) as (change, person):
        change.sql("delete from session where token_hash = decode($1, 'hex')", key)
        change.record(SessionClosed(person.id), person)
    queries.forget_session(bytes.fromhex(key))


async def change_profile(actor: Actor, form: ProfileForm) -> Person:
    async with changing(actor, Person, actor.person) as (change, person):
        person.full_name, person.language, person.time_zone = form.full_name, form.language, form.time_zone
        change.write(person)
        change.record(ProfileChanged(person.id), person)
    if actor.session is not None:
        queries.forget_session(actor.session)
    return person


async def found_organisation(organisation: Organisation, sites: Sequence[Site] = ()) -> Organisation:
    """A new organisation comes to be, by itself: the start of everything else in it."""
    async with changing(Actor.system(organisation.id)) as change:
        organisation.created_at = change.now
        change.add(organisation)
        for site in sites:
            site.organisation_id, site.created_at = organisation.id, change.now
            change.add(site)
        change.record(OrganisationFounded(organisation.id), organisation)
    return organisation


async def add_member(actor: Actor, person: Person, roles: Sequence[str], **rights: Any) -> Person:
    """Give a new person roles in the actor's organisation; `rights` are scope and approval limit."""
    async with changing(actor) as change:
        if await change.value("select 1 from person where email = $1", person.email):
            raise Conflict(_("Somebody with this e-mail address is a member already."))
        person.created_at = change.now
        change.add(person)
        membership = Membership(
            id=new_id(),
            organisation_id=actor.organisation_id,
            person_id=person.id,
            roles=list(roles),
            created_at=change.now,
            scope=rights.pop("scope", {}),
            **rights,
        )
        change.add(membership)
        change.record(MemberAdded(person.id, tuple(roles)), membership)
    return person


async def set_password(actor: Actor, person_id: UUID, password: str) -> None:
    """Set the password of oneself or of a colleague; at least 12 characters."""
    if len(password) < LEAST_PASSWORD:
        raise Invalid.field("password", _("Use at least {count} characters.", count=LEAST_PASSWORD))
    hashed = await asyncio.to_thread(_HASHER.hash, password)
    async with changing(actor, Person, person_id) as (change, person):
        await change.fetch("select portal.set_password($1, $2)", person_id, hashed)
        change.record(PasswordSet(person_id), person)


async def change_password(actor: Actor, old: str, new: str, *, address: str, agent: str = "") -> Opened:
    """Change one's own password. The old one is proved by signing in with it, under the same limits as anywhere; the
    session that comes of it takes the place of the present one."""
    if len(new) < LEAST_PASSWORD:
        raise Invalid.field("new_password", _("Use at least {count} characters.", count=LEAST_PASSWORD))
    try:
        opened = await sign_in(actor.email, old, address=address, agent=agent)
    except NotSignedIn as refusal:
        raise Invalid.field("password", _("This is not your present password.")) from refusal
    if opened.actor.organisation_id != actor.organisation_id:
        opened = await switch_organisation(opened.actor, actor.organisation_id, agent=agent)
    await set_password(opened.actor, actor.person, new)
    await sign_out(actor)
    return opened


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


async def open_session(person_id: UUID, organisation_id: UUID, address: str, agent: str) -> Opened:
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    key = hashlib.sha256(token.encode()).digest()
    bare = Actor(organisation_id=organisation_id, organisation_kind="both", person_id=person_id)
    async with changing(bare, Person, person_id) as (change, person):
        await change.fetch(
            "select portal.open_session($1, $2, $3, $4, $5, $6, $7)",
            *(key, person_id, organisation_id, csrf, agent[:300], address, LIFETIME),
        )
        change.record(SessionOpened(person_id, address), person)
    identity = await queries.identity_of_session(token)
    if identity is None:
        raise Denied(_("You are no longer a member of this organisation."))
    return Opened(token, csrf, identity.actor)


async def _matches(stored: str, password: str) -> bool:
    try:
        return await asyncio.to_thread(_HASHER.verify, stored, password)
    except VerifyMismatchError:
        return False
