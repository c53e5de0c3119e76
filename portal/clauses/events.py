"""What happens to clauses."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class ClauseWritten:
    """A new edition: contracts that take the clause from now on say this; those that took it stay as they are."""

    code = "clause.written"
    edition_id: UUID
    clause_id: UUID
    edition: int


@dataclass(frozen=True)
class ClauseRetired:
    """No contract is offered it any more."""

    code = "clause.retired"
    edition_id: UUID
    clause_id: UUID
