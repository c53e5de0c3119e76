"""The life of a mail: what was sent is never sent again."""

from portal.platform.i18n import _
from portal.platform.states import StateTable, Transition

MAIL = StateTable(
    _("mail"),
    {"queued": _("Waiting"), "sent": _("Sent"), "failed": _("Failed")},
    [
        Transition("send", ("queued",), "sent", "system:act"),
        Transition("give_up", ("queued",), "failed", "system:act"),
    ],
)
