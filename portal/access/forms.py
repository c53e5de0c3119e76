"""What people send in to sign in and to keep their own data, and what they see of themselves."""

from uuid import UUID

import msgspec

from portal.platform.fields import Email, Language, Line, Secret, TimeZone


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    email: Email
    password: Secret
    code: Secret | None = None


class ProfileForm(msgspec.Struct, forbid_unknown_fields=True):
    full_name: Line
    language: Language
    time_zone: TimeZone


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
