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
    Text,
    TimeZone,
)


class Terms(Text):
    """As long as a contract's small print."""

    longest = 60_000


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    email: Email
    password: Secret
    code: Secret | None = None


class CodeForm(msgspec.Struct, forbid_unknown_fields=True):
    """What an app shows at this moment, or one of the recovery codes."""

    code: Secret


class PresentPassword(msgspec.Struct, forbid_unknown_fields=True):
    """Whoever only found an open window does not know it. Who signs in by their company alone has none."""

    password: Secret | None = None


class NewPassword(msgspec.Struct, forbid_unknown_fields=True):
    new_password: Secret


class AskForLink(msgspec.Struct, forbid_unknown_fields=True):
    email: Email


class Acceptance(msgspec.Struct, forbid_unknown_fields=True):
    """Who accepts an invitation and has no account yet."""

    full_name: Line
    new_password: Secret


class KeyForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A key for programs: what for, in which of one's roles (`*`: all), and for how long."""

    name: Line
    scopes: Annotated[list[Code], msgspec.Meta(min_length=1, max_length=20)]
    days: Annotated[int, msgspec.Meta(ge=1, le=365)] = 90


class SecurityForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """When an organisation asks for a second factor, and how long its sessions last."""

    second_factor: Literal["acting", "own", "roles", "everybody"]
    second_factor_roles: Annotated[list[Code], msgspec.Meta(max_length=20)] = []
    session_idle_minutes: Annotated[int, msgspec.Meta(ge=5, le=480)] | None = None
    session_hours: Annotated[int, msgspec.Meta(ge=1, le=12)] | None = None


class LegalForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The next edition of one's terms of use or privacy notice: paragraphs of plain text."""

    kind: Literal["terms", "privacy"]
    text_en: Terms
    text_zh: Terms | None = None


class TermsAccepted(msgspec.Struct, forbid_unknown_fields=True):
    """The ids of what was read."""

    texts: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=50)]


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


class OrganisationRef(msgspec.Struct):
    id: UUID
    name: str


class Me(msgspec.Struct):
    """The answer of `POST /sessions` and `GET /me`. Until nothing is `pending` (`code`, `set-up` of a second factor,
    `terms`), a session does nothing else.
    """

    user: UserOut
    organisation: OrganisationOut
    roles: list[str]
    csrf_token: str
    pending: list[str] = []


class SessionOut(msgspec.Struct):
    """Where one is signed in; `key` names the session and opens nothing."""

    key: str
    how: str
    user_agent: str
    address: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    current: bool


class TotpOut(msgspec.Struct):
    """What goes into an authenticator app, as a secret to type or an address to scan."""

    secret: str
    uri: str


class RecoveryCodesOut(msgspec.Struct):
    """Shown this once; each replaces a code of the app, once. The session has a new token."""

    recovery_codes: list[str]
    csrf_token: str


class ApiKeyOut(msgspec.Struct):
    id: UUID
    name: str
    scopes: list[str]
    person: str
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None


class ApiKeyMade(msgspec.Struct):
    """The key itself is shown this once."""

    id: UUID
    key: str
    scopes: list[str]
    expires_at: datetime


class InvitationOut(msgspec.Struct):
    id: UUID
    email: str
    full_name: str
    roles: list[str]
    state: str
    created_at: datetime
    expires_at: datetime


class LegalTextOut(msgspec.Struct):
    """One edition of terms (`terms`) or of a privacy notice (`privacy`); `texts` by language."""

    id: UUID
    organisation: OrganisationRef
    kind: str
    edition: int
    texts: dict[str, str]
    published_at: datetime


class SecurityOut(msgspec.Struct):
    version: int
    second_factor: str
    second_factor_roles: list[str]
    session_idle_minutes: int | None
    session_hours: int | None


class FactorsOut(msgspec.Struct):
    codes_since: datetime | None
    recovery_codes: int


class Said(msgspec.Struct):
    """What was done, as a sentence."""

    detail: str
