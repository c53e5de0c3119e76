"""What is still to be done about orders, as conditions on `o`: the home pages' queues and the filter `?open=` of the
list are both made of these, so that a queue's figure and the list it leads to never tell different stories.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from portal.access.guards import scoped
from portal.orders.queries.live import IS_LIVE
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.wiring import Narrowing
from portal.platform.work import View

Bind = Callable[[Any], str]
OVERDUE = "o.state = 'issued' and o.response_due_at < portal.now()"
_HERE = "not o.on_hold"
# Issued, not over, and something of it is still to come or to be billed.
UNFINISHED = f"{IS_LIVE} and (o.receipt_status <> 'complete' or o.invoice_status <> 'complete')"
# Later a rejection is history, which the list by states still tells.
_LATELY_REJECTED = "o.state = 'rejected' and o.responded_at > portal.now() - interval '30 days'"
_AWAITED = f"{IS_LIVE} and o.receipt_status <> 'complete'"


def _late(actor: Actor, bind: Bind) -> str:
    """An answer or the goods did not come in time; days are those of whoever looks."""
    today = f"(portal.now() at time zone {bind(actor.time_zone)})::date"
    return f"(({OVERDUE}) or ({_AWAITED} and o.requested_date < {today}))"


# More, or dearer, is offered of a line than was approved: `r` is the response.
OFFERED_BEYOND = """exists (select from order_response_line a join purchase_order_line l using (order_id, line)
    where a.response_id = r.id and a.code <> '7' group by l.id having bool_or(a.code = '3') and (
      sum(coalesce(a.quantity, l.quantity)) > l.approved_quantity or max(a.unit_price) > l.approved_price))"""


async def offered_beyond(view: View, response_id: UUID) -> bool:
    """Whether somebody has to approve what this answer offers of a line, whatever the order comes to."""
    return await view.value(f"select {OFFERED_BEYOND} from order_response r where r.id = $1", response_id)


def _mine(actor: Actor, bind: Bind) -> str:
    return f"o.created_by = {bind(actor.person_id)}::uuid"


def _plain(title: Message, sql: str, permission: str = "orders:read", side: str = "buyer_id") -> Narrowing:
    return Narrowing(title, lambda _actor, _bind: sql, permission, side)


def _own(title: Message, sql: str, permission: str = "orders:read") -> Narrowing:
    """Of orders that the reader entered."""
    return Narrowing(title, lambda actor, bind: f"{sql} and {_mine(actor, bind)}", permission, "buyer_id")


def _too_dear(actor: Actor, bind: Bind) -> str:
    """A counter-offer costs more than was approved, and the actor may approve the order at that."""
    as_offered = (
        "o.buyer_id, o.created_by, o.purchasing_group, o.cost_centre, o.site_id, o.categories, o.currency, r.gross"
    )
    return (
        f"o.state = 'conditionally_accepted' and {_HERE} and exists (select from order_response r "
        f"cross join lateral (select {as_offered}) a where r.order_id = o.id and r.state = 'pending' "
        f"and (r.gross > o.approved_ceiling or {OFFERED_BEYOND}) and {scoped(actor, 'orders:approve', 'a', bind)})"
    )


def _change_too_dear(actor: Actor, bind: Bind) -> str:
    """The buyer's own change goes beyond what was approved, and the actor may approve the order at that."""
    as_changed = (
        "o.buyer_id, c.created_by, o.purchasing_group, o.cost_centre, o.site_id, o.categories, o.currency, c.gross"
    )
    return (
        f"{_HERE} and exists (select from order_change c cross join lateral (select {as_changed}) a "
        f"where c.order_id = o.id and c.state = 'proposed' and c.author_id = o.buyer_id "
        f"and o.created_by is distinct from {bind(actor.person_id)}::uuid "
        f"and {scoped(actor, 'orders:approve', 'a', bind)})"
    )


_CHANGE_OFFERED = (
    "exists (select from order_change c where c.order_id = o.id and c.state = 'proposed' "
    "and c.author_id = o.supplier_id)"
)


OPEN: dict[str, Narrowing] = {
    "answer": _plain(
        _("Orders that need your answer"), f"o.state = 'issued' and {_HERE}", "orders:respond", "shown_to"
    ),
    "approve": Narrowing(
        _("Orders to approve"),
        lambda actor, bind: (
            f"o.state = 'in_approval' and {_HERE} and o.submitted_by is distinct from {bind(actor.person_id)}::uuid"
        ),
        "orders:approve",
        "buyer_id",
    ),
    "decide": _plain(_("Counter-offers to decide"), "o.state = 'conditionally_accepted'", "orders:decide"),
    "approve_offer": Narrowing(_("Counter-offers to approve"), _too_dear, "orders:decide", "buyer_id"),
    "change": _plain(_("Changes that suppliers propose"), _CHANGE_OFFERED, "orders:agree"),
    "approve_change": Narrowing(_("Changes of orders to approve"), _change_too_dear, "orders:approve", "buyer_id"),
    "issue": _plain(_("Approved orders to issue"), f"o.state = 'approved' and {_HERE}", "orders:issue"),
    "unfinished": _plain(_("Orders with something still to come"), UNFINISHED),
    "unanswered": _plain(_("Answers that are overdue"), OVERDUE),
    "rejected": _plain(_("Rejected by suppliers lately"), _LATELY_REJECTED),
    "held": _plain(_("Orders on hold"), "o.on_hold and o.state not in ('closed', 'cancelled')"),
    "returned": _own(_("Orders returned to you"), "o.state = 'draft' and o.submitted_at is not null", "orders:edit"),
    "drafts": _own(_("Your drafts"), "o.state = 'draft' and o.submitted_at is null", "orders:edit"),
    "in_approval": _own(_("Your orders to be approved or issued"), "o.state in ('in_approval', 'approved')"),
    "with_supplier": _own(_("Your orders that wait for an answer"), "o.state = 'issued'"),
    "answered": _own(
        _("Your orders that were answered"),
        f"(o.state in ('accepted', 'conditionally_accepted') or {_LATELY_REJECTED}) and o.receipt_status <> 'complete'",
    ),
    "late": Narrowing(
        _("Your orders that are late"),
        lambda actor, bind: f"{_late(actor, bind)} and {_mine(actor, bind)}",
        "orders:read",
        "buyer_id",
    ),
}
