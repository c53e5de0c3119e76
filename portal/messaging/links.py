"""Mails that carry a link: for a new password, or an invitation. Its token is in the mail and nowhere else."""

import asyncio
import hashlib
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

import structlog

from portal.access.queries import about_link
from portal.messaging.events import LinkGivenUp, LinkSent, LinkTakenBack
from portal.messaging.letters import Letter, Reading, letter_mail
from portal.messaging.post import Claimed, NotTaken, Unconfirmed, Undeliverable, deliver, sender
from portal.platform import vault
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.settings import settings
from portal.platform.work import Change, changing

log = structlog.get_logger("messaging")
SEND_LINK = "messaging.link"


class Wording(NamedTuple):
    """What a mail of one purpose says, and where its link leads."""

    path: str
    subject: Message
    lead: Message
    action: Message
    why: Message


WORDING: MappingProxyType[str, Wording] = MappingProxyType(
    {
        "password": Wording(
            "/reset-password/",
            _("A new password for the portal"),
            _("Somebody asked for a new password for your account. If it was not you, do nothing: nothing changes. "
              "The link works once, within an hour."),
            _("Set a new password"),
            _("You get this mail because somebody entered your address on the portal’s page for lost passwords."),
        ),
        "invitation": Wording(
            "/invitations/",
            _("{organisation} invites you to its portal"),
            _("You are asked to act for {organisation} on the portal. The link works once, within seven days."),
            _("See the invitation"),
            _("You get this mail because an administrator of {organisation} entered your address."),
        ),
    }
)  # fmt: skip


class Sendable(NamedTuple):
    """A link that was not sent yet and still works."""

    purpose: str
    about: Any
    token_hash: bytes


async def send_link(actor: Actor, link_id: UUID) -> None:
    """Hand the mail over, unless it went out already or the link is over; once, even if nobody confirms it: whoever
    waits for it in vain asks again."""
    try:
        async with changing(actor) as change:
            found = await _sendable(change, link_id)
            if found is None:
                return
            wording = WORDING[found.purpose]
            mail = await _compose(change, wording, found.about, _address(wording, link_id, found))
        await deliver(link_id, mail, lambda: _end(actor, link_id, LinkSent))
    except Claimed:
        return
    except Unconfirmed as reason:
        log.warning("a mail was handed over and not confirmed", link=str(link_id), reason=str(reason))
    except NotTaken:
        await _take_back(actor, link_id)
        raise
    except (Undeliverable, ValueError) as reason:
        told = str(reason)[:500]
        log.warning("a mail is given up", link=str(link_id), reason=told)
        await _end(actor, link_id, lambda purpose: LinkGivenUp(purpose, told))


async def _sendable(change: Change, link_id: UUID) -> Sendable | None:
    """The link, locked until the change ends."""
    link = await change.one("select * from portal.link_to_send($1)", link_id)
    if link is None:
        return None
    return Sendable(link["purpose"], await about_link(change, link["purpose"], link["subject_id"]), link["token_hash"])


async def _end(actor: Actor, link_id: UUID, event: Callable[[str], Any]) -> bool:
    """Whether the link was ours to send, or to give up: from here on nobody else does."""
    async with changing(actor) as change:
        found = await _sendable(change, link_id)
        if found is None:
            return False
        await change.fetch("select portal.link_sent($1)", link_id)
        change.record(event(found.purpose), found.about)
    return True


async def _take_back(actor: Actor, link_id: UUID) -> None:
    async with changing(actor) as change:
        await change.fetch("select portal.link_taken_back($1)", link_id)
        found = await _sendable(change, link_id)
        if found is not None:
            change.record(LinkTakenBack(found.purpose), found.about)


def _address(wording: Wording, link_id: UUID, link: Sendable) -> str:
    """The token is that of the key with which the link was made, however the ring was turned since."""
    for token in vault.tokens(link.purpose, link_id):
        if hashlib.sha256(token.encode()).digest() == link.token_hash:
            return settings().url + wording.path + token
    raise ValueError("the key that made this link is not in the ring any more")


async def _compose(change: Change, wording: Wording, about: Any, link: str) -> EmailMessage:
    organisation = await change.value("select name from organisation where id = $1", change.actor.organisation_id)
    reader = Reading(about.full_name or about.email, about.email, about.language, about.time_zone)
    return await asyncio.to_thread(_written, wording, reader, organisation, change.now, link)


def _written(wording: Wording, reader: Reading, organisation: str, at: datetime, link: str) -> EmailMessage:
    named = {"organisation": organisation}

    def letter() -> Letter:
        return Letter(
            subject=str(Message(wording.subject.text, named)),
            name=reader.name,
            organisation=organisation,
            lead=str(Message(wording.lead.text, named)),
            facts=[],
            lines=[],
            more=0,
            action=wording.action,
            link=link,
            address=settings().url,
            why=str(Message(wording.why.text, named)),
        )

    return letter_mail(letter, reader, "mails/notice", sender(), organisation, at)
