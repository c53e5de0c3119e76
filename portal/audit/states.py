"""The life of a legal hold: what was released never holds again."""

from portal.platform.i18n import _
from portal.platform.states import StateTable, Transition

HOLD = StateTable(
    _("legal hold"),
    {"placed": _("In force"), "released": _("Released")},
    [Transition("release", ("placed",), "released", "retention:hold")],
    of="legal_hold",
)
