"""Looking at the portal as a colleague: to read what they read, for half an hour at most, and to change nothing.

Both are named in every entry of that time. Administrators and auditors are never looked as: the ones would add nothing
that is not the administrator's own, the others read what is theirs alone to know.
"""

from datetime import timedelta
from uuid import UUID

import msgspec

from portal.access import queries
from portal.access.commands.renewal import Opened, believed, fresh, key_of, signed_in
from portal.access.events import SeeAsBegun, SeeAsEnded
from portal.access.forms import LookForm
from portal.access.queries.identities import is_seen
from portal.access.tables import SeeAs
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, Denied, NotFound, NotSignedIn
from portal.platform.work import Change, changing


async def see_as(actor: Actor, person_id: UUID, form: LookForm) -> Opened:
    """Look as a colleague from here on: the session has a new secret, and they are told."""
    signed_in(actor)
    async with changing(_at_once(actor)) as change:
        change.require("see-as:begin")
        seen = await _seen(change, person_id)
        looking = change.add(
            SeeAs(
                id=new_id(),
                organisation_id=actor.organisation_id,
                person_id=seen.person,
                created_by=actor.person,
                reason=form.reason,
                begun_at=change.now,
                until=change.now + timedelta(minutes=form.minutes),
            )
        )
        change.record(SeeAsBegun(looking.id, looking.person_id, looking.reason), looking)
        token, csrf = await _under_new_secret(change, looking.id)
    return await believed(token, csrf)


async def end_look(actor: Actor) -> Opened:
    """Be oneself again, under a new secret."""
    async with changing(_at_once(itself(actor))) as change:
        if actor.seen_by is None:
            raise Conflict(_("You look as nobody but yourself."))
        await note_end(change, actor)
        token, csrf = await _under_new_secret(change, None)
    return await believed(token, csrf)


async def note_end(change: Change, actor: Actor) -> None:
    """The look of this actor, if it is one, is over."""
    if actor.seen_by is None:
        return
    looking = await change.row(SeeAs, actor.seen_by.looking)
    if looking.ended_at is None:
        looking.ended_at = change.now
        change.write(looking)
        change.record(SeeAsEnded(looking.id, looking.person_id), looking)


def itself(actor: Actor) -> Actor:
    """Who looks, as nobody but themselves and in no role: enough to end the look and the session."""
    if actor.seen_by is None:
        return actor
    return Actor(
        organisation_id=actor.organisation_id,
        organisation_kind=actor.organisation_kind,
        organisation_name=actor.organisation_name,
        person_id=actor.seen_by.person_id,
        name=actor.seen_by.name,
        request=actor.request,
        session=actor.session,
        emergency=actor.emergency,
    )


def _at_once(actor: Actor) -> Actor:
    """The new secret is believed from the database, so the change is not held open for its answer; sent twice, the
    second one comes from somebody else than the first."""
    return msgspec.structs.replace(actor, request=msgspec.structs.replace(actor.request, idempotency=None, held=None))


async def _seen(change: Change, person_id: UUID) -> Actor:
    if person_id == change.actor.person_id:
        raise Conflict(_("You see the portal as yourself already."))
    found = await queries.colleagues(change, person_id)
    if not found:
        raise NotFound()
    if not is_seen(found[0].roles):
        raise Denied(_("Nobody looks as an administrator or an auditor."))
    return found[0]


async def _under_new_secret(change: Change, looking: UUID | None) -> tuple[str, str]:
    token, csrf = fresh()
    old = signed_in(change.actor)
    if not await change.value("select portal.look($1, $2, $3, $4)", old, key_of(token), csrf, looking):
        raise NotSignedIn(_("Please sign in to continue."))
    queries.forget_session(old)
    return token, csrf
