"""The life of a stored document: what is ready never changes again."""

from portal.platform.i18n import _
from portal.platform.states import StateTable, Transition

DOCUMENT = StateTable(
    _("document"),
    {"pending": _("Being prepared"), "ready": _("Ready"), "failed": _("Failed")},
    [
        Transition("finish", ("pending",), "ready", "system:act"),
        Transition("fail", ("pending",), "failed", "system:act"),
        Transition("retry", ("failed",), "pending", "self:use"),
    ],
    of="document",
)
