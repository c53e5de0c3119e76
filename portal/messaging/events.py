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
    """The next server took over a mail with a link: for a new password, or an invitation."""

    code = "mail.link-sent"
    purpose: str


@dataclass(frozen=True)
class LinkGivenUp:
    """Nobody will take that mail."""

    code = "mail.link-given-up"
    personal = frozenset({"reason"})
    purpose: str
    reason: str
