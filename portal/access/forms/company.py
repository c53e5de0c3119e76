"""How a company keeps its sign-in, and the terms that it publishes."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from portal.access.forms.sign_in import OrganisationRef
from portal.platform.fields import Code, Secret, Text


class Terms(Text):
    """As long as a contract's small print."""

    longest = 60_000


class Domain(Code):
    """What stands behind the @ of addresses."""

    pattern = r"^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]$"
    example = "example.com"
    longest = 253


class Issuer(Code):
    """The address by which an identity provider calls itself."""

    pattern = r"^https?://[!-~]+$"
    example = "https://login.example.com"
    longest = 500


class SecurityForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """When an organisation asks for a second factor, how long its sessions last, and for how many days somebody may
    stay away before their membership is suspended (never, where it is null)."""

    second_factor: Literal["own", "roles", "everybody"]
    second_factor_roles: Annotated[list[Code], msgspec.Meta(max_length=20)] = []
    session_idle_minutes: Annotated[int, msgspec.Meta(ge=5, le=480)] | None = None
    session_hours: Annotated[int, msgspec.Meta(ge=1, le=12)] | None = None
    dormant_days: Annotated[int, msgspec.Meta(ge=7, le=730)] | None = 90


class ProviderForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A company's identity provider (OpenID Connect), as it knows the portal."""

    issuer: Issuer
    client_id: Code
    client_secret: Secret | None = None
    domain: Domain
    active: bool = True


class LegalForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The next edition of one's terms of use or privacy notice: paragraphs of plain text."""

    kind: Literal["terms", "privacy"]
    text_en: Terms
    text_zh: Terms | None = None


class LegalTextOut(msgspec.Struct):
    """One edition of terms (`terms`) or of a privacy notice (`privacy`); `texts` by language."""

    id: UUID
    organisation: OrganisationRef
    kind: str
    edition: int
    texts: dict[str, str]
    published_at: datetime


class AcceptedTextOut(LegalTextOut):
    """An edition that one has accepted, and when."""

    accepted_at: datetime


class SecurityOut(msgspec.Struct):
    version: int
    second_factor: str
    second_factor_roles: list[str]
    session_idle_minutes: int | None
    session_hours: int | None
    dormant_days: int | None


class FormerLinksOut(msgspec.Struct):
    """How many people were linked to a provider or client id that was replaced."""

    people: int


class ProviderOut(msgspec.Struct):
    """`redirect_uri` is what the provider is told to lead people back to. What is `proposed` does not hold: it waits
    for a second person as the version `setting_id` of a setting."""

    version: int
    issuer: str
    client_id: str
    domain: str
    active: bool
    redirect_uri: str
    state: Literal["holds", "proposed"] = "holds"
    setting_id: UUID | None = None
