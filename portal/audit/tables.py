"""The log's tables. Entries are inserted by the unit of work alone."""

from piccolo.columns import JSON, UUID, Bytea, Text, Timestamptz

from portal.platform.work import Row


class AuditEntry(Row, tablename="audit_entry"):
    """One event: actor, subject, before and after, and the salted commitment to all of it."""

    subject_kind = "audit-entry"
    owner = "owner_id"
    id = UUID(primary_key=True, default=None)
    at = Timestamptz()
    organisation_id = UUID()
    actor_id = UUID(null=True, default=None)
    actor_kind = Text()
    owner_id = UUID()
    shown_to = UUID(null=True, default=None)
    event = Text()
    subject_kind_ = Text(db_column_name="subject_kind")
    subject_id = UUID()
    subject = Text()
    root_id = UUID(null=True, default=None)
    request_id = Text()
    body = JSON()
    salt = Bytea()
    leaf = Bytea()
