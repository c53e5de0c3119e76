"""Situations that suppliers are scored by: a promise, goods that come on a day, an invoice that is matched.

Deliveries and invoices are recorded as their own capabilities record them, without a despatch advice or a page.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.invoicing.events import InvoicedLine, InvoiceMatched
from portal.orders import commands as orders
from portal.orders.commands import Movement
from portal.orders.tables import PurchaseOrder
from portal.platform.actor import Actor
from portal.platform.calendar import Month
from portal.platform.ids import new_id
from portal.platform.work import changing, viewing
from portal.receipts.events import GoodsReceived, ReceiptReversed, ReceivedLine
from portal.scorecards import queries
from portal.scorecards.rules import Figure, Period, Score
from tests.harness.world import Organised, answer, issued_order, line

BERLIN = ZoneInfo("Europe/Berlin")


def noon(day: date, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.combine(day, time(12), zone)


async def promised_order(company: Organised, supplier: Organised, wanted: date, **changes: Any) -> PurchaseOrder:
    """One line of 10, wanted on a day and accepted as it is."""
    order = await issued_order(company, supplier, line(requested_date=wanted.isoformat(), **changes))
    return (await orders.respond(supplier.order_desk, order.id, answer("AP"))).order


async def countered(company: Organised, supplier: Organised, order_id: UUID, *lines: dict[str, Any]) -> None:
    """The supplier offers something else, and the buyer agrees."""
    given = await orders.respond(supplier.order_desk, order_id, answer("CA", *lines))
    if given.response.state == "pending":
        await orders.accept_counter_offer(company.buyer, order_id, given.response.id)


async def received(
    company: Organised,
    order_id: UUID,
    accepted: int | str,
    rejected: int | str = 0,
    *,
    at: datetime,
    number: int = 1,
    receipt_id: UUID | None = None,
) -> UUID:
    """Goods of one line came at that moment; returns the receipt's id."""
    receipt = receipt_id or new_id()
    async with changing(company.receiver) as change:
        line_id = await change.value(
            "select id from purchase_order_line where order_id = $1 and line = $2", order_id, number
        )
        came = ReceivedLine(line_id, Decimal(accepted), Decimal(rejected))
        order, _lines = await orders.book(
            change, order_id, [Movement(line_id, accepted=came.accepted, rejected=came.rejected)]
        )
        change.record(GoodsReceived(receipt, order_id, at, (came,)), order)
    return receipt


async def reversed_receipt(
    company: Organised, order_id: UUID, receipt_id: UUID, accepted: int, rejected: int, *, at: datetime
) -> None:
    async with changing(company.receiver) as change:
        line_id = await change.value("select id from purchase_order_line where order_id = $1", order_id)
        gone = ReceivedLine(line_id, Decimal(accepted), Decimal(rejected))
        order, _lines = await orders.book(
            change, order_id, [Movement(line_id, accepted=-gone.accepted, rejected=-gone.rejected)]
        )
        change.record(ReceiptReversed(receipt_id, order_id, at, (gone,)), order)


async def invoiced(
    actor: Actor, order_id: UUID, quantity: int, price: str, *, matched: bool = True, invoice_id: UUID | None = None
) -> UUID:
    """The first line was invoiced at that price, and the invoice was matched."""
    invoice = invoice_id or new_id()
    async with changing(actor, PurchaseOrder, order_id) as (change, order):
        line_id = await change.value("select id from purchase_order_line where order_id = $1 and line = 1", order_id)
        asked = InvoicedLine(line_id, Decimal(quantity), Decimal(price), Decimal(1), 0 if matched else 1)
        change.record(InvoiceMatched(invoice, order_id, matched, (asked,)), order)
    return invoice


async def facts_of(actor: Actor, order_id: UUID) -> list[Any]:
    """The facts of an order as its reader may see them, in the order of its lines."""
    async with viewing(actor) as view:
        return await view.fetch("select * from schedule_fact where order_id = $1 order by line, sequence", order_id)


async def score_in(company: Organised, supplier: Organised, month: Month | date | str) -> Score:
    """The score as the buyer sees it in the month (of a day), or in any other period."""
    code = str(Month.of(month)) if isinstance(month, date) else str(month)
    async with viewing(company.supplier_manager) as view:
        pair = await queries.pair_of(view, supplier.id)
        return await queries.score(view, pair, pair.period(code))


async def figure_in(
    company: Organised, supplier: Organised, month: Month | date | str, criterion: str
) -> Figure | None:
    return (await score_in(company, supplier, month)).figures.get(criterion)


async def kept(company: Organised, supplier: Organised, day: date, bases: Sequence[str] = ("requested",)) -> list[Any]:
    """(lines in time, lines judged) by basis, in the month of the day; None where nothing is judged."""
    scored = await score_in(company, supplier, day)
    found = [scored.figures.get(f"on_time_{basis}") for basis in bases]
    return [None if figure is None else (int(figure.achieved), int(figure.base)) for figure in found]


ALL = Period.parse("all", date(2026, 1, 1))
