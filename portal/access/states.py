"""The life of an invitation: accepted or withdrawn, once. That its time is over is no state: its link says so."""

from portal.platform.i18n import _
from portal.platform.states import StateTable, Transition

INVITATION = StateTable(
    _("invitation"),
    {"open": _("Open"), "accepted": _("Accepted"), "withdrawn": _("Withdrawn")},
    [
        Transition("accept", ("open",), "accepted", "system:act"),
        Transition("withdraw", ("open",), "withdrawn", "members:add"),
    ],
    of="invitation",
)
