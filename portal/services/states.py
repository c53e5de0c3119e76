"""The life of a service entry and of each of its lines."""

from enum import StrEnum
from typing import Any

from portal.platform.i18n import Message, _
from portal.platform.states import StateTable, Transition


class S(StrEnum):
    """A submitted entry waits until all of its lines are decided; it is rejected only if all of them were."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    REVERSED = "reversed"


class L(StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


NAMES = {
    S.DRAFT: _("Draft"),
    S.SUBMITTED: _("Waits for acceptance"),
    S.ACCEPTED: _("Accepted"),
    S.REJECTED: _("Rejected"),
    S.CANCELLED: _("Cancelled"),
    S.REVERSED: _("Reversed"),
}


def nothing_decided(entry: Any) -> Message | None:
    if entry.decided_at is not None:
        return _("The customer decided on a part of this already.")
    return None


ENTRY = StateTable(
    _("service entry"),
    NAMES,
    [
        # verb       from                       to           permission
        Transition("edit", (S.DRAFT,), S.DRAFT, "service-entries:edit"),
        Transition("submit", (S.DRAFT,), S.SUBMITTED, "service-entries:submit"),
        Transition("cancel", (S.DRAFT, S.SUBMITTED), S.CANCELLED, "service-entries:cancel", (nothing_decided,)),
        Transition("decide", (S.SUBMITTED,), S.SUBMITTED, "service-entries:decide"),
        Transition("accept", (S.SUBMITTED,), S.ACCEPTED, "service-entries:decide"),
        Transition("reject", (S.SUBMITTED,), S.REJECTED, "service-entries:decide"),
        Transition("reverse", (S.ACCEPTED,), S.REVERSED, "service-entries:reverse"),
    ],
    of="service_entry",
)

LINE = StateTable(
    _("line of the service entry"),
    {L.WAITING: _("Waits for acceptance"), L.ACCEPTED: _("Accepted"), L.REJECTED: _("Rejected")},
    [
        Transition("accept", (L.WAITING,), L.ACCEPTED, "service-entries:decide"),
        Transition("reject", (L.WAITING,), L.REJECTED, "service-entries:decide"),
    ],
    of="service_entry_line",
)
