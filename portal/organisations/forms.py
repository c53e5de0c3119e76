"""What people see of suppliers. A buyer's tiers, tags and tolerances are its own business and are not here."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import msgspec


class SupplierRow(msgspec.Struct, kw_only=True):
    """A supplier in a list; `id` is its organisation. What belongs to a relationship is null where there is none."""

    id: UUID
    number: str | None
    name: str
    state: str | None
    country: str
    currency: str | None
    payment_days: int | None
    payment_terms: str | None
    response_days: int | None
    orders_held_until: date | None
    standing: str | None
    score: Decimal | None


class SupplierOut(SupplierRow, kw_only=True):
    """A supplier with its address and registrations."""

    version: int
    email: str
    address: dict[str, Any]
    registration_number: str
    vat_number: str
    gln: str
    language: str
    time_zone: str


class SupplierPage(NamedTuple):
    """One page of the list; `found` counts all pages, up to a cap."""

    rows: list[SupplierRow]
    newer: str | None
    older: str | None
    found: int
