"""What happens to mails."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class PeopleNotified:
    """These people are told about an entry of the log; each gets one mail."""

    code = "mail.queued"
    entry_id: UUID
    people: tuple[UUID, ...]


@dataclass(frozen=True)
class MailHandedOver:
    """The mail is given to the next server, once: nobody else gives it from here on."""

    code = "mail.handed-over"
    message_id: UUID


@dataclass(frozen=True)
class MailTakenBack:
    """The next server refused it for now, or it was never given to it: it will be handed over again."""

    code = "mail.taken-back"
    message_id: UUID


@dataclass(frozen=True)
class MailSent:
    """The next server took the mail over."""

    code = "mail.sent"
    message_id: UUID


@dataclass(frozen=True)
class MailGivenUp:
    """Nobody will take the mail. Mail servers like to name the address in their reason."""

    code = "mail.given-up"
    personal = frozenset({"reason"})
    message_id: UUID
    reason: str


@dataclass(frozen=True)
class MailTriedAgain:
    """Nobody took it when it was new; it is tried once more."""

    code = "mail.tried-again"
    message_id: UUID


@dataclass(frozen=True)
class LinkSent:
    """A mail with a link, for a new password or an invitation, is given to the next server, once."""

    code = "mail.link-sent"
    purpose: str


@dataclass(frozen=True)
class LinkTakenBack:
    """The next server refused it for now: it will be sent again."""

    code = "mail.link-taken-back"
    purpose: str


@dataclass(frozen=True)
class LinkGivenUp:
    """Nobody will take that mail."""

    code = "mail.link-given-up"
    personal = frozenset({"reason"})
    purpose: str
    reason: str
