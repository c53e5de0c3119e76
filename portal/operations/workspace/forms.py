"""What the workspace is told and tells."""

from datetime import datetime
from uuid import UUID

import msgspec

from portal.platform.actor import ApprovalLimit, Scope


class MemberThenOut(msgspec.Struct):
    """A membership as it was; `known` is false where the log does not say all of it."""

    membership_id: UUID
    person_id: UUID
    name: str
    roles: list[str]
    scope: Scope
    limit: ApprovalLimit | None
    active: bool
    known: bool


class PolicyThenOut(msgspec.Struct):
    """The rules that held; `known` is false before the first load that was noted: then they are today's."""

    since: datetime | None
    digest: str
    release: str
    known: bool
    rules: list[str]


class SeerOut(msgspec.Struct):
    """Somebody who could see the record, by which rules; `perhaps` where a condition asks what is not known."""

    person_id: UUID
    name: str
    roles: list[str]
    rules: list[str]
    prices: bool
    internal_notes: bool
    perhaps: bool


class ReadersOut(msgspec.Struct):
    """Who could see a record at a moment; the people of `shared_with` are that organisation's own to name."""

    record_id: UUID
    at: datetime
    permission: str
    policy: str
    policy_known: bool
    people: list[SeerOut]
    shared_with: str
