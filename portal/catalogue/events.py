"""What happens to items."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class ItemAdded:
    code = "item.added"
    item_id: UUID


@dataclass(frozen=True)
class ItemEdited:
    """Orders that name it keep what they say of it."""

    code = "item.edited"
    item_id: UUID


@dataclass(frozen=True)
class ItemRetired:
    """It is offered to nobody who orders; who knows it still finds it."""

    code = "item.retired"
    item_id: UUID
    reason: str


@dataclass(frozen=True)
class ItemReinstated:
    code = "item.reinstated"
    item_id: UUID


@dataclass(frozen=True)
class PriceSet:
    """A supplier asks this price for an item from now on."""

    code = "supplier-price.set"
    item_id: UUID
    supplier_id: UUID


@dataclass(frozen=True)
class PriceEdited:
    """Orders that took it over keep it as it was."""

    code = "supplier-price.edited"
    item_id: UUID
    supplier_id: UUID
