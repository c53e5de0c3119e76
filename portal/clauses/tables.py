"""Clauses by edition: what a clause says now is its newest one."""

from piccolo.columns import UUID, Boolean, Integer, Text, Timestamptz

from portal.access.tables import Organisation
from portal.platform.work import Row

__all__ = ["Clause", "Organisation"]


class Clause(Row, tablename="clause"):
    """One edition of a clause; all editions of one have its `clause_id`. A `retired` one is offered to no contract."""

    subject_kind = "clause"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    clause_id = UUID()
    edition = Integer()
    title = Text()
    body = Text()
    retired = Boolean(default=False)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    version = Integer(default=1)

    @property
    def number(self) -> str:
        """What the log calls it."""
        return self.title
