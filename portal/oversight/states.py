"""The lives of an emergency, of a campaign and of a role in it."""

from portal.platform.i18n import _
from portal.platform.states import StateTable, Transition

EMERGENCY = StateTable(
    _("emergency access"),
    {
        "asked": _("Asked for"),
        "granted": _("Granted"),
        "declined": _("Declined"),
        "withdrawn": _("Withdrawn"),
        "ended": _("To be reviewed"),
        "reviewed": _("Reviewed"),
    },
    [
        Transition("grant", ("asked",), "granted", "emergency-access:grant"),
        Transition("decline", ("asked",), "declined", "emergency-access:grant"),
        Transition("withdraw", ("asked",), "withdrawn", "emergency-access:withdraw"),
        Transition("end", ("granted",), "ended", "emergency-access:end"),
        Transition("review", ("granted", "ended"), "reviewed", "emergency-access:review"),
    ],
    of="emergency_access",
)
REVIEW = StateTable(
    _("access review"),
    {"open": _("Open"), "closed": _("Closed")},
    [Transition("close", ("open",), "closed", "access-reviews:close")],
    of="access_review",
)
REVIEWED = StateTable(
    _("role under review"),
    {
        "open": _("To decide"),
        "kept": _("Kept"),
        "revoked": _("Taken back"),
        "lapsed": _("Taken back, nobody decided"),
        "spared": _("Stays, last administrator"),
        "gone": _("Gone already"),
    },
    [
        Transition("keep", ("open", "kept"), "kept", "access-reviews:decide"),
        Transition("revoke", ("open", "kept"), "revoked", "access-reviews:decide"),
        Transition("lapse", ("open",), "lapsed", "access-reviews:close"),
        Transition("spare", ("open",), "spared", "access-reviews:close"),
        Transition("miss", ("open",), "gone", "access-reviews:close"),
    ],
    of="reviewed_role",
)
