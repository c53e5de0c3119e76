"""Situations on the way from the supplier's gate to the buyer's: goods despatched in part, received, refused."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import psycopg

from portal.orders.tables import PurchaseOrder, PurchaseOrderLine
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.work import viewing
from portal.receipts import commands as receipts
from portal.receipts.forms import InspectionForm, ReceiptForm
from portal.receipts.tables import GoodsReceipt
from portal.shipments import commands as shipments
from portal.shipments.forms import DespatchForm
from portal.shipments.tables import DespatchAdvice
from tests.harness.world import Organised

ADVICES = "/api/v1/despatch-advices"
RECEIPTS = "/api/v1/goods-receipts"
UNKNOWN = "0190a1b2-c3d4-7e8f-9a0b-1c2d3e4f5a6b"


async def ledger(company: Organised, order: PurchaseOrder) -> list[PurchaseOrderLine]:
    """The order's lines with their quantities as they are now, in sequence."""
    async with viewing(company.buyer) as view:
        rows = await view.fetch("select * from purchase_order_line where order_id = $1 order by line", order.id)
    return [PurchaseOrderLine.of(row) for row in rows]


async def figures(company: Organised, order: PurchaseOrder, *columns: str) -> list[tuple[str, ...]]:
    """Columns of the ledger, a tuple for each line, as text: `[("6", "4")]`."""
    return [tuple(f"{getattr(line, name):f}" for name in columns) for line in await ledger(company, order)]


async def line_ids(company: Organised, order: PurchaseOrder) -> list[str]:
    return [str(line.id) for line in await ledger(company, order)]


def despatched(line_id: str | UUID, quantity: str = "10", **changes: Any) -> dict[str, Any]:
    """A line of a despatch advice as a client sends it."""
    return {"order_line_id": str(line_id), "quantity": quantity} | changes


def received(line_id: str | UUID, accepted: str = "10", **changes: Any) -> dict[str, Any]:
    """A line of a goods receipt as a client sends it."""
    return {"order_line_id": str(line_id), "accepted": accepted} | changes


def body(*lines: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """The body of createDespatchAdvice or createGoodsReceipt."""
    return {"lines": [dict(line) for line in lines]} | changes


async def drafted_advice(
    company: Organised, supplier: Organised, order: PurchaseOrder, *quantities: str, **changes: Any
) -> DespatchAdvice:
    """A draft over the order's first lines, a quantity for each; over all that was ordered if none is given."""
    lines = await ledger(company, order)
    wanted = quantities or [f"{line.quantity:f}" for line in lines]
    sent = body(*(despatched(line.id, quantity) for line, quantity in zip(lines, wanted, strict=False)), **changes)
    return await shipments.create(supplier.shipping, convert(DespatchForm, sent))


async def despatched_goods(
    company: Organised, supplier: Organised, order: PurchaseOrder, *quantities: str, **changes: Any
) -> DespatchAdvice:
    """Goods on their way to the buyer."""
    advice = await drafted_advice(company, supplier, order, *quantities, **changes)
    return await shipments.despatch(supplier.shipping, advice.id)


async def received_goods(
    company: Organised, order: PurchaseOrder, *accepted: str, advice: DespatchAdvice | None = None, **changes: Any
) -> GoodsReceipt:
    """Goods received on the order's first lines, a quantity for each; against the advice, if there is one."""
    lines = [received(line, quantity) for line, quantity in zip(await line_ids(company, order), accepted, strict=False)]
    against = {"despatch_advice_id": str(advice.id)} if advice else {}
    return await receipts.create(company.receiver, convert(ReceiptForm, body(*lines, **against, **changes)))


async def waiting_receipt(company: Organised, order: PurchaseOrder, *waits: str, **changes: Any) -> GoodsReceipt:
    """Goods of the order's first lines that came and wait in inspection, a quantity for each."""
    of = zip(await line_ids(company, order), waits, strict=False)
    lines = [received(line, "0", in_inspection=quantity) for line, quantity in of]
    return await receipts.create(company.receiver, convert(ReceiptForm, body(*lines, **changes)))


async def inspected_goods(
    company: Organised, receipt_id: UUID, accepted: str = "0", rejected: str = "0", *, number: int = 0, **changes: Any
) -> None:
    """What was found of one line of a receipt."""
    async with viewing(company.receiver) as view:
        sql = "select id from goods_receipt_line where receipt_id = $1 order by position offset $2 limit 1"
        line_id = await view.value(sql, receipt_id, number)
    told = {"receipt_line_id": str(line_id), "accepted": accepted, "rejected": rejected, "reason": "Bent"} | changes
    await receipts.inspect(company.receiver, receipt_id, convert(InspectionForm, {"lines": [told]}))


async def events_of(actor: Actor, root_id: UUID) -> list[str]:
    """The codes of what happened to an order, oldest first, as far as the actor's organisation may know it."""
    async with viewing(actor) as view:
        rows = await view.fetch("select event from audit_entry where root_id = $1 order by id", root_id)
    return [row["event"] for row in rows]


def disagreements(superuser: psycopg.Connection, company: Organised) -> list[Any]:
    """Where a buyer's ledgers and documents tell different stories: nowhere, whatever happened."""
    joined = {
        "despatched_otherwise": "purchase_order o on o.id = v.order_id",
        "received_otherwise": "purchase_order o on o.id = v.order_id",
        "invoiced_otherwise": "purchase_order o on o.id = v.order_id",
        "credited_otherwise": "purchase_order o on o.id = v.order_id",
        "called_off_otherwise": "purchase_order o on o.id = v.order_id",
        "called_off_beyond": "contract o on o.id = v.contract_id",
        "credited_beyond": "invoice o on o.id = v.invoice_id",
        "arrived_otherwise": "despatch_advice o on o.id = v.advice_id",
    }
    found = [
        superuser.execute(f"select v.* from portal.{view} v join {owner} where o.buyer_id = %s".encode(), [company.id])
        for view, owner in joined.items()
    ]
    return [row for cursor in found for row in cursor.fetchall()]
