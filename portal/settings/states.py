"""The life of a version: another person approves or declines it; until it holds it may be taken back."""

from enum import StrEnum
from typing import Any

from portal.platform.i18n import Message, _
from portal.platform.states import StateTable, Transition


class S(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


NAMES = {
    S.PROPOSED: _("Proposed"),
    S.APPROVED: _("Approved"),
    S.DECLINED: _("Declined"),
    S.WITHDRAWN: _("Withdrawn"),
}


def _not_in_force(version: Any) -> Message | None:
    return _("This holds already. Propose another value instead.") if version.applied_at else None


SETTING = StateTable(
    _("setting"),
    NAMES,
    [
        # verb          from                       to           permission         provided
        Transition("approve", (S.PROPOSED,), S.APPROVED, "settings:check"),
        Transition("decline", (S.PROPOSED,), S.DECLINED, "settings:check"),
        Transition("withdraw", (S.PROPOSED, S.APPROVED), S.WITHDRAWN, "settings:withdraw", (_not_in_force,)),
    ],
    of="setting_version",
)
