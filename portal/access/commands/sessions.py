"""Signing in and out, and acting for another of one's organisations."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal.access import queries
from portal.access.commands.attempts import Attempt, candidate, judged
from portal.access.commands.looking import itself, note_end
from portal.access.commands.refused import note_refusal
from portal.access.commands.renewal import Opened, believed, fresh, key_of, signed_in
from portal.access.commands.second_factor import take_code
from portal.access.events import ApiKeyRevoked, SessionClosed, SessionOpened, SessionsEnded
from portal.access.tables import Membership, Person
from portal.platform.actor import Actor
from portal.platform.gate import gate
from portal.platform.i18n import _
from portal.platform.refusals import Denied, NotFound, NotSignedIn
from portal.platform.work import changing, viewing

_THEIRS = "organisation_id = $1 and person_id = $2 and revoked_at is null"
_KEYS = f"select id, name from api_key where {_THEIRS} order by id for update"
_REVOKE = f"update api_key set revoked_at = $3 where {_THEIRS}"
LIFETIME = timedelta(hours=12)
WRONG = _("This e-mail address and password do not belong together.")


class CodeNeeded(NotSignedIn):
    """The password is right, and the account has a second factor."""

    needs = "code"

    def __init__(self) -> None:
        super().__init__(_("Send the code that your authenticator app shows, too, or a recovery code."))


async def sign_in(
    email: str, password: str, *, address: str, agent: str = "", code: str | None = None, later: bool = False
) -> Opened:
    """Open a session in the person's first organisation. Known and unknown accounts take the same time and answer.

    The attempt counts as soon as it is let in, so that many at once are no more guesses than one after the other. Where
    a second factor is asked for, `code` is one; with `later` the session waits for it, and lets nobody in until then.
    """
    attempt, right = await judged(email, password, address)
    found = attempt.candidate
    if found is None or not right:
        await attempt.end(False)
        note_refusal(found, address, "password")
        raise NotSignedIn(WRONG)
    proved = await _proved(attempt, email, address, code, later)
    opened = await open_session(found["person_id"], found["organisation_id"], address, agent, proved=proved)
    await attempt.end(True if proved or not found["asks_code"] else None)
    async with gate() as connection:
        now: Any = await candidate(connection, email)
    if now is None or now["password_hash"] != found["password_hash"]:
        await sign_out(opened.actor)
        raise NotSignedIn(_("The password was changed just now. Sign in with the new one."))
    return opened


async def _proved(attempt: Attempt, email: str, address: str, code: str | None, later: bool) -> bool:
    """Whether a second factor was proved; a wrong code is a failed attempt like a wrong password."""
    found = attempt.candidate
    if code and found["has_factor"]:
        if await take_code(bare(found["person_id"], found["organisation_id"]), email, code):
            return True
        await attempt.end(False)
        note_refusal(found, address, "code")
        raise NotSignedIn(_("This code is not right, or was used already."))
    if found["asks_code"] and not later:
        await attempt.end(None)
        raise CodeNeeded()
    return False


async def switch_organisation(actor: Actor, organisation_id: UUID, *, agent: str = "") -> Opened:
    """Act for another of one's organisations: the session's secret changes, the old one is dead. It lasts no longer by
    that, and a second factor that was proved stays so.

    A key for programs acts for one organisation and within its scopes, so it opens no session at all.
    """
    if actor.session is None:
        raise Denied(_("Sign in to act for another organisation: an API key acts for one alone."))
    how = await opened_for_all(actor)
    opened = await open_session(actor.person, organisation_id, actor.request.address, agent, how=how, after=actor)
    await sign_out(actor)
    return opened


async def opened_for_all(actor: Actor) -> str:
    """How the session was opened; `Denied` if by a company's own provider, which speaks for that company alone."""
    async with viewing(actor) as view:
        how = await view.value("select how from session where token_hash = $1", actor.session)
    if how == "oidc":
        raise Denied(_("You signed in by your company, which speaks for itself alone: sign in with your password."))
    return how or "password"


async def sign_out(actor: Actor) -> None:
    """Close the session of this request."""
    if actor.session is None:
        return
    own = itself(actor)
    async with changing(own, Person, own.person) as (change, person):
        await note_end(change, actor)
        await change.fetch("select portal.close_session($1)", actor.session)
        change.record(SessionClosed(person.id), person)
    queries.forget_session(actor.session)


async def revoke_session(actor: Actor, key: str) -> None:
    """End one of one's own sessions, on whatever device it is."""
    signed_in(actor)
    try:
        token = bytes.fromhex(key)
    except ValueError:
        raise NotFound() from None
    async with changing(actor, Person, actor.person) as (change, person):
        if not await change.value("delete from session where token_hash = $1 returning true", token):
            raise NotFound()
        change.record(SessionClosed(person.id), person)
    queries.forget_session(token)


async def end_other_sessions(actor: Actor) -> None:
    """Stay signed in here alone."""
    own = signed_in(actor)
    async with changing(actor, Person, actor.person) as (change, person):
        await change.fetch("select portal.end_sessions($1, $2)", person.id, own)
        change.record(SessionsEnded(person.id), person)
    queries.forget_person(actor.person)


async def sign_out_member(actor: Actor, person_id: UUID) -> None:
    """End every session in which somebody acts for one's organisation, and their keys for programs: whoever took the
    account over may have made some. What they do for others goes on."""
    async with changing(actor) as change:
        change.require("members:edit")
        found = await change.rows(
            Membership, "organisation_id = $1 and person_id = $2 for no key update", actor.organisation_id, person_id
        )
        if not found:
            raise NotFound()
        await change.fetch("select portal.end_sessions_here($1, 'administrator')", person_id)
        change.record(SessionsEnded(person_id), found[0])
        for key in await change.fetch(_KEYS, actor.organisation_id, person_id):
            change.record(ApiKeyRevoked(key["id"], key["name"]), found[0])
        change.sql(_REVOKE, actor.organisation_id, person_id, change.now)
    queries.forget_person(person_id)


async def open_session(
    person_id: UUID,
    organisation_id: UUID,
    address: str,
    agent: str,
    *,
    how: str = "password",
    proved: bool = False,
    after: Actor | None = None,
) -> Opened:
    """A session of a member; whoever is none is `Denied`, and the organisation's log never hears of them.

    `after` is somebody who goes on from a session of theirs, which this one does not outlast.
    """
    token, csrf = fresh()
    async with changing(bare(person_id, organisation_id), Person, person_id) as (change, person):
        since: datetime | None = change.now if proved else after and after.proved_at
        is_open = await change.value(
            "select portal.open_session($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            *(key_of(token), person_id, organisation_id, csrf, agent[:300], address, LIFETIME),
            *(how, since, after and after.session),
        )
        if not is_open:
            raise Denied(_("You are not a member of this organisation."))
        change.record(SessionOpened(person_id, address, how), person)
    return await believed(token, csrf)


def bare(person_id: UUID, organisation_id: UUID) -> Actor:
    """Somebody on their way in: nothing but who they are, and for whom."""
    return Actor(organisation_id=organisation_id, organisation_kind="both", person_id=person_id)
