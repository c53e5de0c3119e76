"""What happens to stored documents."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class DocumentRequested:
    """Somebody asked for it first; everybody else who asks gets the same one."""

    code = "document.requested"
    document_id: UUID
    kind: str
    record_id: UUID


@dataclass(frozen=True)
class DocumentReady:
    code = "document.ready"
    document_id: UUID
    sha256: str


@dataclass(frozen=True)
class DocumentStumbled:
    """One attempt did not succeed; another follows."""

    code = "document.stumbled"
    document_id: UUID
    attempt: int


@dataclass(frozen=True)
class DocumentFailed:
    """It could not be made, and nobody tries again until somebody asks for it."""

    code = "document.failed"
    document_id: UUID
    reason: str


@dataclass(frozen=True)
class DocumentRetried:
    code = "document.retried"
    document_id: UUID
