"""Signing in and out, and acting for another of one's organisations."""

import asyncio
import hashlib
import secrets
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from portal.access import queries
from portal.access.commands.passwords import is_right
from portal.access.events import SessionClosed, SessionOpened, SignInRefused, SignInsRefused
from portal.access.tables import Person
from portal.platform.actor import Actor
from portal.platform.database import gate
from portal.platform.i18n import _
from portal.platform.refusals import Denied, NotSignedIn, TooMany
from portal.platform.work import changing
from portal.platform.work.apart import Sparing
from portal.platform.work.rows import Asked

LIFETIME = timedelta(hours=12)
# Failures within 15 minutes: of one account from one address, of one account from anywhere, from one address.
MOST_FAILURES = (10, 50, 100)
_WAITS, _WAIT = 50, 0.2
REFUSED = Sparing(SignInsRefused)


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
    right = await is_right(password, candidate["password_hash"] if candidate else None)
    async with gate() as connection:
        await connection.fetch("select portal.end_sign_in($1, $2)", attempt, right)
    if candidate is None or not right:
        _note_refusal(candidate, address, "password")
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
    candidate: Any = None
    for _attempt in range(_WAITS):
        async with gate() as connection:
            told: Any = await connection.fetchrow(
                "select * from portal.begin_sign_in($1, $2, $3, $4, $5)", account, address, *MOST_FAILURES
            )
            candidate = await connection.fetchrow(_CANDIDATE, email)
            if told["admitted"] is not None:
                return told["admitted"], candidate
        if not told["wait"]:
            break
        await asyncio.sleep(_WAIT)
    _note_refusal(candidate, address, "attempts")
    raise TooMany(_("There were too many failed attempts. Wait 15 minutes, then try again."), retry_after=900)


def _note_refusal(candidate: Any, address: str, reason: str) -> None:
    """For the log of whoever's person it was, after the answer, which takes no longer for those who are known."""
    if candidate is not None:
        person, organisation = candidate["person_id"], candidate["organisation_id"]
        actor = Actor(organisation_id=organisation, organisation_kind="both", person_id=person)
        REFUSED.keep_soon(actor, SignInRefused(person, address, reason), Asked(person, ""))


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
