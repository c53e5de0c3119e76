"""Organisations, their members and whom they invite."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from portal.platform.actor import ApprovalLimit, Scope
from portal.platform.fields import Amount, Code, CountryCode, CurrencyCode, Email, Language, Line, Secret, TimeZone, Why


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


MOST_PARTS = 100
Parts = Annotated[list[Code], msgspec.Meta(max_length=MOST_PARTS)]


class Rights(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a member may do. `limit` is one document's gross, `limit_30_days` all for one supplier within 30 days.

    Who has no limit and is not `unlimited` approves nothing. A scope that names no purchasing group, site, cost centre
    or category reaches all of them.
    """

    roles: Annotated[list[Code], msgspec.Meta(min_length=1, max_length=20)]
    purchasing_groups: Parts = []
    sites: Annotated[list[UUID], msgspec.Meta(max_length=MOST_PARTS)] = []
    cost_centres: Parts = []
    categories: Annotated[list[Line], msgspec.Meta(max_length=MOST_PARTS)] = []
    limit: Amount | None = None
    limit_30_days: Amount | None = None
    limit_currency: CurrencyCode | None = None
    unlimited: bool = False


class LookForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Why somebody looks as a colleague, and for how many minutes at most. The colleague reads the reason."""

    reason: Why
    minutes: Annotated[int, msgspec.Meta(ge=5, le=30)] = 30


class LookOut(msgspec.Struct, kw_only=True):
    """That somebody looked as a colleague; it was over at `ended_at`, at `until` at the latest."""

    id: UUID
    person_id: UUID
    person: str
    by_id: UUID
    by: str
    reason: str
    begun_at: datetime
    until: datetime
    ended_at: datetime | None


class Admission(Rights, forbid_unknown_fields=True, kw_only=True):
    """A person who becomes a member. Whoever is known by the address already keeps their name and language."""

    email: Email
    full_name: Line | None = None
    language: Language | None = None
    time_zone: TimeZone | None = None


class Acceptance(msgspec.Struct, forbid_unknown_fields=True):
    """Who accepts an invitation and has no account yet."""

    full_name: Line
    new_password: Secret


class Member(msgspec.Struct):
    """Somebody who may act for the organisation, how far, and since when they have not.

    `conflicts` says which duties their roles give together that one person never does on one transaction: the second
    act is refused.
    """

    person_id: UUID
    name: str
    email: str
    roles: list[str]
    scope: Scope
    limit: ApprovalLimit | None
    state: str
    last_sign_in: datetime | None
    version: int
    conflicts: list[str] = []


class InvitationOut(msgspec.Struct):
    """Somebody who was asked by mail. `state` is open, expired, refused (they wanted to accept, and may not with this
    address), accepted, withdrawn or forgotten; `conflicts` is what it would be of them as a member."""

    id: UUID
    email: str
    full_name: str
    roles: list[str]
    state: str
    created_at: datetime
    expires_at: datetime
    conflicts: list[str] = []
