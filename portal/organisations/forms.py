"""What people see of suppliers. A buyer's tiers, tags and tolerances are its own business and are not here."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import msgspec

from portal.platform.fields import Code, CurrencyCode


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


class SupplierPage(NamedTuple):
    """One page of the list; `found` counts all pages, up to a cap."""

    rows: list[SupplierRow]
    newer: str | None
    older: str | None
    found: int
