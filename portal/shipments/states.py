"""The life of a despatch advice. How much of it arrived is a status of its own, never a state."""

from enum import StrEnum
from typing import Any

from portal.platform.i18n import Message, _
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


def awaits_goods(advice: Any) -> Message | None:
    return _("Nothing of this delivery is expected any more.") if advice.receipt_status == "complete" else None


ADVICE = StateTable(
    _("despatch advice"),
    NAMES,
    [
        # verb        from        to            permission
        Transition("despatch", (S.DRAFT,), S.DESPATCHED, "despatch-advices:despatch"),
        Transition("edit", (S.DRAFT,), S.DRAFT, "despatch-advices:edit"),
        Transition("end", (S.DESPATCHED,), S.DESPATCHED, "goods-receipts:miss", (awaits_goods,)),
        Transition("cancel", (S.DRAFT,), S.CANCELLED, "despatch-advices:cancel"),
    ],
    of="despatch_advice",
)
