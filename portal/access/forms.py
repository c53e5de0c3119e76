"""What people send in to sign in and to keep their own data, and what they see of themselves."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from portal.platform.actor import ApprovalLimit, Scope
from portal.platform.fields import (
    Amount,
    Code,
    CountryCode,
    CurrencyCode,
    Email,
    Language,
    Line,
    Secret,
    TimeZone,
)


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    email: Email
    password: Secret
    code: Secret | None = None


class ProfileForm(msgspec.Struct, forbid_unknown_fields=True):
    full_name: Line
    language: Language
    time_zone: TimeZone


class PasswordForm(msgspec.Struct, forbid_unknown_fields=True):
    """The old password and the new one."""

    password: Secret
    new_password: Secret


class Founding(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A new organisation and where its goods arrive."""

    name: Line
    kind: Literal["buyer", "supplier", "both"]
    country: CountryCode
    currency: CurrencyCode
    language: Language | None = None
    time_zone: TimeZone | None = None
    street: Line | None = None
    city: Line | None = None
    postal_code: Line | None = None
    email: Email | None = None
    registration_number: Code | None = None
    vat_number: Code | None = None
    gln: Code | None = None
    site: Line | None = None


class Rights(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a member may do. `limit` is one document's gross, `limit_30_days` all for one supplier within 30 days.

    Who has no limit and is not `unlimited` approves nothing.
    """

    roles: Annotated[list[Code], msgspec.Meta(min_length=1, max_length=20)]
    limit: Amount | None = None
    limit_30_days: Amount | None = None
    limit_currency: CurrencyCode | None = None
    unlimited: bool = False


class Admission(Rights, forbid_unknown_fields=True, kw_only=True):
    """A person who becomes a member. Whoever is known by the address already keeps their name and language."""

    email: Email
    full_name: Line | None = None
    language: Language | None = None
    time_zone: TimeZone | None = None


class Member(msgspec.Struct):
    """Somebody who may act for the organisation, how far, and since when they have not."""

    person_id: UUID
    name: str
    email: str
    roles: list[str]
    scope: Scope
    limit: ApprovalLimit | None
    state: str
    last_sign_in: datetime | None


class UserOut(msgspec.Struct):
    id: UUID
    name: str
    email: str


class OrganisationOut(msgspec.Struct):
    id: UUID
    name: str
    kind: str


class Me(msgspec.Struct):
    """The answer of `POST /sessions` and `GET /me`."""

    user: UserOut
    organisation: OrganisationOut
    roles: list[str]
    csrf_token: str
