"""The life of a statement: the buyer sends it, the supplier agrees or objects, and a later answer counts.

What the supplier objects to the buyer explains, corrects by another statement, or takes back.
"""

from enum import StrEnum

from portal.platform.i18n import _
from portal.platform.states import StateTable, Transition


class S(StrEnum):
    SENT = "sent"
    AGREED = "agreed"
    OBJECTED = "objected"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


NAMES = {
    S.SENT: _("Sent"),
    S.AGREED: _("Agreed"),
    S.OBJECTED: _("Objected to"),
    S.REPLACED: _("Replaced"),
    S.WITHDRAWN: _("Withdrawn"),
}

STATEMENT = StateTable(
    _("statement"),
    NAMES,
    [
        # verb       from                    to           permission
        Transition("agree", (S.SENT, S.OBJECTED), S.AGREED, "statements:answer"),
        Transition("object", (S.SENT,), S.OBJECTED, "statements:answer"),
        Transition("reply", (S.OBJECTED,), S.SENT, "statements:send"),
        Transition("correct", (S.SENT, S.OBJECTED), S.REPLACED, "statements:send"),
        Transition("withdraw", (S.SENT, S.OBJECTED), S.WITHDRAWN, "statements:send"),
    ],
    of="statement",
)
