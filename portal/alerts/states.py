"""The life of an alert: somebody looks after it and says in the end what it was."""

from enum import StrEnum

from portal.platform.i18n import _
from portal.platform.states import StateTable, Transition


class S(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"


NAMES = {S.OPEN: _("Open"), S.RESOLVED: _("Resolved")}
ALERT = StateTable(
    _("alert"),
    NAMES,
    [
        Transition("take", (S.OPEN,), S.OPEN, "alerts:resolve"),
        Transition("resolve", (S.OPEN,), S.RESOLVED, "alerts:resolve"),
    ],
    of="alert",
)
