"""The life of a despatch advice. How much of it arrived is a status of its own, never a state."""

from enum import StrEnum

from portal.platform.i18n import _
from portal.platform.states import StateTable, Transition


class S(StrEnum):
    DRAFT = "draft"
    DESPATCHED = "despatched"
    CANCELLED = "cancelled"


NAMES = {
    S.DRAFT: _("Draft"),
    S.DESPATCHED: _("Despatched"),
    S.CANCELLED: _("Cancelled"),
}

ADVICE = StateTable(
    _("despatch advice"),
    NAMES,
    [
        # verb        from        to            permission
        Transition("despatch", (S.DRAFT,), S.DESPATCHED, "despatch-advices:despatch"),
        Transition("edit", (S.DRAFT,), S.DRAFT, "despatch-advices:edit"),
        Transition("cancel", (S.DRAFT,), S.CANCELLED, "despatch-advices:cancel"),
    ],
)
