"""What happens to emergencies and to campaigns."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class EmergencyAsked:
    """Somebody asks for more roles for a time; nothing is theirs until another person grants them."""

    code = "break-glass.asked"
    emergency_id: UUID
    roles: tuple[str, ...]
    minutes: int
    reason: str


@dataclass(frozen=True)
class EmergencyGranted:
    """The roles are theirs until then; administrators and auditors are told at once."""

    code = "break-glass.granted"
    emergency_id: UUID
    person_id: UUID
    roles: tuple[str, ...]
    until: datetime
    reason: str


@dataclass(frozen=True)
class EmergencyDeclined:
    code = "break-glass.declined"
    emergency_id: UUID
    reason: str


@dataclass(frozen=True)
class EmergencyWithdrawn:
    code = "break-glass.withdrawn"
    emergency_id: UUID


@dataclass(frozen=True)
class EmergencyEnded:
    """The roles are gone; a third person looks at what was done with them."""

    code = "break-glass.ended"
    emergency_id: UUID


@dataclass(frozen=True)
class EmergencyReviewed:
    """A third person said whether it was justified."""

    code = "break-glass.reviewed"
    emergency_id: UUID
    verdict: str
    reason: str


@dataclass(frozen=True)
class RoleOwnersSet:
    """These people answer for a role from here on; nobody named means the administrators."""

    code = "access-review.owners-set"
    owner_id: UUID
    role: str
    owners: tuple[UUID, ...]


@dataclass(frozen=True)
class ReviewOpened:
    """So many roles are to be kept or taken back; what nobody decides on by then is taken back."""

    code = "access-review.opened"
    review_id: UUID
    roles: int
    due_at: datetime


@dataclass(frozen=True)
class ReviewersChanged:
    """Other people decide on these roles, because owners were named or members left."""

    code = "access-review.reviewers-changed"
    review_id: UUID
    roles: int


@dataclass(frozen=True)
class ReviewReminded:
    """Whoever has still to decide is told so."""

    code = "access-review.reminded"
    review_id: UUID
    roles: int


@dataclass(frozen=True)
class RoleKept:
    code = "access-review.kept"
    reviewed_id: UUID
    person_id: UUID
    role: str
    reason: str


@dataclass(frozen=True)
class RoleRevoked:
    """A reviewer took the role back, at once."""

    code = "access-review.revoked"
    reviewed_id: UUID
    person_id: UUID
    role: str
    reason: str


@dataclass(frozen=True)
class RoleLapsed:
    """Nobody decided on the role in time, so it was taken back."""

    code = "access-review.lapsed"
    reviewed_id: UUID
    person_id: UUID
    role: str


@dataclass(frozen=True)
class AdministratorSpared:
    """Nobody decided on the role in time, and it stays: no administrator would be left."""

    code = "access-review.spared"
    reviewed_id: UUID
    person_id: UUID
    role: str


@dataclass(frozen=True)
class ReviewClosed:
    """The campaign is over; `digest` is the SHA-256 of its signed report."""

    code = "access-review.closed"
    review_id: UUID
    digest: str
    kept: int
    revoked: int
    lapsed: int
    spared: int
