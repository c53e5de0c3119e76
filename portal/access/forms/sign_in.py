"""What people send in to sign in, and who they are then."""

from datetime import datetime
from uuid import UUID

import msgspec

from portal.platform.fields import Email, Secret


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    email: Email
    password: Secret
    code: Secret | None = None


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
    `terms`), a session does nothing else. `seen_by` is who looks as this person and changes nothing; some of the roles
    end at `emergency_until`.
    """

    user: UserOut
    organisation: OrganisationOut
    roles: list[str]
    csrf_token: str
    pending: list[str] = []
    seen_by: str = ""
    emergency_until: datetime | None = None
