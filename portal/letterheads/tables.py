"""Letterheads by edition. Pictures lie beside them, so that the log does not carry them."""

from piccolo.columns import UUID, Integer, Text, Timestamptz

from portal.access.tables import Organisation
from portal.platform.work import Row

__all__ = ["Letterhead", "Organisation"]


class Letterhead(Row, tablename="letterhead"):
    """One edition of how an organisation's documents look; `logo` and `seal` are the SHA-256 of its pictures, if it
    has them."""

    subject_kind = "letterhead"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    edition = Integer()
    colour = Text()
    address = Text()
    footer = Text()
    logo = Text(null=True, default=None)
    logo_text = Text()
    seal = Text(null=True, default=None)
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    version = Integer(default=1)

    @property
    def number(self) -> str:
        """What the log calls it."""
        return str(self.edition)
