"""What an invoice is made from: the orders it bills, their open lines, and a despatch advice."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from portal.platform.work import View


class OrderHead(msgspec.Struct):
    """An order as far as an invoice repeats it, and where it lies in the buyer's company."""

    id: UUID
    number: str
    state: str
    buyer_id: UUID
    supplier_id: UUID
    buyer_name: str
    supplier_name: str
    currency: str
    payment_days: int
    payment_terms: str
    ship_to: dict[str, Any]
    site_id: UUID | None
    purchasing_group: str
    cost_centre: str


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


class Advised(NamedTuple):
    """One line of a despatch advice: how much of which order line it says is on its way."""

    order_line_id: UUID
    order_id: UUID
    quantity: Decimal


_HEAD = ", ".join(f"o.{name}" for name in OrderHead.__struct_fields__)
_LINE = ", ".join(f"l.{name}" for name in Billable.__struct_fields__ if name != "order_number")


async def order_heads(view: View, order_ids: Sequence[UUID]) -> list[OrderHead]:
    """Those of the orders that the reader sees, by number."""
    sql = f"select {_HEAD} from purchase_order o where o.id = any($1) order by o.number"
    return await view.structs(OrderHead, sql, list(order_ids))


async def orders_of(view: View, invoice_id: UUID) -> list[OrderHead]:
    """The orders that an invoice bills, by number."""
    sql = (
        f"select {_HEAD} from purchase_order o where o.id in "
        "(select order_id from invoice_line where invoice_id = $1) order by o.number"
    )
    return await view.structs(OrderHead, sql, invoice_id)


async def billable(view: View, order_ids: Sequence[UUID]) -> list[Billable]:
    """All lines of the orders, by order and line."""
    sql = (
        f"select {_LINE}, o.number as order_number from purchase_order_line l "
        "join purchase_order o on o.id = l.order_id where l.order_id = any($1) order by o.number, l.line"
    )
    return await view.structs(Billable, sql, list(order_ids))


async def advised(view: View, advice_id: UUID) -> list[Advised] | None:
    """What a despatch advice announces: nothing before it was sent; None if the reader has no such advice."""
    sql = (
        "select l.order_line_id, l.order_id, sum(l.quantity) as quantity from despatch_line l "
        "where l.advice_id = $1 and l.shown_to is not null group by l.order_line_id, l.order_id"
    )
    if await view.one("select from despatch_advice where id = $1", advice_id) is None:
        return None
    return [Advised(**record) for record in await view.fetch(sql, advice_id)]
