"""What a notice is made of: for whom it is, and what it says."""

from typing import NamedTuple

from portal.platform.i18n import Message


class May(NamedTuple):
    """Everybody of that side whom the policy lets do this to the record, scope and limit included."""

    permission: str


class Involved(NamedTuple):
    """The people whose ids stand in these columns of the record."""

    columns: tuple[str, ...]


class Meant(NamedTuple):
    """Whom the record keeps a place for (`column`), or else everybody of its organisation who may do this."""

    column: str
    permission: str


class Notice(NamedTuple):
    """`side`: people of the record's owner, or of the organisation that it is shown to. `told`: fields of the event.

    A notice that only asks for an act is dropped when the record is no longer in the state `waits`. Who did it knows
    already, unless `everybody` is told: where money goes, it may not have been they. `other` is what people of the
    other side are told of the same event.
    """

    side: str
    to: May | Involved | Meant
    subject: Message
    lead: Message
    action: Message
    told: tuple[str, ...] = ()
    waits: str = ""
    template: str = "mails/notice"
    everybody: bool = False
    other: "Notice | None" = None

    @property
    def sides(self) -> "tuple[Notice, ...]":
        return (self,) if self.other is None else (self, self.other)
