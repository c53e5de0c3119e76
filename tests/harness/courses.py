"""Courses of business, each an iterator of acts: what follows happens on a later day, other courses go on meanwhile."""

from collections.abc import AsyncIterator, Callable
from datetime import date
from uuid import UUID

from portal.invoicing import commands as invoicing
from portal.invoicing.forms import PaymentReversal, Settlement
from portal.invoicing.tables import Invoice
from portal.orders import commands as orders
from portal.orders.tables import PurchaseOrder
from portal.platform.convert import convert
from portal.platform.work import viewing
from portal.receipts import commands as receipts
from portal.services import commands as services
from tests.harness.credits import approved_credit, billed_lines, returned, sent_credit
from tests.harness.deliveries import inspected_goods, ledger, waiting_receipt
from tests.harness.invoices import billed, delivered, lines_of, submitted_invoice
from tests.harness.services import hours, submitted_entry
from tests.harness.world import Organised, accepted_order, answer, issued_order, line

Course = AsyncIterator[None]
Today = Callable[[], date]
FREE = {"match_basis": "two_way"}  # bills need not wait for what comes


async def _sent(supplier: Organised, order: PurchaseOrder, quantity: str, today: Today) -> Invoice:
    of = (await lines_of(supplier.billing, order.id))[0]
    return await submitted_invoice(supplier, order, billed(of, quantity), issue_date=str(today()))


async def _paid(company: Organised, invoice: Invoice, today: Today, amount: str | None = None, *netted: UUID) -> None:
    told = {"date": str(today()), "reference": f"TRF {today()}", "credit_note_ids": [str(each) for each in netted]}
    form = convert(Settlement, told | ({"amount": amount} if amount else {}))
    await invoicing.settle(company.payable, invoice.id, form)


async def _settled(company: Organised, credit_id: UUID, today: Today) -> None:
    told = {"date": str(today()), "reference": "Paid back"}
    await invoicing.settle_credit(company.payable, credit_id, convert(Settlement, told))


async def goods_that_come(company: Organised, supplier: Organised, today: Today) -> Course:
    """In parts, by mistake, to be inspected, refused for good and for another."""
    order = await accepted_order(company, supplier, line(**FREE))
    yield
    await delivered(company.receiver, order, "2", rejected={0: "1"})
    yield
    mistake = await delivered(company.receiver, order, "3")
    yield
    waits = await waiting_receipt(company, order, "3")
    yield
    await inspected_goods(company, waits.id, "1", "1")
    yield
    await receipts.reverse(company.receiver, mistake.id, "Counted the wrong pallet")
    yield
    await inspected_goods(company, waits.id, "0", "1", replacement=False)
    yield
    async with viewing(company.receiver) as view:
        sql = "select id from goods_inspection where receipt_id = $1 and rejected = 1 and accepted = 1"
        first = await view.value(sql, waits.id)
    await receipts.reverse_inspection(company.receiver, waits.id, first, "Looked at the wrong drawing")


async def services_done(company: Organised, supplier: Organised, today: Today) -> Course:
    order = await accepted_order(company, supplier, hours("10", match_basis="two_way"))
    yield
    days = {"performed_from": str(today()), "performed_until": str(today())}
    entry = await submitted_entry(company, supplier, order, "4", **days)
    yield
    await services.accept(company.receiver, entry.id)
    yield
    await services.reverse(company.receiver, entry.id, "Another machine")


async def orders_that_end(company: Organised, supplier: Organised, today: Today) -> Course:
    """One is rejected and then cancelled, one cancelled, one closed when a part of it had come."""
    rejected = await issued_order(company, supplier)
    yield
    await orders.respond(supplier.order_desk, rejected.id, answer("RE", reason="No capacity"))
    yield
    cancelled, closed = [await accepted_order(company, supplier) for _each in range(2)]
    await delivered(company.receiver, closed, "4")
    yield
    await orders.cancel(company.buyer, rejected.id, "They cannot")
    yield
    await orders.cancel(company.buyer, cancelled.id, "Not needed")
    yield
    await orders.close(company.buyer, closed.id)


async def orders_that_change(company: Organised, supplier: Organised, today: Today) -> Course:
    """Both sides agree on less and on another price; a line is closed short, wanted again, and closed for good."""
    order = await issued_order(company, supplier, line(), line())
    yield
    less = {"line": 1, "code": "3", "quantity": "6", "unit_price": "12.00"}
    given = await orders.respond(supplier.order_desk, order.id, answer("CA", less, {"line": 2, "code": "7"}))
    yield
    await orders.accept_counter_offer(company.buyer, order.id, given.response.id)
    yield
    of = (await ledger(company, order))[0].id
    await delivered(company.receiver, order, "1", rejected={0: "1"})
    await orders.close_line(company.buyer, order.id, of, "The project ends earlier")
    yield
    await orders.reopen_line(company.buyer, order.id, of)
    yield
    await orders.close_line(company.buyer, order.id, of, "It ends after all")


async def bills_that_are_paid(company: Organised, supplier: Organised, today: Today) -> Course:
    """In parts, less a credit note; another credit note comes too late, and is netted with the next invoice."""
    order = await accepted_order(company, supplier, line(quantity="20", **FREE))
    first = await _sent(supplier, order, "5", today)
    yield
    await delivered(company.receiver, order, "10")
    await invoicing.approve(company.payable, first.id)
    yield
    await _paid(company, first, today, "10.00")
    yield
    [of] = await billed_lines(supplier.billing, first.id)
    await approved_credit(company, supplier, first, "goods", returned(of, "1"), issue_date=str(today()))
    yield
    await _paid(company, first, today)
    yield
    late = await approved_credit(company, supplier, first, "goods", returned(of, "2"), issue_date=str(today()))
    yield
    second = await _sent(supplier, order, "4", today)
    await invoicing.approve(company.payable, second.id)
    yield
    await _paid(company, second, today, None, late.id)
    yield
    over = await approved_credit(company, supplier, second, "whole", issue_date=str(today()))
    yield
    await _settled(company, over.id, today)


async def bills_that_are_not(company: Organised, supplier: Organised, today: Today) -> Course:
    """One is rejected, of another the credit note; its next one is settled before it is paid, its goods taken back."""
    order = await accepted_order(company, supplier, line(quantity="20", **FREE))
    await delivered(company.receiver, order, "2")
    came = await delivered(company.receiver, order, "10")
    refused, billed_well = [await _sent(supplier, order, "3", today) for _each in range(2)]
    yield
    await invoicing.reject(company.payable, refused.id, "Wrong order")
    yield
    note = await sent_credit(supplier, billed_well, issue_date=str(today()))
    yield
    await invoicing.reject_credit(company.payable, note.id, "Nothing came back")
    await invoicing.approve(company.payable, billed_well.id)
    yield
    [of] = await billed_lines(supplier.billing, billed_well.id)
    early = await approved_credit(company, supplier, billed_well, "goods", returned(of, "1"), issue_date=str(today()))
    yield
    await _settled(company, early.id, today)
    yield
    await receipts.reverse(company.receiver, came.id, "It was another order's")
    yield
    await _paid(company, billed_well, today)


async def payments_that_were_none(company: Organised, supplier: Organised, today: Today) -> Course:
    """A payment and a netted one are undone, and what was owed before is owed again, from that day on."""
    order = await accepted_order(company, supplier, line(quantity="20", **FREE))
    await delivered(company.receiver, order, "12")
    first, second = [await _sent(supplier, order, "3", today) for _each in range(2)]
    for invoice in (first, second):
        await invoicing.approve(company.payable, invoice.id)
    yield
    await _paid(company, first, today)
    yield
    [of] = await billed_lines(supplier.billing, first.id)
    late = await approved_credit(company, supplier, first, "goods", returned(of, "1"), issue_date=str(today()))
    yield
    await _paid(company, second, today, None, late.id)
    yield
    await _undone(company, second)
    yield
    await _paid(company, second, today)


async def _undone(company: Organised, invoice: Invoice) -> None:
    async with viewing(company.payable) as view:
        sql = "select id from payment where invoice_id = $1 and reverses is null order by created_at desc limit 1"
        last = await view.value(sql, invoice.id)
    why = convert(PaymentReversal, {"reason": "It was another company's"})
    await invoicing.reverse_payment(company.payable, invoice.id, last, why)


COURSES = (
    *(goods_that_come, services_done, orders_that_end, orders_that_change, bills_that_are_paid),
    bills_that_are_not,
    payments_that_were_none,
)
# How many days each has acts on.
ACTS = (8, 4, 6, 6, 10, 8, 6)
