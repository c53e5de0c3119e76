"""What people send to keep their own account, and what they see of it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from portal.platform.fields import Code, Email, Language, Line, Phone, Secret, Text, TimeZone


class CodeForm(msgspec.Struct, forbid_unknown_fields=True):
    """What an app shows at this moment, or one of the recovery codes."""

    code: Secret


class Credential(Text):
    """What a browser answers about a passkey, as JSON in a text."""

    longest = 20_000
    example = '{"id": "…", "type": "public-key", "response": {}}'


class PasskeyForm(msgspec.Struct, forbid_unknown_fields=True):
    """A passkey that the browser made, and what to call it."""

    name: Line
    credential: Credential


class PasskeyAnswer(msgspec.Struct, forbid_unknown_fields=True):
    credential: Credential


class PresentPassword(msgspec.Struct, forbid_unknown_fields=True):
    """Whoever only found an open window does not know it. Needed unless a second factor was proved just now."""

    password: Secret | None = None


class NewPassword(msgspec.Struct, forbid_unknown_fields=True):
    new_password: Secret


class AskForLink(msgspec.Struct, forbid_unknown_fields=True):
    email: Email


class KeyForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A key for programs: what for, in which of one's roles (`*`: all), for how long, and whether it only reads."""

    name: Line
    scopes: Annotated[list[Code], msgspec.Meta(min_length=1, max_length=20)]
    valid_days: Annotated[int, msgspec.Meta(ge=1, le=365)] = 90
    reads_only: bool = False


class TermsAccepted(msgspec.Struct, forbid_unknown_fields=True):
    """The ids of what was read."""

    texts: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=50)]


class ProfileForm(msgspec.Struct, forbid_unknown_fields=True):
    full_name: Line
    language: Language
    time_zone: TimeZone
    phone: Phone | None = None


class PasswordForm(msgspec.Struct, forbid_unknown_fields=True):
    """The old password and the new one."""

    password: Secret
    new_password: Secret


class PasskeyOptions(msgspec.Struct):
    """What the browser's own dialogue needs, as JSON in a text."""

    options: str


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


class PasskeyOut(msgspec.Struct):
    id: UUID
    name: str
    created_at: datetime
    used_at: datetime | None


class FactorsOut(msgspec.Struct):
    codes_since: datetime | None
    recovery_codes: int
    passkeys: list[PasskeyOut]


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
    reads_only: bool
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
    reads_only: bool
    expires_at: datetime


class Said(msgspec.Struct):
    """What was done, as a sentence."""

    detail: str
