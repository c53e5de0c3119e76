"""The life of a purchase order and of a supplier's response (domain: purchase order)."""

from enum import StrEnum
from typing import Any, NamedTuple

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
# Goods of such an order may come; they may leave unless the supplier asked for changes that nobody decided on.
LIVE = (S.ISSUED, S.ACCEPTED, S.CONDITIONALLY_ACCEPTED)

# The buyer may issue it again, changed, as its next revision.
REVISABLE = (*LIVE, S.REJECTED)


# Kinds of orders, by code.
KINDS = {"standard": _("Standard"), "framework": _("Call-off"), "urgent": _("Urgent")}


class Standing(NamedTuple):
    """How an order stands as far as its goods are concerned; each answer is what speaks against it, or None."""

    number: str
    state: str
    on_hold: bool
    hold_reason: str

    @property
    def against_coming(self) -> Message | None:
        if self.on_hold:
            return _("Order {number} is on hold: {reason}.", number=self.number, reason=self.hold_reason or "–")
        if self.state not in LIVE:
            return _("Order {number} is not open any more, or not issued yet.", number=self.number)
        return None

    @property
    def against_leaving(self) -> Message | None:
        if self.state == S.CONDITIONALLY_ACCEPTED and not self.on_hold:
            return _(
                "Your changes to order {number} wait for the buyer’s decision. Goods leave once both sides agree.",
                number=self.number,
            )
        return self.against_coming


def not_on_hold(order: Any) -> Message | None:
    if order.on_hold:
        return _("This order is on hold: {reason}. Release it first.", reason=order.hold_reason or "–")
    return None


def against_closing_lines(order: Any) -> Message | None:
    """What keeps a line from being closed short, or reopened: both sides must know what the order asks for."""
    if order.state == S.CONDITIONALLY_ACCEPTED:
        return _("Decide on the supplier’s changes first: they are about these lines.")
    if order.state not in (S.ISSUED, S.ACCEPTED):
        return _("Lines are closed short while their order goes on.")
    return not_on_hold(order)


def nothing_received(order: Any) -> Message | None:
    if order.receipt_status != "none":
        return _("Goods of this order were received already, so it can only be closed.")
    return None


def nothing_left(order: Any) -> Message | None:
    if order.despatch_status != "none" or order.receipt_status != "none":
        return _("Goods of this order left already. Answer line by line what will not come.")
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
        Transition("reject", (S.ISSUED,), S.REJECTED, "orders:respond", (not_on_hold, nothing_left)),
        Transition("agree", (S.CONDITIONALLY_ACCEPTED,), S.ACCEPTED, "orders:decide", (not_on_hold,)),
        Transition("decline", (S.CONDITIONALLY_ACCEPTED,), S.ISSUED, "orders:decide"),
        Transition("revise", REVISABLE, S.ISSUED, "orders:change", (not_on_hold,)),
        Transition("reissue", REVISABLE, S.ISSUED, "orders:approve", (not_on_hold,)),
        Transition("amend", (S.ACCEPTED,), S.ACCEPTED, "orders:change", (not_on_hold,)),
        Transition("adopt", (S.ACCEPTED,), S.ACCEPTED, "orders:agree", (not_on_hold,)),
        Transition("close", (*LIVE, S.REJECTED), S.CLOSED, "orders:close"),
        Transition(
            "cancel",
            (S.DRAFT, S.IN_APPROVAL, S.APPROVED, *LIVE, S.REJECTED),
            S.CANCELLED,
            "orders:cancel",
            (nothing_received,),
        ),
    ],
    of="purchase_order",
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
        Transition("supersede", ("pending",), "stale", "orders:read"),
    ],
    of="order_response",
)

# What follows from another act on the order, which was asked for its own permission, asks for none.
CHANGE = StateTable(
    _("proposed change"),
    {
        "proposed": _("Waiting for a decision"),
        "approved": _("Issued as a revision"),
        "accepted": _("Agreed"),
        "declined": _("Declined"),
        "withdrawn": _("Withdrawn"),
        "stale": _("Overtaken by a later revision"),
    },
    [
        # The buyer's own: within what was approved it is issued at once, else somebody approves it.
        Transition("issue", ("proposed",), "approved", "orders:change"),
        Transition("approve", ("proposed",), "approved", "orders:approve"),
        # The supplier's: within the buyer's tolerances it is agreed at once, else the buyer decides.
        Transition("take", ("proposed",), "accepted", "orders:change"),
        Transition("accept", ("proposed",), "accepted", "orders:agree"),
        Transition("decline", ("proposed",), "declined", "orders:agree"),
        Transition("withdraw", ("proposed",), "withdrawn", "orders:change"),
        Transition("agree", ("approved",), "accepted", "orders:read"),
        Transition("refuse", ("approved",), "declined", "orders:read"),
        Transition("overtake", ("proposed", "approved"), "stale", "orders:read"),
    ],
    of="order_change",
)
