"""What happens to documents that are signed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class SigningOpened:
    """Both sides are asked to sign; `sha256` is the document as it was brought."""

    code = "signing.opened"
    signing_id: UUID
    sha256: str


@dataclass(frozen=True)
class DocumentSigned:
    """Somebody signed for their side: `document_sha256` is what they signed, `sha256` what came of it,
    `fingerprint` that of their own certificate if they signed outside."""

    code = "signing.signed"
    signatory_id: UUID
    signing_id: UUID
    document_sha256: str
    sha256: str
    fingerprint: str = ""


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


@dataclass(frozen=True)
class SigningDaySet:
    """Nobody signs after this day."""

    code = "signing.day-set"
    signing_id: UUID
    until: date


@dataclass(frozen=True)
class SigningLapsed:
    """Its last day is over and it is not signed by all: told once for each last day."""

    code = "signing.lapsed"
    signing_id: UUID
    until: date


@dataclass(frozen=True)
class SignatoryNamed:
    """One person alone may sign this place."""

    code = "signatory.named"
    signatory_id: UUID
    signing_id: UUID
    title: str
    until: date | None


@dataclass(frozen=True)
class SignatoryFreed:
    """Anybody of the side who may sign may sign this place again."""

    code = "signatory.freed"
    signatory_id: UUID
    signing_id: UUID
    title: str
    until: date | None


@dataclass(frozen=True)
class SignatureDue:
    """The last day is near: told once for each last day, to who is named or to all who may sign for that side."""

    code = "signatory.due"
    signatory_id: UUID
    signing_id: UUID
    title: str
    until: date
