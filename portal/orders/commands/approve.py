"""Submitting, approving and returning. Who entered or submitted an order never approves it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from portal.access.conditions import measures, no_rate
from portal.access.duties import duties, separate
from portal.access.guards import allowed
from portal.orders.commands.issue import freeze_approval
from portal.orders.events import OrderApproved, OrderReturned, OrderSubmitted
from portal.orders.queries.parts import told_of
from portal.orders.rules import carried, gross_at_most, unapproved
from portal.orders.states import ORDER
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine
from portal.organisations.queries import Terms, rate_of
from portal.platform.actor import Actor
from portal.platform.calendar import local_date
from portal.platform.decimals import product, quotient, total
from portal.platform.i18n import Message, _
from portal.platform.money import round_amount
from portal.platform.refusals import Denied
from portal.platform.work import Change, changing
from portal.platform.work.parts import Root, Turn, Wanted, json_part


class Approved(NamedTuple):
    """What was approved in one currency, at one kept rate."""

    currency: str
    rate: Decimal | None
    gross: Decimal


# What a person approved of a buyer's orders to a supplier within 30 days, but for one order.
APPROVED = json_part(
    """select coalesce(json_agg(json_build_array(currency, approved_rate, gross)), '[]') from (
      select currency, approved_rate, sum(approved_gross) as gross from purchase_order
      where buyer_id = $1 and supplier_id = $2 and approved_by = $3 and approved_at > portal.now() - interval '30 days'
        and id <> $4 and state <> 'cancelled' group by currency, approved_rate) given""",
    list[Approved],
    ["purchase_order"],
)


async def submit(actor: Actor, order_id: UUID) -> PurchaseOrder:
    """Ask for approval; the order is not editable any more."""
    parts = (*told_of(order_id), duties(actor, order_id))
    async with changing(actor, PurchaseOrder, order_id, *parts) as (change, order):
        ORDER.take("submit", order, change)
        order.submitted_by, order.submitted_at, order.return_reason = actor.person_id, change.now, ""
        await separate(change, "orders:submit", order.id)
        change.write(order)
        change.record(OrderSubmitted(order.id, order.gross, order.currency), order)
    return order


async def approve(actor: Actor, order_id: UUID) -> PurchaseOrder:
    """Approve within one's limits: this order's gross, and all that one approved for this supplier in 30 days."""
    parts = (*told_of(order_id), duties(actor, order_id), *_counted(actor, order_id))
    async with changing(actor, PurchaseOrder, order_id, *parts) as (change, order):
        ORDER.take("approve", order, change)
        await _approve(change, order)
        change.write(order)
        change.record(OrderApproved(order.id, order.gross, order.currency), order)
    return order


async def return_to_author(actor: Actor, order_id: UUID, reason: str = "") -> PurchaseOrder:
    """Give the order back as a draft, saying why: the author's side alone reads it."""
    async with changing(actor, PurchaseOrder, order_id) as (change, order):
        ORDER.take("return", order, change)
        order.return_reason = reason
        change.write(order)
        change.record(OrderReturned(order.id, reason), order)
    return order


async def approve_agreement(
    change: Change, order: PurchaseOrder, lines: Sequence[PurchaseOrderLine], agreement: Terms
) -> None:
    """Approve what was agreed on, where it costs more than an approval carries: by whoever agrees, as a new order.

    Measured against the last approved version, in total and line by line, however many agreements lie between; from
    here on it is this one.
    """
    if not carried(order, order.gross) or any(unapproved(line, line.quantity, line.unit_price) for line in lines):
        await approve_version(change, order, lines, agreement)


async def approve_version(
    change: Change, order: PurchaseOrder, lines: Sequence[PurchaseOrderLine], agreement: Terms
) -> None:
    """Approve the order as it is now; from here on, what may be agreed on without asking again is measured by it."""
    before = order.approved_gross
    try:
        change.require("orders:approve", order)
        await _approve(change, order)
    except Denied as refusal:
        raise Denied(beyond_approval(change.actor, order, before, order.gross, refusal)) from refusal
    order.approved_ceiling = gross_at_most(lines, order.currency, agreement.tolerance)
    freeze_approval(lines, agreement)


def beyond_approval(
    actor: Actor, order: PurchaseOrder, approved: Decimal | None, gross: Decimal, refusal: Denied
) -> Message:
    """What to tell who would agree on more than was approved; an approver also reads what stands against it."""
    why = f" {refusal}" if allowed(actor, "orders:approve") else ""
    if carried(order, gross):
        return _(
            "With these changes more of a line is ordered, or it costs more, than was approved. "
            "Somebody who may approve {gross} {currency} must accept them.{why}",
            gross=gross,
            currency=order.currency,
            why=why,
        )
    return _(
        "With these changes the order comes to {gross} {currency}; {approved} {currency} are approved. "
        "Somebody who may approve {gross} {currency} must accept them.{why}",
        gross=gross,
        approved=approved,
        currency=order.currency,
        why=why,
    )


async def _approve(change: Change, order: PurchaseOrder) -> None:
    """Not by a hand that wrote the order, and within what one person may approve for this supplier in 30 days."""
    await separate(change, "orders:approve", order.id)
    await _keep_rate(change, order)
    await _require_cumulative_limit(change, order)
    order.approved_by, order.approved_at, order.approved_gross = change.actor.person_id, change.now, order.gross


async def _keep_rate(change: Change, order: PurchaseOrder) -> None:
    """The rate by which the order is measured today stays with the approval, unless the limit is in its currency."""
    limit, today = change.actor.limit, local_date(change.now, change.actor.time_zone)
    measured = limit is None or limit.currency != order.currency
    rate = await rate_of(change, order.buyer_id, order.currency, today) if measured else None
    order.approved_into, order.approved_rate = (rate.into_currency, rate.rate) if rate else ("", None)
    order.approved_rate_date, order.approved_rate_source = (rate.valid_on, rate.source) if rate else (None, "")


async def _require_cumulative_limit(change: Change, order: PurchaseOrder) -> None:
    """What one person approved for one supplier is counted while nobody adds to it: two at once never pass together."""
    limit = change.actor.limit
    if limit is None or limit.cumulative is None:
        return
    await change.turn(Turn.at("approves", change.actor.person_id))
    before = await change.part(APPROVED, order.buyer_id, order.supplier_id, change.actor.person_id, order.id)
    this = (order.currency, order.approved_rate, order.gross)
    sums = [_measured(change.actor, *each) for each in [*before, this]]
    if (together := total(sums)) > limit.cumulative:
        raise Denied(
            _(
                "With this order you would have approved {sum} {currency} for this supplier within 30 days; "
                "your limit is {limit}. Somebody with a higher limit must approve it.",
                sum=together,
                currency=limit.currency,
                limit=limit.cumulative,
            )
        )


def _counted(actor: Actor, order_id: UUID) -> tuple[Wanted | Turn, ...]:
    if actor.limit is None or actor.limit.cumulative is None:
        return ()
    before = APPROVED.of(Root("buyer_id"), Root("supplier_id"), actor.person_id, order_id)
    return Turn.at("approves", actor.person_id), before


def _measured(actor: Actor, currency: str, rate: Decimal | None, gross: Decimal) -> Decimal:
    """The sum in the currency of the actor's limit: by the rate kept when it was approved, else by today's."""
    assert actor.limit is not None
    measure, own = measures(actor).get(currency), actor.limit.currency
    if measure is None:
        raise Denied(no_rate(actor, currency))
    if rate is not None and currency != own:
        measure = quotient(product(rate, measure), actor.rates[currency])
    return round_amount(product(gross, measure), own)
