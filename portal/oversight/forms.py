"""What people and programs ask for and decide, and get to see."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

import msgspec

from portal.platform.fields import Code, Day, Why

ReviewState = Literal["open", "kept", "revoked", "lapsed", "spared", "gone"]


class EmergencyForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which roles somebody needs besides their own, for how many minutes, and why. Others read the reason."""

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "roles": ["receiver"],
        "minutes": 120,
        "reason": "The night shift’s receiver is ill, and two lorries wait at the gate.",
    }

    roles: Annotated[list[Code], msgspec.Meta(min_length=1, max_length=10)]
    minutes: Annotated[int, msgspec.Meta(ge=15, le=240)] = 60
    reason: Why


class VerdictForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Whether it was justified, and what the third person found."""

    EXAMPLE: ClassVar[dict[str, Any]] = {"verdict": "justified", "note": "Two receipts, both of that night’s lorries."}

    verdict: Literal["justified", "unjustified"]
    note: Why


class EmergencyOut(msgspec.Struct, kw_only=True):
    """`running` says that the roles are held at this moment; `ended_at` is the end, before its time or at it."""

    id: UUID
    version: int
    number: str
    state: str
    running: bool
    person_id: UUID
    person: str
    roles: list[str]
    minutes: int
    reason: str
    asked_at: datetime
    decided_by: UUID | None
    decided_by_name: str
    decided_at: datetime | None
    decision_reason: str
    until: datetime | None
    ended_at: datetime | None
    reviewed_by: UUID | None
    reviewed_by_name: str
    reviewed_at: datetime | None
    verdict: str | None
    review_note: str


class OwnersForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Who answers for a role; nobody means the administrators."""

    owners: Annotated[list[UUID], msgspec.Meta(max_length=20)] = []


class OwnerOut(msgspec.Struct, kw_only=True):
    """A role and who answers for it; `named` is false where it is the administrators because nobody was."""

    role: str
    named: bool
    owners: list[UUID]
    names: list[str]
    version: int


class CampaignForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The last day on which reviewers decide; three weeks from today, if none is named."""

    until: Day | None = None


class ReviewDaysForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How many days reviewers have in the review that begins each quarter; none: reviews begin by hand alone. It holds
    from a day on, today if none is named, once a second person approved it."""

    EXAMPLE: ClassVar[dict[str, Any]] = {"reviewer_days": 30, "reason": "Two weeks of holidays lie in each quarter."}

    reviewer_days: Annotated[int, msgspec.Meta(ge=3, le=60)] | None = None
    from_day: Day | None = None
    reason: Why


class RoleDecision(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a reviewer decides of one role. Taking it back takes a reason, and so does keeping it against a warning."""

    decision: Literal["keep", "revoke"]
    reason: Why | None = None


class ReviewedOut(msgspec.Struct, kw_only=True):
    """One role of one member, with what its reviewer should know; `warnings` are why keeping it takes a reason."""

    id: UUID
    version: int
    person_id: UUID
    person: str
    email: str
    role: str
    scope: dict[str, list[str]]
    limit: str
    last_sign_in: datetime | None
    warnings: list[str]
    reviewers: list[str]
    mine: bool
    state: ReviewState
    decided_by: str
    decided_at: datetime | None
    reason: str


class ReviewOut(msgspec.Struct, kw_only=True):
    """A campaign and how far it is; `digest` is the SHA-256 of its signed report, once it is closed."""

    id: UUID
    version: int
    number: str
    quarter: str
    state: Literal["open", "closed"]
    opened_by: str
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    digest: str
    roles: int
    decided: int
    mine: int
    counts: dict[str, int]
    items: list[ReviewedOut] = []
