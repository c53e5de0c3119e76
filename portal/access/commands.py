"""Signing in and out, and keeping people, their roles and their own data."""

import asyncio
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
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
# Failures within 15 minutes: of one account from one address, of one account from anywhere, from one address.
MOST_FAILURES = (10, 50, 100)
_WAITS, _WAIT = 50, 0.2
# OWASP Password Storage Cheat Sheet, argon2id: 19 MiB of memory, two iterations, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODYS_HASH = _HASHER.hash(secrets.token_hex(16))


class Opened(NamedTuple):
    """A session just opened: the secret for the cookie, and the token that unsafe requests repeat."""

    token: str
    csrf: str
    actor: Actor


async def sign_in(email: str, password: str, *, address: str, agent: str = "") -> Opened:
    """Open a session in the person's first organisation. Known and unknown accounts take the same time and answer.

    The attempt counts as soon as it is let in, so that many at once are no more guesses than one after the other.
    """
    attempt, candidate = await _let_in(email, address)
    right = await _matches(candidate["password_hash"] if candidate else _NOBODYS_HASH, password)
    async with gate() as connection:
        await connection.fetch("select portal.end_sign_in($1, $2)", attempt, candidate is not None and right)
    if candidate is None or not right:
        raise NotSignedIn(_("This e-mail address and password do not belong together."))
    opened = await open_session(candidate["person_id"], candidate["organisation_id"], address, agent)
    async with gate() as connection:
        now: Any = await connection.fetchrow(_CANDIDATE, email)
    if now is None or now["password_hash"] != candidate["password_hash"]:
        await sign_out(opened.actor)
        raise NotSignedIn(_("The password was changed just now. Sign in with the new one."))
    return opened


_CANDIDATE = "select * from portal.sign_in_candidate($1)"


async def _let_in(email: str, address: str) -> tuple[int, Any]:
    """Begin an attempt, waiting while as many as may fail are being judged; `TooMany` when they have failed."""
    account = hashlib.sha256(email.lower().encode()).digest()
    for _attempt in range(_WAITS):
        async with gate() as connection:
            told: Any = await connection.fetchrow(
                "select * from portal.begin_sign_in($1, $2, $3, $4, $5)", account, address, *MOST_FAILURES
            )
            if told["admitted"] is not None:
                return told["admitted"], await connection.fetchrow(_CANDIDATE, email)
        if not told["wait"]:
            break
        await asyncio.sleep(_WAIT)
    raise TooMany(_("There were too many failed attempts. Wait 15 minutes, then try again."), retry_after=900)


async def switch_organisation(actor: Actor, organisation_id: UUID, *, agent: str = "") -> Opened:
    """Act for another of one's organisations: the session's secret changes, the old one is dead.

    A key for programs acts for one organisation and within its scopes, so it opens no session at all.
    """
    if actor.session is None:
        raise Denied(_("Sign in to act for another organisation: an API key acts for one alone."))
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
    """Set the password of oneself or of a colleague; at least 12 characters. It ends every session but this one."""
    if len(password) < LEAST_PASSWORD:
        raise Invalid.field("password", _("Use at least {count} characters.", count=LEAST_PASSWORD))
    hashed = await asyncio.to_thread(_HASHER.hash, password)
    async with changing(actor, Person, person_id) as (change, person):
        await change.fetch("select portal.set_password($1, $2)", person_id, hashed)
        await change.fetch("select portal.end_sessions($1, $2)", person_id, actor.session)
        change.record(PasswordSet(person_id), person)
    queries.forget_person(person_id)


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
    """A session of a member; whoever is none is `Denied`, and the organisation's log never hears of them."""
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    key = hashlib.sha256(token.encode()).digest()
    bare = Actor(organisation_id=organisation_id, organisation_kind="both", person_id=person_id)
    async with changing(bare, Person, person_id) as (change, person):
        is_open = await change.value(
            "select portal.open_session($1, $2, $3, $4, $5, $6, $7)",
            *(key, person_id, organisation_id, csrf, agent[:300], address, LIFETIME),
        )
        if not is_open:
            raise Denied(_("You are not a member of this organisation."))
        change.record(SessionOpened(person_id, address), person)
    identity = await queries.identity_of_session(token)
    if identity is None:
        raise Denied(_("You are not a member of this organisation."))
    return Opened(token, csrf, identity.actor)


async def _matches(stored: str, password: str) -> bool:
    try:
        return await asyncio.to_thread(_HASHER.verify, stored, password)
    except VerifyMismatchError:
        return False
