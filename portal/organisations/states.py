"""The life of a trading relationship: only an approved supplier's orders are issued."""

from enum import StrEnum

from portal.platform.i18n import _
from portal.platform.states import StateTable, Transition


class Relation(StrEnum):
    INVITED = "invited"
    IN_QUALIFICATION = "in_qualification"
    APPROVED = "approved"
    ON_HOLD = "on_hold"
    ENDED = "ended"


NAMES = {
    "invited": _("Invited"),
    "in_qualification": _("In qualification"),
    "approved": _("Approved"),
    "on_hold": _("On hold"),
    "ended": _("Ended"),
}
R = Relation
RELATION = StateTable(
    _("trading relationship"),
    NAMES,
    [
        Transition("approve", (R.INVITED, R.IN_QUALIFICATION, R.ON_HOLD), R.APPROVED, "suppliers:edit"),
        Transition("suspend", (R.APPROVED,), R.ON_HOLD, "suppliers:edit"),
        Transition("end", (R.INVITED, R.IN_QUALIFICATION, R.APPROVED, R.ON_HOLD), R.ENDED, "suppliers:edit"),
        Transition("reinstate", (R.ENDED,), R.APPROVED, "suppliers:edit"),
    ],
    of="trading_relationship",
)
