"""What happens to debit notes."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class DebitProposed:
    """A call-off came late: somebody accepts or waives what that costs."""

    code = "debit-note.proposed"
    debit_note_id: UUID


@dataclass(frozen=True)
class DebitAccepted:
    """The buyer claims it: the supplier sees it from here on."""

    code = "debit-note.accepted"
    debit_note_id: UUID


@dataclass(frozen=True)
class DebitWaived:
    code = "debit-note.waived"
    debit_note_id: UUID
    reason: str


@dataclass(frozen=True)
class DebitWithdrawn:
    """The receipt that it was of was a mistake."""

    code = "debit-note.withdrawn"
    debit_note_id: UUID
