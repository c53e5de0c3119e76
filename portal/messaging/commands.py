"""Telling people: first who is told, one mail each; then each mail by itself, so that one that fails holds up none."""

import asyncio
from uuid import UUID

import structlog

from portal.messaging.events import MailGivenUp, MailSent, MailTriedAgain, PeopleNotified
from portal.messaging.letters import compose, name_of
from portal.messaging.own_account import WARNINGS, warning_mail
from portal.messaging.post import Undeliverable, deliver, sender
from portal.messaging.queries import Entry, audience, entry, entry_of, person_of, record_of, told_of
from portal.messaging.rules import BATCH, GIVEN_UP, LEFT_OVER, NOTICES, STALE, Notice
from portal.messaging.states import MAIL
from portal.messaging.tables import MailMessage
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.wiring import Job
from portal.platform.work import Change, changing, viewing

log = structlog.get_logger("messaging")
NOTIFY, SEND, REMAINING = "messaging.notify", "messaging.send", "messaging.remaining"
WARN = "messaging.warn"


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
    """Hand one mail over, unless it went out already. The row is locked meanwhile, so nobody sends it too."""
    async with changing(actor, MailMessage, message_id) as (change, message):
        if message.state != "queued":
            return
        try:
            await _hand_over(change, message)
        except (Undeliverable, ValueError) as reason:
            _give_up(change, message, str(reason))
            return
        MAIL.take("send", message, change)
        message.sent_at = change.now
        change.write(message)
        change.record(MailSent(message.id), message)


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


async def _hand_over(change: Change, message: MailMessage) -> None:
    reader, about = await person_of(change, message), await entry(change, message.entry_id)
    if reader is not None and about is not None and about.event in WARNINGS:
        told_by = (message.id, message.created_at, reader, about, sender())
        await deliver(message.id, await asyncio.to_thread(warning_mail, *told_by))
        return
    record = None if about is None else await record_of(change, about)
    if reader is None or about is None or record is None:
        raise Undeliverable("the person left, or the record is not theirs to see any more")
    told = await told_of(change, reader, about.kind, record)
    mail = await asyncio.to_thread(compose, message.id, message.created_at, reader, about, told, sender())
    await deliver(message.id, mail)


def _give_up(change: Change, message: MailMessage, reason: str) -> None:
    MAIL.take("give_up", message, change)
    message.error = reason[:500]
    change.write(message)
    change.record(MailGivenUp(message.id, message.error), message)
    log.warning("a mail is given up", mail=str(message.id), reason=reason)
