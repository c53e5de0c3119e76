"""What people see of items and prices."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

import msgspec


class ItemRow(msgspec.Struct):
    """An item in a list."""

    id: UUID
    number: str
    name: str
    unit: str
    category: str
    tax_category: str
    tax_rate: Decimal
    gtin: str
    active: bool


class SupplierOfItem(msgspec.Struct):
    id: UUID
    name: str


class PriceOut(msgspec.Struct):
    """What one supplier asks: `unit_price` for `base_quantity` of `unit`; null for who may not see prices."""

    id: UUID
    supplier: SupplierOfItem
    supplier_item_number: str
    currency: str
    unit_price: Decimal | None
    base_quantity: Decimal
    unit: str
    minimum_quantity: Decimal | None
    maximum_quantity: Decimal | None
    lead_time_days: int | None
    valid_from: date | None
    valid_to: date | None


class ItemOut(ItemRow):
    version: int
    prices: list[PriceOut]


class ItemPage(NamedTuple):
    """One page of the list; `found` counts all pages, up to a cap."""

    rows: list[ItemRow]
    newer: str | None
    older: str | None
    found: int
