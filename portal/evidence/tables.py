"""Attached files: what each belongs to, what was found in it, and where its bytes are."""

from piccolo.columns import UUID, BigInt, Boolean, Integer, Text, Timestamptz

from portal.platform.work import Row


class EvidenceFile(Row, tablename="evidence_file"):
    """A file of one record. `owner_id` is the organisation that attached it; `shown_to` the other one, once the record
    is shown to it, never for what is `internal`. `finding` is what the scanner said."""

    subject_kind = "evidence-file"
    owner = "owner_id"
    private = frozenset({"finding"})
    id = UUID(primary_key=True, default=None)
    owner_id = UUID()
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID(null=True, default=None)
    kind = Text()
    record_id = UUID()
    record_number = Text()
    name = Text()
    note = Text()
    size = BigInt()
    internal = Boolean(default=False)
    state = Text(default="uploading")
    media_type = Text()
    sha256 = Text(null=True, default=None)
    preview_sha256 = Text(null=True, default=None)
    scanner = Text()
    finding = Text()
    checked_at = Timestamptz(null=True, default=None)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    deleted_by = UUID(null=True, default=None)
    deleted_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)
