"""The lives of an engagement and of an evidence bundle."""

from portal.platform.i18n import _
from portal.platform.states import StateTable, Transition

ENGAGEMENT = StateTable(
    _("engagement"),
    {"open": _("Open"), "closed": _("Over")},
    [Transition("close", ("open",), "closed", "engagements:close")],
    of="engagement",
)
EVIDENCE = StateTable(
    _("evidence bundle"),
    {"asked": _("Waiting to start"), "making": _("Being put together"), "ready": _("Ready"), "failed": _("Failed")},
    [
        Transition("begin", ("asked", "making"), "making", "system:act"),
        Transition("finish", ("making",), "ready", "system:act"),
        Transition("fail", ("asked", "making"), "failed", "system:act"),
    ],
    of="evidence_bundle",
)
