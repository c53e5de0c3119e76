"""The life of an excuse: the supplier asks and the buyer decides, or the buyer grants it unasked."""

from enum import StrEnum

from portal.platform.i18n import _
from portal.platform.states import StateTable, Transition


class S(StrEnum):
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


NAMES = {
    S.ASKED: _("Asked for"),
    S.GRANTED: _("Excused"),
    S.REFUSED: _("Refused"),
    S.WITHDRAWN: _("Withdrawn"),
}

EXCUSE = StateTable(
    _("excuse"),
    NAMES,
    [
        # verb         from          to           permission
        Transition("grant", (S.ASKED,), S.GRANTED, "excuses:decide"),
        Transition("refuse", (S.ASKED,), S.REFUSED, "excuses:decide"),
        Transition("withdraw", (S.GRANTED,), S.WITHDRAWN, "excuses:decide"),
    ],
    of="score_excuse",
)
