"""A person's new password, proved by the old one, or by a link that only the reader of their mailbox has."""

import asyncio
import time
from uuid import UUID

from portal.access import queries
from portal.access.commands.attempts import count_link, judged, know
from portal.access.commands.links import make_link
from portal.access.commands.passwords import hash_of, keep_password, require_good
from portal.access.commands.renewal import Opened, believed, renewed, signed_in
from portal.access.events import ResetAsked
from portal.access.queries.links import digest, opened
from portal.access.tables import Person
from portal.platform.actor import Actor
from portal.platform.gate import gate
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Invalid, NotFound
from portal.platform.work import changing

SECONDS = 0.5  # an answer about a link takes as long whether there is an account or not
MOST_IN_AN_HOUR = 5
LINK_OVER = _("This link was used already, or its time is over. Ask for a new one.")


async def change_password(actor: Actor, old: str, new: str, *, address: str) -> Opened:
    """Change one's own password. The old one is proved under the same limits as at sign-in; all other sessions end, and
    this one goes on under a new secret."""
    signed_in(actor)
    require_good(new, "new_password", own=actor.email)
    await prove_password(actor, old, address)
    hashed = await hash_of(new)
    async with changing(actor, Person, actor.person) as (change, person):
        await keep_password(change, person, hashed)
        secrets = await renewed(change)
    queries.forget_person(actor.person)
    return await believed(*secrets)


async def prove_password(actor: Actor, password: str | None, address: str) -> None:
    """Raise `Invalid` unless this is the person's present password; guesses are limited. Who signs in by their company
    and has none gets one by a link: what a company's provider says opens that company, and no account."""
    attempt, right = await judged(actor.email, password or "", address)
    await attempt.end(None if right else False)
    if not right:
        raise Invalid.field("password", _("This is not your present password."))


async def ask_for_reset(email: str, *, address: str) -> None:
    """Have a link for a new password sent to whoever has this account. Nobody learns whether there is one: the answer
    is the same, and takes as long."""
    until = time.monotonic() + SECONDS
    await count_link(email, address)
    async with gate() as connection:
        found = await connection.fetchrow("select * from portal.reset_candidate($1, $2)", email, MOST_IN_AN_HOUR)
    if found is not None:
        await _send_reset(found["person_id"], found["organisation_id"], address)
    await asyncio.sleep(max(until - time.monotonic(), 0))


async def _send_reset(person_id: UUID, organisation_id: UUID, address: str) -> None:
    link_id = new_id()
    async with changing(Actor.system(organisation_id), Person, person_id) as (change, person):
        await make_link(change, link_id, "password", person_id)
        change.record(ResetAsked(link_id, person_id, address), person)


async def reset_password(token: str, new: str, *, address: str) -> None:
    """Set a new password by a link; it is used up by that, and every session of the person ends.

    Guesses of strangers do not keep them from signing in where they did this.
    """
    require_good(new, "new_password")
    found = await opened(token, "password")
    if found is None:
        raise NotFound(LINK_OVER)
    person_id, organisation_id = found
    hashed = await hash_of(new)
    async with changing(Actor.system(organisation_id), Person, person_id) as (change, person):
        require_good(new, "new_password", own=person.email)
        if not await change.value("select portal.use_link($1, 'password')", digest(token)):
            raise NotFound(LINK_OVER)
        await keep_password(change, person, hashed)
    await know(person.email, address)
    queries.forget_person(person_id)
