"""What people send in to sign in and to keep their own data, and what they see of themselves."""

from datetime import datetime
from uuid import UUID

import msgspec

from portal.platform.actor import ApprovalLimit, Scope
from portal.platform.fields import Email, Language, Line, Secret, TimeZone


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
