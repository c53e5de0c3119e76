"""Order lines on their way: what of them is still open, and what the supplier may despatch."""

from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import msgspec

from portal.platform.work import View

# What is agreed: the confirmed quantity, or the ordered one before an answer; nothing more comes of a closed line.
_OPEN = "case when l.short_closed then 0 else greatest(coalesce(nullif(l.confirmed, 0), l.quantity) - l.{done}, 0) end"


class OpenLine(msgspec.Struct):
    """A line of an order as it waits; `open` is what is still to be despatched, or to be received."""

    id: UUID
    order_id: UUID
    order_number: str
    line: int
    item_number: str
    description: str
    unit: str
    quantity: Decimal
    open: Decimal


class DespatchableLine(OpenLine):
    """An order line that its supplier may despatch, unless the order's state or the ceiling is against it."""

    buyer_id: UUID
    buyer_name: str
    supplier_name: str
    despatched: Decimal
    despatch_ceiling: Decimal | None
    ship_to: dict[str, Any]
    is_open: bool
    on_hold: bool
    hold_reason: str


_LINE = "l.id, l.order_id, o.number as order_number, l.line, l.item_number, l.description, l.unit, l.quantity"
_OPEN_LINES = f"""
select {_LINE}, {_OPEN} as open from purchase_order_line l join purchase_order o on o.id = l.order_id
where l.order_id = any($1) order by o.number, l.line
"""
_DESPATCHABLE = f"""
select {_LINE}, {_OPEN.format(done="despatched")} as open, l.despatched, l.despatch_ceiling,
  o.buyer_id, o.buyer_name, o.supplier_name, coalesce(l.ship_to, o.ship_to) as ship_to,
  o.state in ('issued', 'accepted', 'conditionally_accepted') as is_open, o.on_hold, o.hold_reason
from purchase_order_line l join purchase_order o on o.id = l.order_id
where l.id = any($1) and o.supplier_id = $2 and o.shown_to = $2
"""


async def open_lines(view: View, order_ids: list[UUID], done: Literal["despatched", "received"]) -> list[OpenLine]:
    """All lines of the orders, with what is open of each; a form offers them in this sequence."""
    return await view.structs(OpenLine, _OPEN_LINES.format(done=done), order_ids)


async def despatchable(view: View, line_ids: list[UUID]) -> list[DespatchableLine]:
    """Those of the lines that were ordered from the actor's organisation."""
    return await view.structs(DespatchableLine, _DESPATCHABLE, line_ids, view.actor.organisation_id)
