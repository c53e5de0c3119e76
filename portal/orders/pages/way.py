"""Where an order stands on its way from the draft to the payment: the steps on top of its page."""

from collections import Counter
from collections.abc import Sequence

from portal.orders.states import S
from portal.orders.tables import PurchaseOrder
from portal.platform.i18n import Message, _
from portal.web.parts import Node, Step

_OVER = (S.CLOSED, S.CANCELLED)
# How many of the first four steps (ordered, approved, issued, answered) each state has behind it.
_BEHIND = {
    S.DRAFT: 0,
    S.IN_APPROVAL: 1,
    S.APPROVED: 2,
    S.ISSUED: 3,
    S.CONDITIONALLY_ACCEPTED: 3,
    S.REJECTED: 3,
    S.ACCEPTED: 4,
    S.CLOSED: 4,
}
_FAR = {"none": "upcoming", "partial": "partial", "complete": "done"}
_NOTES: dict[str, Message] = {
    S.DRAFT: _("Draft"),
    S.CONDITIONALLY_ACCEPTED: _("with changes"),
    S.REJECTED: _("rejected"),
}


def steps(order: PurchaseOrder, history: Sequence[Node], *, inside: bool) -> list[Step]:
    """All steps; `inside` shows the buyer's own approval, which is none of the supplier's business."""
    happened = Counter(node.event for node in history)
    way = [*_agreed(order), *_delivered(order), *_paid(order, happened)]
    if not inside:
        del way[1]
    return way if order.state in _OVER else _with_current(way)


def _agreed(order: PurchaseOrder) -> list[Step]:
    titles = (_("Ordered"), _("Approved"), _("Issued"), _("Answered"))
    behind = _behind(order)
    way = [Step(title, "done" if place < behind else "upcoming") for place, title in enumerate(titles)]
    if order.state == S.CANCELLED and behind < len(way):
        way[behind] = Step(titles[behind], "failed", _("cancelled"))
    elif behind < len(way):
        state = "failed" if order.state == S.REJECTED else "current"
        way[behind] = Step(titles[behind], state, _NOTES.get(order.state, ""))
    return way


def _behind(order: PurchaseOrder) -> int:
    """A cancelled order shows how far it had come."""
    if order.state != S.CANCELLED:
        return _BEHIND[S(order.state)]
    reached = (order.created_at, order.approved_at, order.issued_at, order.responded_at)
    return sum(1 for moment in reached if moment is not None)


def _delivered(order: PurchaseOrder) -> list[Step]:
    return [
        Step(_("Despatched"), _FAR[order.despatch_status]),
        Step(_("Received"), _FAR[order.receipt_status]),
        Step(_("Invoiced"), _FAR[order.invoice_status]),
    ]


def _paid(order: PurchaseOrder, happened: Counter[str]) -> list[Step]:
    """Invoices have states of their own; the order's timeline tells how many came so far."""
    sent = happened["invoice.submitted"] - happened["invoice.rejected"]
    ways = ((_("Invoice approved"), happened["invoice.approved"]), (_("Paid"), happened["invoice.settled"]))
    return [Step(title, _part(count, sent, order.invoice_status == "complete")) for title, count in ways]


def _part(count: int, sent: int, complete: bool) -> str:
    if count <= 0:
        return "upcoming"
    return "done" if complete and count >= sent else "partial"


def _with_current(way: list[Step]) -> list[Step]:
    """The first step that has not begun is the one to look at, unless one says so already."""
    if any(step.state in ("current", "failed") for step in way):
        return way
    for place, step in enumerate(way):
        if step.state == "upcoming":
            way[place] = Step(step.title, "current", step.note)
            break
    return way
