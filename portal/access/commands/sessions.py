"""Signing in and out, and acting for another of one's organisations."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from portal.access import queries
from portal.access.commands.passwords import is_right
from portal.access.events import SessionClosed, SessionOpened
from portal.access.tables import Person
from portal.platform.actor import Actor
from portal.platform.database import gate
from portal.platform.i18n import _
from portal.platform.refusals import Denied, NotSignedIn, TooMany
from portal.platform.work import changing

LIFETIME = timedelta(hours=12)
MOST_FAILURES_OF_ACCOUNT = 10
MOST_FAILURES_OF_ADDRESS = 100


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
    right = await is_right(password, candidate["password_hash"] if candidate else None)
    if candidate is None or not right:
        async with gate() as connection:
            await connection.fetch("select portal.sign_in_failed($1, $2)", account, address)
        raise NotSignedIn(_("This e-mail address and password do not belong together."))
    return await open_session(candidate["person_id"], candidate["organisation_id"], address, agent)


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
