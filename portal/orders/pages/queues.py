"""What waits for whom among the orders, for the home pages."""

from collections.abc import Awaitable, Callable
from typing import Any

from portal.access.guards import allowed
from portal.orders.queries import Listed, waiting_orders
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.wiring import Queue
from portal.platform.work import View
from portal.web.parts import Action, Waiting

Load = Callable[[View], Awaitable[tuple[int, list[Waiting]]]]
Values = Callable[[Actor], tuple[Any, ...]]


def _me(actor: Actor) -> tuple[Any, ...]:
    return (actor.person_id,)


def _loads(
    condition: str,
    permission: str = "orders:read",
    values: Values = lambda _actor: (),
    act: Callable[[Listed], Action] | None = None,
    side: str = "",
) -> Load:
    async def load(view: View) -> tuple[int, list[Waiting]]:
        count, rows = await waiting_orders(view, condition, *values(view.actor), permission=permission, side=side)
        offered = act if act and allowed(view.actor, permission) else None
        return count, [_waiting(view.actor, row, offered) for row in rows]

    return load


def _waiting(actor: Actor, row: Listed, act: Callable[[Listed], Action] | None) -> Waiting:
    order = row.order
    party = order.supplier if actor.organisation_id == order.buyer.id else order.buyer
    return Waiting(
        title=order.number,
        href=f"/orders/{order.id}",
        party=party.name,
        due=order.response_due_at if order.state == "issued" else order.requested_date,
        overdue=row.overdue,
        amount=order.totals.gross,
        currency=order.currency,
        state=order.state,
        act=act(row) if act else None,
    )


def _confirm(row: Listed) -> Action:
    title: Message = _("Confirm all")
    return Action(title, f"/orders/{row.order.id}/responses", "primary", "check", fields={"code": "AP", "back": "/"})


def _view(label: Message, path: str) -> Callable[[Listed], Action]:
    return lambda row: Action(label, f"/orders/{row.order.id}{path}", post=False)


_HERE = "not o.on_hold"
TO_ANSWER = Queue(
    _("Orders that need your answer"),
    "/orders?state=issued",
    _loads(f"o.state = 'issued' and {_HERE}", "orders:respond", act=_confirm, side="shown_to"),
    "orders:respond",
    _("Every order has its answer. New orders appear here as soon as a customer issues them."),
    "warning",
    10,
)
TO_APPROVE = Queue(
    _("Orders to approve"),
    "/orders?state=in_approval",
    _loads(
        f"o.state = 'in_approval' and {_HERE} and o.submitted_by is distinct from $2::uuid",
        "orders:approve",
        _me,
        _view(_("Review"), ""),
    ),
    "orders:approve",
    _("Nothing waits within your limit. Orders appear here when their authors submit them."),
    "warning",
    10,
)
TO_DECIDE = Queue(
    _("Counter-offers to decide"),
    "/orders?state=conditionally_accepted",
    _loads("o.state = 'conditionally_accepted'", "orders:decide", act=_view(_("Compare"), "#offer")),
    "orders:decide",
    _("No supplier asks for changes at the moment."),
    "warning",
    11,
)
TO_ISSUE = Queue(
    _("Approved orders to issue"),
    "/orders?state=approved",
    _loads(f"o.state = 'approved' and {_HERE}", "orders:issue", act=_view(_("Review"), "")),
    "orders:issue",
    _("Nothing waits to be sent. Orders come here from their approvers."),
    "info",
    12,
)
UNANSWERED = Queue(
    _("Answers that are overdue"),
    "/orders?overdue=1",
    _loads("o.state = 'issued' and o.response_due_at < portal.now()"),
    "orders:issue",
    _("Suppliers are in time with their answers."),
    "danger",
    13,
)
REJECTED = Queue(
    _("Rejected by suppliers"),
    "/orders?state=rejected",
    _loads("o.state = 'rejected'"),
    "orders:issue",
    _("No order was rejected. Rejected ones stay here until they are closed or cancelled."),
    "danger",
    14,
)
ON_HOLD = Queue(
    _("Orders on hold"),
    "/orders?on_hold=1",
    _loads("o.on_hold and o.state not in ('closed', 'cancelled')"),
    "orders:hold",
    _("No order is on hold."),
    "neutral",
    15,
)
RETURNED = Queue(
    _("Orders returned to you"),
    "/orders?state=draft&mine=1",
    _loads("o.state = 'draft' and o.submitted_at is not null and o.created_by = $2::uuid", values=_me),
    "orders:edit",
    _("No approver sent an order back."),
    "warning",
    20,
)
DRAFTS = Queue(
    _("Your drafts"),
    "/orders?state=draft&mine=1",
    _loads("o.state = 'draft' and o.submitted_at is null and o.created_by = $2::uuid", values=_me),
    "orders:edit",
    _("Nothing is begun. Drafts stay here until you submit them."),
    "neutral",
    21,
)

QUEUES = {
    "order_desk": [TO_ANSWER],
    "approver": [TO_APPROVE],
    "buyer": [TO_DECIDE, TO_ISSUE, UNANSWERED, REJECTED, ON_HOLD, RETURNED, DRAFTS],
    "requester": [RETURNED, DRAFTS],
}
