"""What programs learn of a document that is not there yet."""

from datetime import datetime
from uuid import UUID

import msgspec


class DocumentOut(msgspec.Struct):
    """A document: `state` is pending, ready or failed; ask for the file itself until it is there."""

    id: UUID
    number: str
    revision: int
    language: str
    state: str
    requested_at: datetime
