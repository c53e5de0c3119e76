"""The life of a batch: its file is there for a while, and what it was stays in the log."""

from typing import Final

from portal.platform.i18n import _
from portal.platform.states import StateTable, Transition

UNDER_WAY: Final = ("asked", "making")
OVER: Final = ("failed", "cancelled", "expired")
BATCH = StateTable(
    _("batch"),
    {
        "asked": _("Waiting to start"),
        "making": _("Being put together"),
        "ready": _("Ready"),
        "failed": _("Failed"),
        "cancelled": _("Cancelled"),
        "expired": _("Deleted"),
    },
    [
        Transition("begin", UNDER_WAY, "making", "system:act"),
        Transition("finish", ("making",), "ready", "system:act"),
        Transition("fail", UNDER_WAY, "failed", "system:act"),
        Transition("cancel", UNDER_WAY, "cancelled", "batches:make"),
        Transition("expire", ("ready",), "expired", "system:act"),
    ],
    of="batch",
)
