"""Stored documents: what each is of, and where its bytes are."""

from typing import Any

from piccolo.columns import JSONB, UUID, BigInt, Integer, Text, Timestamptz

from portal.platform.work import Row


class Document(Row, tablename="document"):
    """One PDF of one revision of a record, for both its sides. `sha256` names its bytes in the store when ready;
    `made_with` says what it was set from and by which versions."""

    subject_kind = "document"
    owner = "owner_id"
    id = UUID(primary_key=True, default=None)
    owner_id = UUID()
    shown_to = UUID(null=True, default=None)
    kind = Text()
    record_id = UUID()
    number = Text()
    revision = Integer()
    language = Text()
    source = Text()
    template = Text()
    state = Text(default="pending")
    sha256 = Text(null=True, default=None)
    size = BigInt(null=True, default=None)
    media_type = Text(default="application/pdf")
    made_with: Any = JSONB(null=True, default=None)
    error = Text()
    attempts = Integer(default=0)
    requested_by = UUID(null=True, default=None)
    requested_at = Timestamptz()
    ready_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)
