"""The life of a mail: what was handed over never is again, unless the server said that it did not take it."""

from portal.platform.i18n import _
from portal.platform.states import StateTable, Transition

MAIL = StateTable(
    _("mail"),
    {"queued": _("Waiting"), "handed": _("Handed over, not confirmed"), "sent": _("Sent"), "failed": _("Failed")},
    [
        Transition("hand_over", ("queued",), "handed", "system:act"),
        Transition("confirm", ("queued", "handed"), "sent", "system:act"),
        Transition("take_back", ("handed",), "queued", "system:act"),
        Transition("give_up", ("queued", "handed"), "failed", "system:act"),
    ],
    of="mail_message",
)
