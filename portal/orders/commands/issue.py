"""Issuing: the moment the supplier sees the order."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from portal.orders.commands.call_offs import call_off
from portal.orders.commands.lines import lines_of
from portal.orders.events import OrderIssued
from portal.orders.queries import revision_snapshot
from portal.orders.queries.parts import told_of
from portal.orders.rules import gross_at_most
from portal.orders.states import ORDER
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine
from portal.organisations.queries import TERMS, Terms, rate_of, terms
from portal.platform.actor import Actor
from portal.platform.calendar import add_business_days, local_date
from portal.platform.decimals import ZERO
from portal.platform.i18n import _
from portal.platform.refusals import Conflict
from portal.platform.tolerance import ceiling
from portal.platform.work import Change, changing
from portal.platform.work.parts import Root


async def issue(actor: Actor, order_id: UUID) -> PurchaseOrder:
    """Send an approved order to the supplier: parties and addresses are frozen, the response deadline starts now."""
    parts = (*told_of(order_id), TERMS.of(Root("buyer_id"), Root("supplier_id"), order_id))
    async with changing(actor, PurchaseOrder, order_id, *parts) as (change, order):
        ORDER.take("issue", order, change)
        agreed = await terms_to_issue(change, order)
        order.issued_by, order.issued_at = actor.person_id, change.now
        order.shown_to = order.supplier_id
        order.response_due_at = due_at(change, agreed)
        lines = await lines_of(change, order.id)
        for line in lines:
            line.shown_to = line.supplier_id
            line.tolerances = agreed.nearest(order.tolerances, line.item_id)
            line.match_basis = line.match_basis or agreed.match_basis
            freeze_ceilings(line, line.quantity, agreed)
        freeze_approval(lines, agreed)
        order.approved_ceiling = gross_at_most(lines, order.currency, agreed.tolerance)
        await _keep_rate(change, order, agreed.buyer_currency, agreed.buyer.time_zone)
        await call_off(change, order, lines)
        change.write_all(lines)
        change.sql("update schedule_line set shown_to = $2 where order_id = $1", order.id, order.supplier_id)
        change.write(order)
        freeze_revision(change, order, lines, agreed)
        change.record(OrderIssued(order.id, order.revision, order.supplier_id, order.response_due_at), order)
    return order


async def _keep_rate(change: Change, order: PurchaseOrder, own: str, zone: str) -> None:
    """What the order is worth in the buyer's own currency stays as it is on the buyer's day, where it has a rate."""
    if own == order.currency:
        return
    today = local_date(change.now, zone)
    if (rate := await rate_of(change, order.buyer_id, order.currency, today)) is not None:
        order.own_currency, order.exchange_rate = rate.into_currency, rate.rate
        order.exchange_date, order.exchange_source = rate.valid_on, rate.source


def freeze_revision(
    change: Change,
    order: PurchaseOrder,
    lines: Sequence[PurchaseOrderLine],
    agreed: Terms,
    split: Mapping[UUID, Sequence[tuple[Decimal, date | None]]] | None = None,
) -> None:
    """Keep this revision as the supplier gets it; documents are set from it and never from live rows."""
    parties = (msgspec.to_builtins(agreed.buyer), msgspec.to_builtins(agreed.supplier))
    snapshot = revision_snapshot(order, lines, *parties, split)
    change.sql(
        "insert into order_revision (order_id, revision, buyer_id, shown_to, issued_at, snapshot) "
        "values ($1, $2, $3, $4, $5, $6)",
        *(order.id, order.revision, order.buyer_id, order.supplier_id, change.now, snapshot),
    )


def freeze_ceilings(line: PurchaseOrderLine, quantity: Decimal, agreed: Terms) -> None:
    """How much of the line may leave, come and be billed, by the tolerances of today; of nothing, nothing.

    A limit is one already: no tolerance lets more through.
    """
    exact = line.kind == "limit" or not quantity > ZERO
    for step, column in _CEILINGS.items():
        setattr(line, column, quantity if exact else ceiling(quantity, agreed.tolerance(step, line.tolerances)))


def freeze_approval(lines: Sequence[PurchaseOrderLine], agreed: Terms) -> None:
    """How much of each line, and at what price, was approved with the order as it is now, by the tolerances of today.
    What one line costs less pays for no other."""
    for line in lines:
        line.approved_quantity = ceiling(line.quantity, agreed.tolerance("confirm_quantity", line.tolerances))
        line.approved_price = ceiling(line.unit_price, agreed.tolerance("confirm_price", line.tolerances))


_CEILINGS = {"despatch": "despatch_ceiling", "receive": "receive_ceiling", "invoice_quantity": "invoice_ceiling"}


def due_at(change: Change, agreed: Terms) -> datetime:
    """Until when the supplier answers what is issued now."""
    return add_business_days(change.now, agreed.response_days, agreed.supplier.country, agreed.supplier.time_zone)


async def terms_to_issue(change: Change, order: PurchaseOrder) -> Terms:
    """What is agreed with the supplier; `Conflict` where nothing may be issued to it today."""
    agreed = await terms(change, order.buyer_id, order.supplier_id, order.id)
    assert agreed is not None, "an order always has its trading relationship"
    today = local_date(change.now, agreed.buyer.time_zone)
    if agreed.state != "approved":
        raise Conflict(
            _("{supplier} is not approved for orders yet. Ask the supplier manager.", supplier=order.supplier_name)
        )
    if agreed.orders_held_until is not None and today <= agreed.orders_held_until:
        raise Conflict(
            _("Orders to {supplier} are held until {day}.", supplier=order.supplier_name, day=agreed.orders_held_until)
        )
    if (stop := agreed.stopped("issue")) is not None:
        raise Conflict(stop, subject_id=order.id)
    return agreed
