"""What is told of alerts."""

from datetime import datetime
from uuid import UUID

import msgspec


class AlertOut(msgspec.Struct, kw_only=True):
    """An alert; `about` names what it is about beside the person, such as an address or a masked account. `record_kind`
    and `record_id` name the record, if there is one."""

    id: UUID
    version: int
    kind: str
    about: str
    person_id: UUID | None
    person_name: str
    record_kind: str
    record_id: UUID | None
    state: str
    raised_at: datetime
    looked_after_by: UUID | None
    looked_after_by_name: str
    resolved_by_name: str
    resolved_at: datetime | None
    reason: str
