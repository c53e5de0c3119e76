"""What happens to letterheads."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class LetterheadPublished:
    """Documents that are made from now on look like this; those made before stay as they are."""

    code = "letterhead.published"
    letterhead_id: UUID
    edition: int
