"""What people see of suppliers. A buyer's tiers, tags and tolerances are its own business and are not here."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, NamedTuple
from uuid import UUID

import msgspec

from portal.platform.fields import Code, CurrencyCode, Day, Why


class TermsForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What two organisations agree on before the first order; what is absent is as usual."""

    supplier_number: Code | None = None
    currency: CurrencyCode | None = None
    payment_days: Annotated[int, msgspec.Meta(ge=0, le=365)] | None = None
    response_days: Annotated[int, msgspec.Meta(ge=0, le=60)] | None = None

    def chosen(self) -> dict[str, Any]:
        """The columns of the relationship that were agreed on."""
        return {name: value for name, value in msgspec.structs.asdict(self).items() if value is not None}


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


class OverrideForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Orders go to a supplier in spite of its standing, until the end of that day at the buyer's."""

    EXAMPLE: ClassVar[dict[str, str]] = {"until": "2026-12-31", "reason": "The only source until the tool has moved."}

    until: Day
    reason: Why


class OverrideOut(msgspec.Struct, kw_only=True):
    """An exception from what a standing brings; `active` while orders go through because of it."""

    id: UUID
    supplier_id: UUID
    supplier_name: str
    version: int
    reason: str
    until: date
    active: bool
    created_by: UUID | None
    created_by_name: str = ""
    created_at: datetime
    ended_by: UUID | None
    ended_by_name: str = ""
    ended_at: datetime | None
    end_reason: str


class SupplierPage(NamedTuple):
    """One page of the list; `found` counts all pages, up to a cap."""

    rows: list[SupplierRow]
    newer: str | None
    older: str | None
    found: int
