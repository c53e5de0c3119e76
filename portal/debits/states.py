"""The life of a debit note."""

from enum import StrEnum

from portal.platform.i18n import _
from portal.platform.states import StateTable, Transition


class S(StrEnum):
    """A proposal is withdrawn when the receipt that it is of was undone."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    WAIVED = "waived"
    WITHDRAWN = "withdrawn"


NAMES = {
    S.PROPOSED: _("Proposed"),
    S.ACCEPTED: _("Accepted"),
    S.WAIVED: _("Waived"),
    S.WITHDRAWN: _("Withdrawn"),
}
DEBIT = StateTable(
    _("debit note"),
    NAMES,
    [
        # verb        from                       to           permission
        Transition("accept", (S.PROPOSED,), S.ACCEPTED, "debit-notes:decide"),
        Transition("waive", (S.PROPOSED, S.ACCEPTED), S.WAIVED, "debit-notes:decide"),
        Transition("withdraw", (S.PROPOSED,), S.WITHDRAWN, "debit-notes:propose"),
    ],
    of="debit_note",
)
