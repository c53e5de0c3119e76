"""What happens to attached files."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class FileBegun:
    """Its parts begin to come; it is nobody's evidence yet."""

    code = "evidence-file.begun"
    file_id: UUID
    kind: str
    record_id: UUID


@dataclass(frozen=True)
class FileAttached:
    """It came whole and lies in quarantine."""

    code = "evidence-file.attached"
    file_id: UUID
    kind: str
    record_id: UUID


@dataclass(frozen=True)
class FileChecked:
    """It may be read from now on; `scanner` is empty where none is set."""

    code = "evidence-file.checked"
    file_id: UUID
    sha256: str
    scanner: str


@dataclass(frozen=True)
class FileInfected:
    """The scanner found something: its bytes are destroyed, and people of both sides are told."""

    code = "evidence-file.infected"
    file_id: UUID
    name: str
    finding: str


@dataclass(frozen=True)
class FileRefused:
    """Its bytes are not what may be attached."""

    code = "evidence-file.refused"
    file_id: UUID
    reason: str


@dataclass(frozen=True)
class FileShared:
    """What was for one side alone is now seen by both."""

    code = "evidence-file.shared"
    file_id: UUID


@dataclass(frozen=True)
class FileDeleted:
    code = "evidence-file.deleted"
    file_id: UUID


@dataclass(frozen=True)
class FileDisposed:
    """Its time was over: its bytes are destroyed, under the certificate."""

    code = "evidence-file.disposed"
    file_id: UUID
    disposal_id: UUID


@dataclass(frozen=True)
class FileAbandoned:
    """Nobody went on sending it."""

    code = "evidence-file.abandoned"
    file_id: UUID
