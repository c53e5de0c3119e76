"""What is noted of requests that changed nothing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class ActRefused:
    """The portal did not do what somebody asked; `status` is HTTP's, `permission` the one that was missing,
    `wanted` the one that the address asks for, whatever was the reason."""

    code = "access.refused"
    personal = frozenset({"query"})
    person_id: UUID
    method: str
    path: str
    query: str
    status: int
    reason: str
    permission: str
    wanted: str


@dataclass(frozen=True)
class RefusedOften:
    """So many more refusals of one person within a minute than are noted one by one."""

    code = "access.refused-often"
    person_id: UUID
    refusals: int


@dataclass(frozen=True)
class RecordRead:
    """An auditor read something."""

    code = "record.read"
    personal = frozenset({"query"})
    person_id: UUID
    path: str
    query: str


@dataclass(frozen=True)
class ReadAsColleague:
    """Somebody read something while they looked as a colleague."""

    code = "see-as.read"
    personal = frozenset({"query"})
    person_id: UUID
    seen: UUID
    path: str
    query: str


@dataclass(frozen=True)
class DataExported:
    """Somebody took a file out: what it was called, how many bytes it had, if that was known as it began, and how many
    files it holds, where they are several."""

    code = "data.exported"
    personal = frozenset({"query"})
    person_id: UUID
    path: str
    query: str
    file: str
    bytes: int | None
    files: int = 1


@dataclass(frozen=True)
class LargeFileTaken:
    """A file that somebody takes out has more than so many lines."""

    code = "data.exported-large"
    person_id: UUID
    path: str
    file: str
    lines: int


@dataclass(frozen=True)
class EvidenceExported:
    """So many entries left as an evidence bundle; `manifest` is the hash of what names all its files."""

    code = "evidence.exported"
    entries: int
    manifest: str


@dataclass(frozen=True)
class HoldPlaced:
    """From here on nothing that the hold names is deleted."""

    code = "legal-hold.placed"
    hold_id: UUID
    reason: str


@dataclass(frozen=True)
class HoldReleased:
    """What the hold named may be deleted again when its time comes."""

    code = "legal-hold.released"
    hold_id: UUID
    reason: str


@dataclass(frozen=True)
class RecordsDisposed:
    """Documents were kept long enough and destroyed; `digest` is over the certificate's lines."""

    code = "records.disposed"
    disposal_id: UUID
    items: int
    digest: str


@dataclass(frozen=True)
class InvitationForgotten:
    """Whom it asked to join is unreadable from here on, in its row and in the log."""

    code = "invitation.forgotten"
    invitation_id: UUID
    reason: str


@dataclass(frozen=True)
class PersonErased:
    """What the portal and its log say about somebody is unreadable from here on, for ever."""

    code = "person.erased"
    person_id: UUID
    reason: str


@dataclass(frozen=True)
class LogPutBack:
    """The database was put back to an older state: so many entries had been signed, and those that came after the
    state are no part of the log any more."""

    code = "log.put-back"
    entries: int
    signed_at: datetime
    root: str
    reason: str
