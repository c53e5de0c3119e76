"""What a company says of itself, to everybody whom it trades with."""

from typing import Any, ClassVar
from uuid import UUID

import msgspec

from portal.platform.fields import (
    Code,
    Email,
    Gln,
    Language,
    Line,
    Phone,
    TimeZone,
    VatNumber,
    registration_problem,
    vat_problem,
)
from portal.platform.problems import FieldError

PLACE = ("region", "city", "postal_code", "street")
NUMBERS = ("vat_number", "gln", "registration_number")


class CompanyForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """All that a company says of itself but its legal name and country; what is left out is nothing."""

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "street": "Schraubenweg 4",
        "city": "Hagen",
        "postal_code": "58089",
        "vat_number": "DE811569869",
        "phone": "+49 2331 5550",
        "email": "orders@brightbolt.example",
        "language": "en",
        "time_zone": "Europe/Berlin",
    }

    region: Line | None = None
    city: Line | None = None
    postal_code: Line | None = None
    street: Line | None = None
    registration_number: Code | None = None
    vat_number: VatNumber | None = None
    gln: Gln | None = None
    email: Email | None = None
    phone: Phone | None = None
    language: Language
    time_zone: TimeZone

    def faults(self, country: str) -> list[FieldError]:
        """Numbers of registers are those of the company's country."""
        checked = (("vat_number", vat_problem), ("registration_number", registration_problem))
        given = [(name, problem, getattr(self, name)) for name, problem in checked]
        return [
            FieldError(name, wrong) for name, problem, number in given if number and (wrong := problem(country, number))
        ]

    def facts(self, country: str) -> dict[str, Any]:
        """The columns of the organisation."""
        place = {name: said for name in PLACE if (said := getattr(self, name))}
        reached = {name: getattr(self, name) or "" for name in (*NUMBERS, "email", "phone")}
        return {
            "address": {"country": country} | place,
            "language": self.language,
            "time_zone": self.time_zone,
        } | reached


class CompanyOut(msgspec.Struct, kw_only=True):
    """One's own company. Name and country stand as it was registered."""

    id: UUID
    name: str
    country: str
    address: dict[str, Any]
    registration_number: str
    vat_number: str
    gln: str
    email: str
    phone: str
    language: str
    time_zone: str
    version: int
