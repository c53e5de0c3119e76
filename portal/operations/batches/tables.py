"""Batches; their documents are written by the work itself, as plain rows."""

from typing import Any

from piccolo.columns import UUID, BigInt, Boolean, Integer, Text, Timestamptz

from portal.platform.work import Row


class Batch(Row, tablename="batch"):
    """Documents of one kind and month as one file, for whoever asked with the `rights` they had. `lacking` of them
    could not be made; `sha256` names the file, which is there until `expires_at`."""

    subject_kind = "batch"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    number = Text()
    kind = Text()
    month = Text()
    direction = Text()
    partner_id = UUID(null=True, default=None)
    partner_name = Text()
    with_xml = Boolean(default=True)
    state = Text(default="asked")
    documents = Integer()
    lacking = Integer(default=0)
    sha256: Any = Text(null=True, default=None)
    size: Any = BigInt(null=True, default=None)
    problem = Text()
    asked_by = UUID()
    rights = Text()
    asked_at = Timestamptz()
    ready_at: Any = Timestamptz(null=True, default=None)
    expires_at: Any = Timestamptz(null=True, default=None)
    version = Integer(default=1)
