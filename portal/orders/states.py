"""The life of a purchase order and of a supplier's response (domain: purchase order)."""

from enum import StrEnum
from typing import Any

from portal.platform.i18n import Message, _
from portal.platform.states import StateTable, Transition


class S(StrEnum):
    """States of a purchase order. Receipt, despatch and invoice status are separate; hold is a flag."""

    DRAFT = "draft"
    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    ISSUED = "issued"
    ACCEPTED = "accepted"
    CONDITIONALLY_ACCEPTED = "conditionally_accepted"
    REJECTED = "rejected"
    CLOSED = "closed"
    CANCELLED = "cancelled"


NAMES = {
    S.DRAFT: _("Draft"),
    S.IN_APPROVAL: _("In approval"),
    S.APPROVED: _("Approved"),
    S.ISSUED: _("Issued"),
    S.ACCEPTED: _("Accepted"),
    S.CONDITIONALLY_ACCEPTED: _("Accepted with changes"),
    S.REJECTED: _("Rejected"),
    S.CLOSED: _("Closed"),
    S.CANCELLED: _("Cancelled"),
}
LIVE = (S.ISSUED, S.ACCEPTED, S.CONDITIONALLY_ACCEPTED)


def not_on_hold(order: Any) -> Message | None:
    if order.on_hold:
        return _("This order is on hold: {reason}. Release it first.", reason=order.hold_reason or "–")
    return None


def nothing_received(order: Any) -> Message | None:
    if order.receipt_status != "none":
        return _("Goods of this order were received already, so it can only be closed.")
    return None


def not_acknowledged(order: Any) -> Message | None:
    return _("This order was acknowledged already.") if order.acknowledged_at else None


ORDER = StateTable(
    _("purchase order"),
    NAMES,
    [
        # verb        from                                  to                        permission        provided
        Transition("submit", (S.DRAFT,), S.IN_APPROVAL, "orders:submit", (not_on_hold,)),
        Transition("approve", (S.IN_APPROVAL,), S.APPROVED, "orders:approve", (not_on_hold,)),
        Transition("return", (S.IN_APPROVAL,), S.DRAFT, "orders:return"),
        Transition("withdraw", (S.IN_APPROVAL,), S.DRAFT, "orders:withdraw"),
        Transition("discard", (S.DRAFT,), S.CANCELLED, "orders:discard"),
        Transition("issue", (S.APPROVED,), S.ISSUED, "orders:issue", (not_on_hold,)),
        Transition("acknowledge", (S.ISSUED,), S.ISSUED, "orders:respond", (not_on_hold, not_acknowledged)),
        Transition("accept", (S.ISSUED,), S.ACCEPTED, "orders:respond", (not_on_hold,)),
        Transition("counter", (S.ISSUED,), S.CONDITIONALLY_ACCEPTED, "orders:respond", (not_on_hold,)),
        Transition("reject", (S.ISSUED,), S.REJECTED, "orders:respond", (not_on_hold,)),
        Transition("agree", (S.CONDITIONALLY_ACCEPTED,), S.ACCEPTED, "orders:decide", (not_on_hold,)),
        Transition("decline", (S.CONDITIONALLY_ACCEPTED,), S.ISSUED, "orders:decide"),
        Transition("close", (*LIVE, S.REJECTED), S.CLOSED, "orders:close"),
        Transition(
            "cancel",
            (S.DRAFT, S.IN_APPROVAL, S.APPROVED, *LIVE, S.REJECTED),
            S.CANCELLED,
            "orders:cancel",
            (nothing_received,),
        ),
    ],
)

RESPONSE = StateTable(
    _("response"),
    {
        "pending": _("Waiting for the buyer"),
        "accepted": _("Accepted by the buyer"),
        "declined": _("Declined by the buyer"),
        "stale": _("Overtaken by a later revision"),
        "recorded": _("Recorded"),
    },
    [
        Transition("accept", ("pending",), "accepted", "orders:decide"),
        Transition("decline", ("pending",), "declined", "orders:decide"),
        Transition("overtake", ("pending",), "stale", "orders:close"),
    ],
)
