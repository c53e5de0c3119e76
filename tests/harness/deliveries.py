"""Situations on the way from the supplier's gate to the buyer's: goods despatched in part, received, refused."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.orders.tables import PurchaseOrder, PurchaseOrderLine
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.work import viewing
from portal.shipments import commands as shipments
from portal.shipments.forms import DespatchForm
from portal.shipments.tables import DespatchAdvice
from tests.harness.world import Organised


async def ledger(company: Organised, order: PurchaseOrder) -> list[PurchaseOrderLine]:
    """The order's lines with their quantities as they are now, in sequence."""
    async with viewing(company.buyer) as view:
        rows = await view.fetch("select * from purchase_order_line where order_id = $1 order by line", order.id)
    return [PurchaseOrderLine.of(row) for row in rows]


async def line_ids(company: Organised, order: PurchaseOrder) -> list[str]:
    return [str(line.id) for line in await ledger(company, order)]


def despatch_body(*lines: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """The body of createDespatchAdvice."""
    return {"lines": [dict(line) for line in lines]} | changes


def of_line(line_id: str | UUID, quantity: str, **changes: Any) -> dict[str, Any]:
    return {"order_line_id": str(line_id), "quantity": quantity} | changes


async def drafted_advice(
    company: Organised, supplier: Organised, order: PurchaseOrder, *quantities: str, **changes: Any
) -> DespatchAdvice:
    """A draft over the order's lines: a quantity for each of the first lines, all that was ordered if none is given."""
    lines = await ledger(company, order)
    wanted = quantities or [str(line.quantity) for line in lines]
    body = despatch_body(*map(of_line, [str(line.id) for line in lines], wanted), **changes)
    return await shipments.create(supplier.shipping, convert(DespatchForm, body))


async def despatched_goods(
    company: Organised, supplier: Organised, order: PurchaseOrder, *quantities: str, **changes: Any
) -> DespatchAdvice:
    """Goods on their way to the buyer."""
    advice = await drafted_advice(company, supplier, order, *quantities, **changes)
    return await shipments.despatch(supplier.shipping, advice.id)


async def events_of(actor: Actor, root_id: UUID) -> list[str]:
    """The codes of what happened to an order, oldest first, as far as the actor's organisation may know it."""
    async with viewing(actor) as view:
        rows = await view.fetch("select event from audit_entry where root_id = $1 order by id", root_id)
    return [row["event"] for row in rows]


def decimals(*figures: str | int) -> list[Decimal]:
    return [Decimal(figure) for figure in figures]
