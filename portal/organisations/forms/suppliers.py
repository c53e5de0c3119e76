"""What people send to keep suppliers, and what they see of them. A buyer's tiers, tags and tolerances are its own
business and are not shown to the supplier."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, NamedTuple
from uuid import UUID

import msgspec

from portal.platform.fields import (
    Code,
    CountryCode,
    CurrencyCode,
    Day,
    Email,
    Gln,
    Language,
    Line,
    Phone,
    TimeZone,
    VatNumber,
    Why,
    registration_problem,
    vat_problem,
)
from portal.platform.problems import FieldError, Together
from portal.settings.forms import TolerancesForm

ADDRESS = ("country", "region", "city", "postal_code", "street")


class TermsForm(Together, forbid_unknown_fields=True, kw_only=True):
    """What two organisations agree on before the first order; what is absent is as usual, or stays as it is."""

    supplier_number: Code | None = None
    currency: CurrencyCode | None = None
    payment_days: Annotated[int, msgspec.Meta(ge=0, le=365)] | None = None
    payment_terms: Line | None = None
    response_days: Annotated[int, msgspec.Meta(ge=0, le=60)] | None = None
    tier: Line | None = None
    tags: Annotated[list[Line], msgspec.Meta(max_length=20)] | None = None

    def agreed(self) -> dict[str, Any]:
        """The columns of the relationship that were agreed on."""
        names = TermsForm.__struct_fields__
        return {name: said for name in names if (said := getattr(self, name)) is not None}


class BroughtTerms(TermsForm, forbid_unknown_fields=True, kw_only=True):
    """Terms with tolerances, as an operator brings them along; on pages and in the API tolerances take two people."""

    tolerances: TolerancesForm

    def agreed(self) -> dict[str, Any]:
        return super().agreed() | {"tolerances": self.tolerances.kept()}


class SupplierForm(TermsForm, forbid_unknown_fields=True, kw_only=True):
    """A supplier with its own data, which the buyer keeps until somebody of the supplier does, and what is agreed.

    `another` says that it is none of those of the same name.
    """

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "name": "Brightbolt Fasteners",
        "country": "DE",
        "city": "Hagen",
        "vat_number": "DE811569869",
        "supplier_number": "S-1001",
    }

    name: Line
    country: CountryCode
    region: Line | None = None
    city: Line | None = None
    postal_code: Line | None = None
    street: Line | None = None
    registration_number: Code | None = None
    vat_number: VatNumber | None = None
    gln: Gln | None = None
    email: Email | None = None
    phone: Phone | None = None
    language: Language | None = None
    time_zone: TimeZone | None = None
    another: bool = False

    @classmethod
    def together(cls, said: Mapping[str, Any]) -> Iterable[FieldError]:
        """Numbers of registers are those of the company's country."""
        country = said.get("country")
        for name, problem in (("vat_number", vat_problem), ("registration_number", registration_problem)):
            if country and (number := said.get(name)) and (wrong := problem(country, number)):
                yield FieldError(name, wrong)

    def company(self) -> dict[str, Any]:
        """The columns of its organisation; currency and language of its documents are the usual ones if not said."""
        reached = ("registration_number", "vat_number", "gln", "email", "phone")
        plain = {name: getattr(self, name) or "" for name in reached}
        chosen = {name: said for name in ("language", "time_zone", "currency") if (said := getattr(self, name))}
        address = {name: said for name in ADDRESS if (said := getattr(self, name))}
        return {"name": self.name, "country": self.country, "address": address} | plain | chosen


class RegisteredForm(TermsForm, forbid_unknown_fields=True, kw_only=True):
    """A company that keeps its own data on the portal, by its exact VAT number, GLN or unified social credit code."""

    EXAMPLE: ClassVar[dict[str, str]] = {"registered": "DE811569869", "supplier_number": "S-1001"}

    registered: Code


class FirstPersonForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Who gets the mail that opens the portal to a supplier: its first person, who invites the others."""

    EXAMPLE: ClassVar[dict[str, str]] = {"email": "orders@supplier.example", "full_name": "Sasha Bright"}

    email: Email
    full_name: Line | None = None


class PartyOut(msgspec.Struct):
    """An organisation as records name it."""

    id: UUID
    name: str


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
    phone: str
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
