"""What happens to items."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class ItemAdded:
    code = "item.added"
    item_id: UUID


@dataclass(frozen=True)
class PriceSet:
    """A supplier asks this price for an item from now on."""

    code = "supplier-price.set"
    item_id: UUID
    supplier_id: UUID
