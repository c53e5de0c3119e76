"""What an invoice is made from: the orders it bills, their open lines, and a despatch advice."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.access.guards import require
from portal.invoicing.rules import terms_of
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, NotFound
from portal.platform.work import View
from portal.platform.work.parts import json_part


class OrderHead(msgspec.Struct):
    """An order as far as an invoice repeats it, and where it lies in the buyer's company."""

    id: UUID
    number: str
    state: str
    on_hold: bool
    hold_reason: str
    buyer_id: UUID
    supplier_id: UUID
    buyer_name: str
    supplier_name: str
    currency: str
    payment_days: int
    payment_terms: str
    terms: dict[str, Any]
    ship_to: dict[str, Any]
    site_id: UUID | None
    purchasing_group: str
    cost_centre: str
    categories: list[str]


class Billable(msgspec.Struct):
    """An order line with the ledger that says what is left to bill."""

    id: UUID
    order_id: UUID
    order_number: str
    line: int
    kind: str
    description: str
    item_number: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    base_quantity: Decimal
    price_unit: str
    price_factor: Decimal
    discount: Decimal
    tax_category: str
    tax_rate: Decimal
    confirmed: Decimal
    despatched: Decimal
    received: Decimal
    accepted: Decimal
    rejected: Decimal
    invoiced: Decimal
    credited: Decimal
    returned: Decimal
    closed_to: Decimal | None


class Advised(NamedTuple):
    """One line of a despatch advice: how much of which order line it says is on its way."""

    order_line_id: UUID
    order_id: UUID
    quantity: Decimal


class Source(NamedTuple):
    """What is billed: orders of one buyer in one currency, their lines, and what a despatch advice says of them."""

    orders: list[OrderHead]
    lines: list[Billable]
    advice: list[Advised] | None
    advice_number: str = ""


_HEAD = ", ".join(f"o.{name}" for name in OrderHead.__struct_fields__)
_LINE = ", ".join(f"l.{name}" for name in Billable.__struct_fields__ if name != "order_number")


def _each(sql: str) -> str:
    return f"select coalesce(json_agg(found), '[]') from ({sql}) found"


HEADS = json_part(
    _each(f"select {_HEAD} from purchase_order o where o.id = any($1) order by o.number"),
    list[OrderHead],
    ["purchase_order"],
)
_BILLED = "(select order_id from invoice_line where invoice_id = $1)"
HEADS_BILLED = json_part(
    _each(f"select {_HEAD} from purchase_order o where o.id in {_BILLED} order by o.number"),
    list[OrderHead],
    ["purchase_order", "invoice_line"],
)
BILLABLE = json_part(
    _each(
        f"select {_LINE}, o.number as order_number from purchase_order_line l "
        "join purchase_order o on o.id = l.order_id where l.order_id = any($1) order by o.number, l.line"
    ),
    list[Billable],
    ["purchase_order", "purchase_order_line"],
)


async def order_heads(view: View, order_ids: Sequence[UUID]) -> list[OrderHead]:
    """Those of the orders that the reader sees, by number."""
    return await view.part(HEADS, sorted(set(order_ids)))


async def orders_of(view: View, invoice_id: UUID) -> list[OrderHead]:
    """The orders that an invoice bills, by number."""
    return await view.part(HEADS_BILLED, invoice_id)


async def billable(view: View, order_ids: Sequence[UUID]) -> list[Billable]:
    """All lines of the orders, by order and line."""
    return await view.part(BILLABLE, sorted(set(order_ids)))


async def ordered_as(view: View, lines: Iterable[Any]) -> dict[int, tuple[str, int]]:
    """Order and order line (BT-132) of each line of an invoice or a credit note, by its number."""
    wanted = {line.order_line_id: line.line for line in lines}
    records = await view.fetch(
        "select l.id, o.number, l.line from purchase_order_line l join purchase_order o on o.id = l.order_id "
        "where l.id = any($1)",
        list(wanted),
    )
    return {wanted[each["id"]]: (each["number"], each["line"]) for each in records}


async def advised(view: View, advice_id: UUID) -> list[Advised] | None:
    """What a despatch advice announces: nothing before it was sent; None if the reader has no such advice."""
    sql = (
        "select l.order_line_id, l.order_id, sum(l.quantity - l.missing) as quantity from despatch_line l "
        "where l.advice_id = $1 and l.shown_to is not null group by l.order_line_id, l.order_id "
        "having sum(l.quantity - l.missing) > 0"
    )
    if await view.one("select from despatch_advice where id = $1", advice_id) is None:
        return None
    return [Advised(**record) for record in await view.fetch(sql, advice_id)]


async def advice_number(view: View, advice_id: UUID | None) -> str:
    """What a despatch advice is called; blank for none, or one that the reader does not see."""
    sql = "select number from despatch_advice where id = $1"
    return await view.value(sql, advice_id) or "" if advice_id else ""


async def source(view: View, order_id: UUID | None, advice_id: UUID | None) -> Source:
    """What a new invoice would bill: an order, or the orders of a despatch advice; 404 if not the reader's.

    Raises `Conflict` for an order that is off, a despatch advice that was not sent, several currencies or payment
    terms at once: an invoice has one of each.
    """
    advice = None if advice_id is None else await advised(view, advice_id)
    if advice == []:
        raise Conflict(_("Send the despatch advice first: nothing of it can be invoiced yet."))
    orders = await order_heads(view, [order_id] if order_id else [line.order_id for line in advice or ()])
    lines = await _lines_of(view, orders)
    if advice is not None:
        told = {line.order_line_id for line in advice}
        lines = [line for line in lines if line.id in told]
    return Source(orders, lines, advice, await advice_number(view, advice_id))


async def source_of(view: View, order_ids: Sequence[UUID]) -> Source:
    """The same of several orders of one buyer at once."""
    orders = await order_heads(view, order_ids)
    return Source(orders, await _lines_of(view, orders), None)


async def _lines_of(view: View, orders: Sequence[OrderHead]) -> list[Billable]:
    """All lines of the orders, if one invoice may bill them."""
    if not orders:
        raise NotFound()
    for order in orders:
        require(view.actor, "invoices:create", order)
        if order.state in ("rejected", "cancelled"):
            raise Conflict(
                _("Order {number} was rejected or cancelled: there is nothing to invoice.", number=order.number),
                subject_id=order.id,
            )
    if len({order.currency for order in orders}) > 1:
        raise Conflict(_("This is for orders in several currencies. Invoice each order by itself."))
    if len({_terms_key(order) for order in orders}) > 1:
        raise Conflict(_("This is for orders with different payment terms. Invoice each order by itself."))
    return await billable(view, [order.id for order in orders])


def _terms_key(order: OrderHead) -> tuple[Any, ...]:
    """What terms say, whatever they are called."""
    agreed = terms_of(order)
    return agreed.base, agreed.month_end, agreed.days, tuple((step.days, step.percent) for step in agreed.steps)
