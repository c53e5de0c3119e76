"""What happens to documents that are signed."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class SigningOpened:
    """Both sides are asked to sign; `sha256` is the document as it was brought."""

    code = "signing.opened"
    signing_id: UUID
    sha256: str


@dataclass(frozen=True)
class DocumentSigned:
    """Somebody signed for their side: `document_sha256` is what they signed, `sha256` what came of it."""

    code = "signing.signed"
    signatory_id: UUID
    signing_id: UUID
    document_sha256: str
    sha256: str


@dataclass(frozen=True)
class SigningCompleted:
    """Every place is signed."""

    code = "signing.completed"
    signing_id: UUID
    sha256: str


@dataclass(frozen=True)
class SigningDeclined:
    code = "signing.declined"
    signing_id: UUID
    reason: str


@dataclass(frozen=True)
class SigningWithdrawn:
    code = "signing.withdrawn"
    signing_id: UUID
    reason: str
