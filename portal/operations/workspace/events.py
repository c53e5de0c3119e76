"""What happens in the workspace."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class EngagementOpened:
    """An auditor may read the organisation's records from here on, until the engagement ends."""

    code = "engagement.opened"
    engagement_id: UUID
    owned_by: UUID


@dataclass(frozen=True)
class EngagementClosed:
    """The access is over, and what the auditor read is released to the organisation."""

    code = "engagement.closed"
    engagement_id: UUID
    reason: str


@dataclass(frozen=True)
class SampleDrawn:
    """So many records were drawn from a population by a seed that anybody can draw with again."""

    code = "workpaper.sample-drawn"
    workpaper_id: UUID
    digest: str


@dataclass(frozen=True)
class PaperWritten:
    """A finding or a note was added to an engagement."""

    code = "workpaper.written"
    workpaper_id: UUID
    digest: str


@dataclass(frozen=True)
class ResultEntered:
    """An auditor said what they found of one item of a sample."""

    code = "workpaper.result-entered"
    workpaper_id: UUID
    item_id: UUID
    outcome: str


@dataclass(frozen=True)
class PaperSigned:
    """Another person signed a workpaper off; nothing is added to it any more."""

    code = "workpaper.signed-off"
    workpaper_id: UUID
    digest: str


@dataclass(frozen=True)
class EvidenceAsked:
    """Somebody asked for evidence as one file."""

    code = "evidence.asked"
    bundle_id: UUID


@dataclass(frozen=True)
class EvidenceBegun:
    """The worker began to put the evidence together."""

    code = "evidence.begun"
    bundle_id: UUID


@dataclass(frozen=True)
class EvidenceReady:
    """The file is there; `sha256` is its hash."""

    code = "evidence.ready"
    bundle_id: UUID
    sha256: str


@dataclass(frozen=True)
class EvidenceFailed:
    """The file could not be made."""

    code = "evidence.failed"
    bundle_id: UUID
    reason: str
