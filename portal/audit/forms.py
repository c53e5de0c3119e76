"""What auditors see of an entry."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


class ActorOut(msgspec.Struct):
    """Who acted; a system actor has no id, a person who was erased has no name."""

    id: UUID | None
    name: str
    organisation: str


class RowChangeOut(msgspec.Struct):
    """One row before and after; `before` null is an insert, `after` null a deletion.

    `internal` names the fields that only the reader's own organisation reads.
    """

    table: str
    id: Any
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    internal: list[str]


class EntryOut(msgspec.Struct):
    """One entry of the log. `intact` says that its commitments still fit what it says, internal fields included."""

    id: UUID
    at: datetime
    event: str
    actor: ActorOut
    subject_kind: str
    subject_id: UUID
    subject: str
    root_id: UUID | None
    request_id: str
    data: dict[str, Any]
    changes: list[RowChangeOut]
    intact: bool
