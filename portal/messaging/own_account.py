"""What a person is told of their own account: somebody who took it over must not stay unnoticed.

It goes to the person alone, whoever acted, also to themselves: if it was they, the mail says nothing new.
"""

from datetime import datetime
from email.message import EmailMessage
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from portal.access.events import PasswordSet, ProviderUnlinked, SecondFactorRemoved
from portal.messaging.letters import Letter, Reading, letter_mail
from portal.messaging.queries import Entry
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.settings import settings
from portal.web.formats import moment_text


class Wording(NamedTuple):
    """What the mail about one kind of event says."""

    subject: Message
    lead: Message


WARNINGS: Final = MappingProxyType(
    {
        PasswordSet.code: Wording(
            _("Your password was changed"),
            _(
                "The password of your account has changed, and your other sessions have ended. If it was not you, ask "
                "for a new password at once, and tell your administrator."
            ),
        ),
        SecondFactorRemoved.code: Wording(
            _("A second factor was removed from your account"),
            _(
                "Your account can be opened with less than before. If it was not you, change your password at once, "
                "and tell your administrator."
            ),
        ),
        ProviderUnlinked.code: Wording(
            _("Your company’s sign-in will know you anew"),
            _(
                "An administrator removed the link between your account and your company’s sign-in, and your sessions "
                "have ended. The next time that you sign in there it is made again. If you did not expect this, tell "
                "your administrator."
            ),
        ),
    }
)
_WHY = _("You get this mail because it is about your account at {organisation}. Times are those of {zone}.")


def warning_mail(message_id: UUID, at: datetime, reader: Actor, entry: Entry, sender: str) -> EmailMessage:
    """The whole mail. Changes the language of this context: call it in one of its own (`asyncio.to_thread`)."""
    reading = Reading(reader.name, reader.email, reader.language, reader.time_zone)
    own = reader.organisation_name
    return letter_mail(lambda: _letter(reader, entry), reading, "mails/notice", sender, own, at, message_id)


def _letter(reader: Actor, entry: Entry) -> Letter:
    wording = WARNINGS[entry.event]
    return Letter(
        subject=str(wording.subject),
        name=reader.name,
        organisation=reader.organisation_name,
        lead=str(wording.lead),
        facts=[(_("When"), moment_text(entry.at))],
        lines=[],
        more=0,
        action=_("Open your profile"),
        link=f"{settings().url}/profile",
        address=settings().url,
        why=str(Message(_WHY.text, {"organisation": reader.organisation_name, "zone": reader.time_zone})),
    )
