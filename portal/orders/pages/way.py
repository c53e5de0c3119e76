"""Where an order stands on its way from the draft to the payment: the steps on top of its page.

What is done is told as done (“Approved”), what is to come as what it will be (“Approval”).
"""

from collections import Counter
from collections.abc import Sequence

from portal.orders.states import S
from portal.orders.tables import PurchaseOrder
from portal.platform.i18n import Message, _
from portal.web.parts import Node, Step

_APPROVAL, _ANSWER = (_("Approval"), _("Approved")), (_("Answer"), _("Answered"))
_FIRST = ((_("Order"), _("Ordered")), _APPROVAL, (_("Issue"), _("Issued")), _ANSWER)
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


def steps(order: PurchaseOrder, history: Sequence[Node], *, inside: bool, goods: bool = True) -> list[Step]:
    """All steps; `inside` shows the buyer's own approval, which is none of the supplier's business. Without `goods`
    nothing is despatched."""
    happened = Counter(node.event for node in history)
    way = [*_agreed(order), *_delivered(order)[0 if goods else 1 :], *_paid(order, happened)]
    if not inside:
        del way[1]
    return way if order.state in _OVER else _with_current(way)


def _step(titles: tuple[Message, Message], state: str, note: Message | str = "") -> Step:
    """`titles` are of what is to come and of what is done."""
    return Step(titles[state in ("done", "partial")], state, note)


def _agreed(order: PurchaseOrder) -> list[Step]:
    behind = _behind(order)
    way = [_step(titles, "done" if place < behind else "upcoming") for place, titles in enumerate(_FIRST)]
    if order.state == S.CANCELLED and behind < len(way):
        way[behind] = _step(_FIRST[behind], "failed", _("cancelled"))
    elif behind < len(way):
        state = "failed" if order.state == S.REJECTED else "current"
        way[behind] = _step(_FIRST[behind], state, _NOTES.get(order.state, ""))
    return way


def _behind(order: PurchaseOrder) -> int:
    """A cancelled order shows how far it had come."""
    if order.state != S.CANCELLED:
        return _BEHIND[S(order.state)]
    reached = (order.created_at, order.approved_at, order.issued_at, order.responded_at)
    return sum(1 for moment in reached if moment is not None)


def _delivered(order: PurchaseOrder) -> list[Step]:
    return [
        _step((_("Despatch"), _("Despatched")), _FAR[order.despatch_status]),
        _step((_("Receipt"), _("Received")), _FAR[order.receipt_status]),
        _step((_("Invoice"), _("Invoiced")), _FAR[order.invoice_status]),
    ]


def _paid(order: PurchaseOrder, happened: Counter[str]) -> list[Step]:
    """Invoices have states of their own; the order's timeline tells how many came so far."""
    sent = happened["invoice.submitted"] - happened["invoice.rejected"]
    whole = order.invoice_status == "complete"
    return [
        _step((_("Invoice approval"), _("Invoice approved")), _part(happened["invoice.approved"], sent, whole)),
        _step((_("Payment"), _("Paid")), _part(happened["invoice.settled"], sent, whole)),
    ]


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
