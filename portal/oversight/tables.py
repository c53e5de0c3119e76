"""Emergencies, owners of roles, campaigns and what was decided in them."""

from typing import Any

from piccolo.columns import JSONB, UUID, Array, Integer, Text, Timestamptz

from portal.access.tables import Membership, Organisation
from portal.platform.work import Row
from portal.settings.tables import SettingVersion

__all__ = [
    "AccessReview",
    "EmergencyAccess",
    "Membership",
    "Organisation",
    "ReviewedRole",
    "RoleOwner",
    "SettingVersion",
]


class EmergencyAccess(Row, tablename="emergency_access"):
    """More roles for hours: asked for by one person, granted by another, looked at by a third one afterwards."""

    subject_kind = "break-glass"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    number = Text()
    created_by = UUID()
    roles = Array(base_column=Text())
    minutes = Integer()
    reason = Text()
    state = Text(default="asked")
    asked_at = Timestamptz()
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    decision_reason = Text()
    until = Timestamptz(null=True, default=None)
    ended_by = UUID(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    reviewed_by = UUID(null=True, default=None)
    reviewed_at = Timestamptz(null=True, default=None)
    verdict = Text(null=True, default=None)
    review_note = Text()
    version = Integer(default=1)


class RoleOwner(Row, tablename="role_owner"):
    """Who answers for a role in an organisation; where nobody is named, its administrators do."""

    subject_kind = "role-owner"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    role = Text()
    owners = Array(base_column=UUID())
    version = Integer(default=1)

    @property
    def name(self) -> str:
        return self.role


class AccessReview(Row, tablename="access_review"):
    """A campaign: by `due_at` every role of every member is kept or taken back. `digest` is its report's hash."""

    subject_kind = "access-review"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    number = Text()
    quarter = Text()
    state = Text(default="open")
    opened_by = UUID(null=True, default=None)
    opened_at = Timestamptz()
    due_at = Timestamptz()
    reminded_at = Timestamptz(null=True, default=None)
    closed_by = UUID(null=True, default=None)
    closed_at = Timestamptz(null=True, default=None)
    digest = Text()
    version = Integer(default=1)


class ReviewedRole(Row, tablename="reviewed_role"):
    """One role of one member, with what the reviewer should know of them as it was when the campaign began.

    `person_id` is the member, who never reviews themselves; `reviewers` are who may.
    """

    subject_kind = "reviewed-role"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    review_id = UUID()
    membership_id = UUID()
    person_id = UUID()
    role = Text()
    snapshot: Any = JSONB()
    reviewers = Array(base_column=UUID())
    state = Text(default="open")
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    reason = Text()
    version = Integer(default=1)

    @property
    def name(self) -> str:
        return self.role
