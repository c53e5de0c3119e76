"""The life of a statement: the buyer sends it, the supplier agrees or objects, and a later answer counts."""

from enum import StrEnum

from portal.platform.i18n import _
from portal.platform.states import StateTable, Transition


class S(StrEnum):
    SENT = "sent"
    AGREED = "agreed"
    OBJECTED = "objected"


NAMES = {S.SENT: _("Sent"), S.AGREED: _("Agreed"), S.OBJECTED: _("Objected to")}

STATEMENT = StateTable(
    _("statement"),
    NAMES,
    [
        # verb       from                    to           permission
        Transition("agree", (S.SENT, S.OBJECTED), S.AGREED, "statements:answer"),
        Transition("object", (S.SENT,), S.OBJECTED, "statements:answer"),
    ],
)
