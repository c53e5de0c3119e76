"""Mails that the portal sends: who gets one about what, and whether it went out."""

from piccolo.columns import UUID, Integer, Text, Timestamptz

from portal.platform.work import Row


class MailMessage(Row, tablename="mail_message"):
    """One mail to one person about one entry of the log; address and words are looked up when it is sent."""

    subject_kind = "mail"
    personal = frozenset({"error"})
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    person_id = UUID()
    entry_id = UUID()
    event = Text()
    state = Text(default="queued")
    error = Text()
    message_id = Text()
    created_at = Timestamptz()
    sent_at = Timestamptz(null=True, default=None)
    claim = UUID(null=True, default=None)  # the attempt that hands it over, or did
    version = Integer(default=1)
