"""The log, whose entries are inserted by the unit of work alone; what holds records, and what became of them."""

from piccolo.columns import JSON, UUID, Bytea, Date, Integer, Text, Timestamptz

from portal.access.tables import Invitation as Invitation
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
    mark = Bytea(null=True, default=None)


class LegalHold(Row, tablename="legal_hold"):
    """Keeps what it names from being deleted: a record, all of a party, a period, or what fits several of them."""

    subject_kind = "legal-hold"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    number = Text()
    state = Text(default="placed")
    object_id = UUID(null=True, default=None)
    party_id = UUID(null=True, default=None)
    from_day = Date(null=True, default=None)
    until_day = Date(null=True, default=None)
    reason = Text()
    placed_by = UUID(null=True, default=None)
    placed_at = Timestamptz()
    released_by = UUID(null=True, default=None)
    released_at = Timestamptz(null=True, default=None)
    release_reason = Text(default="")
    version = Integer(default=1)


class Disposal(Row, tablename="disposal"):
    """A certificate: so many documents were destroyed, by which rules; `digest` is over its lines."""

    subject_kind = "disposal"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    number = Text()
    jurisdiction = Text()
    rules = Text()
    as_of = Date()
    items = Integer()
    digest = Text()
    disposed_by = UUID(null=True, default=None)
    disposed_at = Timestamptz()
