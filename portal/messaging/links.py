"""Mails that carry a link: for a new password, or an invitation. Its token is in the mail and nowhere else."""

import asyncio
import hashlib
from datetime import datetime
from email.message import EmailMessage
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

import structlog

from portal.access.queries import about_link
from portal.messaging.events import LinkGivenUp, LinkSent
from portal.messaging.letters import Letter, Reading, letter_mail
from portal.messaging.post import Undeliverable, deliver, sender
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


async def send_link(actor: Actor, link_id: UUID) -> None:
    """Hand the mail over, unless it went out already or the link is over. The link is locked meanwhile."""
    async with changing(actor) as change:
        link = await change.one("select * from portal.link_to_send($1)", link_id)
        if link is None:
            return
        wording = WORDING[link["purpose"]]
        about = await about_link(change, link["purpose"], link["subject_id"])
        event: Any = LinkSent(link["purpose"])
        try:
            mail = await _compose(change, wording, about, _address(wording, link_id, link))
            await deliver(link_id, mail)
        except (Undeliverable, ValueError) as reason:
            event = LinkGivenUp(link["purpose"], str(reason)[:500])
            log.warning("a mail is given up", link=str(link_id), reason=str(reason))
        await change.fetch("select portal.link_sent($1)", link_id)
        change.record(event, about)


def _address(wording: Wording, link_id: UUID, link: Any) -> str:
    """The token is that of the key with which the link was made, however the ring was turned since."""
    for token in vault.tokens(link["purpose"], link_id):
        if hashlib.sha256(token.encode()).digest() == link["token_hash"]:
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
