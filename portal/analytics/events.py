"""What happens to statements of what is open."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class StatementSent:
    """The buyer told the supplier what it takes to be open."""

    code = "statement.sent"
    statement_id: UUID


@dataclass(frozen=True)
class StatementAgreed:
    """The supplier's books say the same."""

    code = "statement.agreed"
    statement_id: UUID


@dataclass(frozen=True)
class StatementObjected:
    """The supplier's books say something else, and the reason says what."""

    code = "statement.objected"
    statement_id: UUID
    reason: str


@dataclass(frozen=True)
class StatementReplied:
    """The buyer explains what the supplier objects to, and asks again."""

    code = "statement.replied"
    statement_id: UUID
    message: str


@dataclass(frozen=True)
class StatementReplaced:
    """Another statement, with the figures as they are known now, took its place."""

    code = "statement.replaced"
    statement_id: UUID
    replaced_by: UUID


@dataclass(frozen=True)
class StatementWithdrawn:
    """The buyer took it back, and says why."""

    code = "statement.withdrawn"
    statement_id: UUID
    reason: str
