"""What happens to items."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class ItemAdded:
    code = "item.added"
    item_id: UUID
