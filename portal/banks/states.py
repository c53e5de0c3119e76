"""The life of a version of a bank account at its supplier, and of its approval at each buyer."""

from enum import StrEnum

from portal.platform.i18n import _
from portal.platform.states import StateTable, Transition


class A(StrEnum):
    """A version counts once a colleague confirmed it; the next one takes its place, and the supplier may end it."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    ENDED = "ended"


class P(StrEnum):
    """An approval is proposed by one person of the buyer, after a call back, and approved by another."""

    OFFERED = "offered"
    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    REVOKED = "revoked"
    ENDED = "ended"


ACCOUNT_NAMES = {
    A.PROPOSED: _("Waits for a colleague"),
    A.CONFIRMED: _("Confirmed"),
    A.DECLINED: _("Declined"),
    A.WITHDRAWN: _("Withdrawn"),
    A.SUPERSEDED: _("Superseded"),
    A.ENDED: _("Ended"),
}
APPROVAL_NAMES = {
    P.OFFERED: _("To be checked"),
    P.PROPOSED: _("Waits for a second person"),
    P.APPROVED: _("Approved"),
    P.DECLINED: _("Declined"),
    P.REVOKED: _("Revoked"),
    P.ENDED: _("Ended"),
}

ACCOUNT = StateTable(
    _("bank account"),
    ACCOUNT_NAMES,
    [
        # verb          from                            to             permission
        Transition("confirm", (A.PROPOSED,), A.CONFIRMED, "bank-accounts:confirm"),
        Transition("decline", (A.PROPOSED,), A.DECLINED, "bank-accounts:confirm"),
        Transition("withdraw", (A.PROPOSED,), A.WITHDRAWN, "bank-accounts:enter"),
        Transition("supersede", (A.CONFIRMED,), A.SUPERSEDED, "bank-accounts:end"),
        Transition("end", (A.CONFIRMED, A.SUPERSEDED), A.ENDED, "bank-accounts:end"),
    ],
    of="bank_account",
)

APPROVAL = StateTable(
    _("bank account"),
    APPROVAL_NAMES,
    [
        Transition("propose", (P.OFFERED, P.DECLINED, P.REVOKED), P.PROPOSED, "bank-accounts:propose"),
        Transition("approve", (P.PROPOSED,), P.APPROVED, "bank-accounts:approve"),
        Transition("decline", (P.OFFERED, P.PROPOSED), P.DECLINED, "bank-accounts:decline"),
        Transition("revoke", (P.APPROVED,), P.REVOKED, "bank-accounts:revoke"),
        Transition("end", (P.OFFERED, P.PROPOSED, P.APPROVED, P.DECLINED, P.REVOKED), P.ENDED, "bank-accounts:end"),
    ],
    of="bank_approval",
)
