"""Situations of invoicing: goods that came, invoices in each state, bodies as a client sends them."""

import itertools
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from portal.invoicing import commands
from portal.invoicing.forms import InvoiceForm
from portal.invoicing.tables import Invoice
from portal.orders.tables import PurchaseOrder
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.work import viewing
from portal.receipts import commands as receipts
from portal.receipts.forms import ReceiptForm
from portal.receipts.tables import GoodsReceipt
from tests.harness.world import Organised, accepted_order, trading_pair

_numbers = itertools.count(1)
TODAY = datetime.now(UTC).date().isoformat()


async def delivered(
    actor: Actor, order: PurchaseOrder, *accepted: str | int, rejected: dict[int, str] | None = None
) -> GoodsReceipt:
    """Somebody books the accepted quantities of the order's lines, in their order; fewer figures book fewer lines."""
    turned_down = rejected or {}
    lines = [
        {"order_line_id": str(line), "accepted": str(quantity)}
        | ({"rejected": turned_down[number], "reason": "Damaged"} if number in turned_down else {})
        for number, (line, quantity) in enumerate(zip(await lines_of(actor, order.id), accepted, strict=False))
        if str(quantity) != "0"
    ]
    return await receipts.create(actor, convert(ReceiptForm, {"lines": lines}))


async def lines_of(actor: Actor, order_id: UUID) -> list[UUID]:
    async with viewing(actor) as view:
        rows = await view.fetch("select id from purchase_order_line where order_id = $1 order by line", order_id)
    return [row["id"] for row in rows]


async def delivered_order(
    *lines: dict[str, Any], accepted: tuple[str | int, ...] = (10,), **terms: Any
) -> tuple[Organised, Organised, PurchaseOrder]:
    """A buyer, a supplier, and an accepted order of which `accepted` was received."""
    company, supplier = await trading_pair(**terms)
    order = await accepted_order(company, supplier, *lines)
    await delivered(company.receiver, order, *accepted)
    return company, supplier, order


def a_number() -> str:
    return f"R-{next(_numbers):05d}"


def invoice_body(order: PurchaseOrder | None = None, **changes: Any) -> dict[str, Any]:
    """The body of createInvoice; without lines it bills what can be billed."""
    named = {} if order is None else {"order_id": str(order.id)}
    return named | {"number": a_number(), "issue_date": TODAY} | changes


def billed(line_id: UUID | str, quantity: str = "10", unit_price: str = "12.50", **changes: Any) -> dict[str, Any]:
    return {"order_line_id": str(line_id), "quantity": quantity, "unit_price": unit_price} | changes


async def draft_invoice(supplier: Organised, order: PurchaseOrder, *lines: dict[str, Any], **changes: Any) -> Invoice:
    body = invoice_body(order, **changes) | ({"lines": list(lines)} if lines else {})
    return await commands.create(supplier.billing, convert(InvoiceForm, body))


async def submitted_invoice(
    supplier: Organised, order: PurchaseOrder, *lines: dict[str, Any], **changes: Any
) -> Invoice:
    draft = await draft_invoice(supplier, order, *lines, **changes)
    return await commands.submit(supplier.billing, draft.id)


async def approved_invoice(
    company: Organised, supplier: Organised, order: PurchaseOrder, *lines: dict[str, Any], **changes: Any
) -> Invoice:
    invoice = await submitted_invoice(supplier, order, *lines, **changes)
    return await commands.approve(company.payable, invoice.id)
