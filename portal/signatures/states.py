"""The life of a signing: open until every place is signed, or until somebody ends it."""

from enum import StrEnum

from portal.platform.i18n import _
from portal.platform.states import StateTable, Transition


class S(StrEnum):
    OPEN = "open"
    COMPLETED = "completed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


NAMES = {
    S.OPEN: _("To be signed"),
    S.COMPLETED: _("Signed by all"),
    S.DECLINED: _("Declined"),
    S.WITHDRAWN: _("Withdrawn"),
}
SIGNING = StateTable(
    _("document to be signed"),
    NAMES,
    [
        # verb          from        to            permission
        Transition("complete", (S.OPEN,), S.COMPLETED, "signatures:sign"),
        Transition("decline", (S.OPEN,), S.DECLINED, "signatures:decline"),
        Transition("withdraw", (S.OPEN,), S.WITHDRAWN, "signatures:withdraw"),
    ],
    of="signing",
)
