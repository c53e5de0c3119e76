"""What waits for whom among the orders, for the home pages."""

from collections.abc import Awaitable, Callable

from portal.access.guards import allowed
from portal.orders.queries import OPEN, Listed, waiting_orders
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.wiring import Queue
from portal.platform.work import View
from portal.web.parts import Action, Waiting

Load = Callable[[View], Awaitable[tuple[int, list[Waiting]]]]
Offer = Callable[[Listed], Action]
_SUPPLIER, _CUSTOMER, _ORDER = _("Supplier"), _("Customer"), _("Order")
_ANSWER_DUE, _WANTED = _("Answer due"), _("Wanted by")


def _queue(
    name: str,
    permission: str,
    empty: Message,
    tone: str,
    place: int,
    *,
    act: Offer | None = None,
    due: Message = _WANTED,
) -> Queue:
    """The queue of that name in `OPEN`, which also is the filter of the list that it leads to."""
    waits = OPEN[name]
    who = _CUSTOMER if waits.side == "shown_to" else _SUPPLIER

    async def load(view: View) -> tuple[int, list[Waiting]]:
        count, rows = await waiting_orders(view, waits)
        offered = act if act and allowed(view.actor, waits.permission) else None
        return count, [_waiting(view.actor, row, offered, due is _ANSWER_DUE) for row in rows]

    return Queue(waits.title, f"/orders?open={name}", load, permission, empty, tone, place, _ORDER, who, due)


def _waiting(actor: Actor, row: Listed, act: Offer | None, answer_due: bool) -> Waiting:
    order = row.order
    party = order.supplier if actor.organisation_id == order.buyer.id else order.buyer
    return Waiting(
        title=order.number,
        href=f"/orders/{order.id}",
        party=party.name,
        due=order.response_due_at if answer_due else order.requested_date,
        overdue=row.overdue,
        amount=order.totals.gross,
        currency=order.currency,
        state=order.state,
        note="" if row.declined is None else _("Your changes were declined: {reason}", reason=row.declined or "–"),
        act=act(row) if act else None,
    )


def _confirm(row: Listed) -> Action:
    """In one go, but not by one slip: it says what is committed to before it is done."""
    sure, fields = _("You confirm {number} as it was ordered.", number=row.order.number), {"code": "AP", "back": "/"}
    title: Message = _("Confirm all")
    return Action(title, f"/orders/{row.order.id}/responses", "primary", "check", confirm=sure, fields=fields)


def _view(label: Message, path: str = "") -> Offer:
    return lambda row: Action(label, f"/orders/{row.order.id}{path}", post=False)


_LOOK = _view(_("Look at it"))
TO_ANSWER = _queue(
    "answer",
    "orders:respond",
    _("Every order has its answer. New orders appear here as soon as a customer issues them."),
    "warning",
    10,
    act=_confirm,
    due=_ANSWER_DUE,
)
TO_APPROVE = _queue(
    "approve",
    "orders:approve",
    _("Nothing waits within your limit. Orders appear here when their authors submit them."),
    "warning",
    10,
    act=_LOOK,
)
TO_DECIDE = _queue(
    "decide", "orders:decide", _("No supplier asks for changes at the moment."), "warning", 11,
    act=_view(_("Compare"), "#offer"),
)  # fmt: skip
CHANGES_OFFERED = _queue(
    "change", "orders:agree", _("No supplier proposes a change at the moment."), "warning", 11,
    act=_view(_("Compare"), "#changes"),
)  # fmt: skip
CHANGES_TO_APPROVE = _queue(
    "approve_change", "orders:approve", _("No change of an order waits within your limit."), "warning", 11,
    act=_view(_("Compare"), "#changes"),
)  # fmt: skip
TO_ISSUE = _queue(
    "issue", "orders:issue", _("Nothing waits to be sent. Orders come here from their approvers."), "info", 12,
    act=_LOOK,
)  # fmt: skip
OFFERS_TO_APPROVE = _queue(
    "approve_offer", "orders:approve", _("No supplier asks for more than was approved."), "warning", 11,
    act=_view(_("Compare"), "#offer"),
)  # fmt: skip
UNANSWERED = _queue(
    "unanswered", "orders:issue", _("Suppliers are in time with their answers."), "danger", 13, due=_ANSWER_DUE
)
REJECTED = _queue(
    "rejected",
    "orders:issue",
    _("No order was rejected lately. Rejected ones stay here for 30 days, or until they are closed or cancelled."),
    "danger",
    14,
)
ON_HOLD = _queue("held", "orders:hold", _("No order is on hold."), "neutral", 15)
RETURNED = _queue("returned", "orders:edit", _("No approver sent an order back."), "warning", 20)
LATE = _queue("late", "orders:create", _("Nothing that you ordered is late."), "danger", 21)
DRAFTS = _queue("drafts", "orders:edit", _("Nothing is begun. Drafts stay here until you submit them."), "neutral", 22)
IN_APPROVAL = _queue("in_approval", "orders:create", _("Nothing of yours waits to be approved or issued."), "info", 23)
WITH_SUPPLIER = _queue(
    "with_supplier", "orders:create", _("No supplier owes an answer to an order of yours."), "info", 24,
    due=_ANSWER_DUE,
)  # fmt: skip
ANSWERED = _queue("answered", "orders:create", _("Nothing that was answered is still on its way."), "neutral", 25)

QUEUES = {
    "order_desk": [TO_ANSWER],
    "approver": [TO_APPROVE, OFFERS_TO_APPROVE, CHANGES_TO_APPROVE],
    "buyer": [TO_DECIDE, CHANGES_OFFERED, TO_ISSUE, UNANSWERED, REJECTED, ON_HOLD, RETURNED, DRAFTS],
    "requester": [RETURNED, LATE, DRAFTS, IN_APPROVAL, WITH_SUPPLIER, ANSWERED],
}
