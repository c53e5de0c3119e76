"""What happens to batches."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class BatchAsked:
    """Somebody wants so many documents as one file."""

    code = "batch.asked"
    batch_id: UUID
    documents: int


@dataclass(frozen=True)
class BatchBegun:
    """The worker began to make what is not there yet."""

    code = "batch.begun"
    batch_id: UUID


@dataclass(frozen=True)
class BatchReady:
    """The file is there; `lacking` documents could not be made and are named in it."""

    code = "batch.ready"
    batch_id: UUID
    sha256: str
    lacking: int


@dataclass(frozen=True)
class BatchFailed:
    """There will be no file."""

    code = "batch.failed"
    batch_id: UUID
    reason: str


@dataclass(frozen=True)
class BatchCancelled:
    """Whoever asked for it does not want it any more."""

    code = "batch.cancelled"
    batch_id: UUID


@dataclass(frozen=True)
class BatchExpired:
    """The file was there long enough, and is deleted."""

    code = "batch.expired"
    batch_id: UUID
    sha256: str
