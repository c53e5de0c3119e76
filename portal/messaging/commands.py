"""Telling people: first who is told, one mail each; then each mail by itself, so that one that fails holds up none."""

import asyncio
from email.message import EmailMessage
from typing import NamedTuple
from uuid import UUID

import structlog

from portal.messaging.events import (
    MailGivenUp,
    MailHandedOver,
    MailSent,
    MailTakenBack,
    MailTriedAgain,
    PeopleNotified,
)
from portal.messaging.letters import compose, name_of
from portal.messaging.notebook import never_given, noted
from portal.messaging.own_account import WARNINGS, warning_mail
from portal.messaging.post import Claimed, NotTaken, Unconfirmed, Undeliverable, deliver, sender
from portal.messaging.queries import Entry, audience, entry, entry_of, person_of, record_of, told_of
from portal.messaging.rules import BATCH, GIVEN_UP, LEFT_OVER, NOTICES, STALE, Notice
from portal.messaging.states import MAIL
from portal.messaging.tables import MailMessage
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Unavailable, Unsure
from portal.platform.wiring import Job
from portal.platform.work import Change, changing, viewing

log = structlog.get_logger("messaging")
NOTIFY, SEND, REMAINING = "messaging.notify", "messaging.send", "messaging.remaining"
WARN = "messaging.warn"
PAUSES = (0.2, 0.5, 1, 2, 4, 8)  # seconds


async def notify(actor: Actor, event: str, about: UUID) -> None:
    """Queue a mail to everybody whom this event's notices are for, on whichever side they are; once for each entry.

    One act may record an event several times, as a despatch advice over three orders does: all of them are one piece of
    news, told at once by whichever job comes first.
    """
    async with viewing(actor) as view:
        found = await entry_of(view, event, about, actor.request.id)
    for notice in NOTICES[event].sides if found else ():
        assert found is not None
        if side := found.sides[notice.side]:
            await _notify_side(Actor.system(side, cause=actor.request.id), notice, found)


async def _notify_side(actor: Actor, notice: Notice, found: Entry) -> None:
    async with changing(actor) as change:
        if change.now - found.at > STALE:
            return
        await change.value("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"mails of {found.id}")
        people = await audience(change, notice, found)
        known = {row.person_id for row in await change.rows(MailMessage, "entry_id = $1", found.id)}
        fresh = [person.person_id for person in people if person.person_id and person.person_id not in known]
        if fresh:
            _queue(change, found, actor.organisation_id, fresh)


async def warn(actor: Actor, event: str, person_id: UUID) -> None:
    """Queue a mail to a person about their own account; once for each entry."""
    async with viewing(actor) as view:
        found = await entry_of(view, event, person_id, actor.request.id)
    if found is None:
        return
    async with changing(actor) as change:
        await change.value("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"mails of {found.id}")
        if change.now - found.at <= STALE and not await change.rows(MailMessage, "entry_id = $1", found.id):
            _queue(change, found, actor.organisation_id, [person_id])


async def send(actor: Actor, message_id: UUID) -> None:
    """Hand one mail over, unless that was done or begun: what was given and never confirmed may have arrived."""
    handing = Handing(actor, message_id, new_id())
    async with viewing(actor) as view:
        message = await view.row(MailMessage, message_id)
    if message.state == "handed" and message.claim is not None and never_given(message.claim):
        await Handing(actor, message_id, message.claim).take_back()
    elif message.state != "queued":
        return
    try:
        with noted(handing.name) as note:
            await deliver(message_id, await _written(actor, message), handing.claim, note.given)
    except Claimed:
        return
    except Unconfirmed as reason:
        log.warning("a mail was handed over and not confirmed", mail=str(message_id), reason=str(reason))
    except NotTaken:
        await handing.take_back()
        raise
    except (Undeliverable, ValueError) as reason:
        await handing.give_up(str(reason))
    else:
        await handing.confirm()


class Handing(NamedTuple):
    """One mail on its way to the next server. Each step is a transaction of its own: no row stays locked meanwhile."""

    actor: Actor
    message_id: UUID
    name: UUID  # of this attempt

    async def claim(self) -> bool:
        """Whether it is ours to hand over: from here on nobody else does. The mail server waits meanwhile, so a
        database that goes away just now is asked again whether it heard us, for as long as it may take to be back."""
        for pause in PAUSES:
            try:
                return await self._claimed()
            except (Unavailable, Unsure):
                await asyncio.sleep(pause)
        return await self._claimed()

    async def _claimed(self) -> bool:
        async with changing(self.actor, MailMessage, self.message_id) as (change, message):
            if message.state == "handed" and message.claim == self.name:
                return True
            if message.state != "queued":
                return False
            MAIL.take("hand_over", message, change)
            message.claim = self.name
            change.write(message)
            change.record(MailHandedOver(message.id), message)
        return True

    async def confirm(self) -> None:
        async with changing(self.actor, MailMessage, self.message_id) as (change, message):
            if message.state in ("queued", "handed"):
                MAIL.take("confirm", message, change)
                message.sent_at = change.now
                change.write(message)
                change.record(MailSent(message.id), message)

    async def take_back(self) -> None:
        async with changing(self.actor, MailMessage, self.message_id) as (change, message):
            if message.state == "handed" and message.claim == self.name:
                MAIL.take("take_back", message, change)
                change.write(message)
                change.record(MailTakenBack(message.id), message)

    async def give_up(self, reason: str) -> None:
        async with changing(self.actor, MailMessage, self.message_id) as (change, message):
            if message.state in ("queued", "handed"):
                _give_up(change, message, reason)


async def look_after_remaining(actor: Actor, after: UUID | None = None) -> None:
    """Try again what nobody took, until it is too old to matter: a batch of it, in the sequence of ids beyond `after`;
    a job of its own goes on from there."""
    async with changing(actor) as change:
        remaining = await change.rows(
            MailMessage,
            "state = 'queued' and created_at < $1 and ($2::uuid is null or id > $2) order by id limit $3 "
            "for update skip locked",
            *(change.now - LEFT_OVER, after, BATCH),
        )
        for message in remaining:
            if change.now - message.created_at > GIVEN_UP:
                _give_up(change, message, str(_("nobody took it for {days} days", days=GIVEN_UP.days)))
            else:
                change.later(Job(SEND, actor.organisation_id, {"message_id": message.id}))
                change.record(MailTriedAgain(message.id), message)
        if len(remaining) == BATCH:
            change.later(Job(REMAINING, actor.organisation_id, {"after": remaining[-1].id}))


def _queue(change: Change, entry: Entry, organisation_id: UUID, people: list[UUID]) -> None:
    ids = [new_id() for _person in people]
    messages = change.add_all(
        MailMessage,
        [
            {
                "id": message_id,
                "organisation_id": organisation_id,
                "person_id": person,
                "entry_id": entry.id,
                "event": entry.event,
                "state": "queued",
                "error": "",
                "message_id": name_of(message_id),
                "created_at": change.now,
                "version": 1,
            }
            for message_id, person in zip(ids, people, strict=True)
        ],
    )
    for message_id in ids:
        change.later(Job(SEND, organisation_id, {"message_id": message_id}))
    change.record(PeopleNotified(entry.id, tuple(people)), messages[0])


async def _written(actor: Actor, message: MailMessage) -> EmailMessage:
    async with viewing(actor) as view:
        reader, about = await person_of(view, message), await entry(view, message.entry_id)
        if reader is not None and about is not None and about.event in WARNINGS:
            return await asyncio.to_thread(warning_mail, message.id, message.created_at, reader, about, sender())
        record = None if about is None else await record_of(view, about)
        if reader is None or about is None or record is None:
            raise Undeliverable("the person left, or the record is not theirs to see any more")
        told = await told_of(view, reader, about.kind, record)
    return await asyncio.to_thread(compose, message.id, message.created_at, reader, about, told, sender())


def _give_up(change: Change, message: MailMessage, reason: str) -> None:
    MAIL.take("give_up", message, change)
    message.error = reason[:500]
    change.write(message)
    change.record(MailGivenUp(message.id, message.error), message)
    log.warning("a mail is given up", mail=str(message.id), reason=reason)
