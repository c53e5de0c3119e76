"""Goods and services leave, come, are inspected, billed and credited in parts: whatever the order of these acts, the
ledger says the same in the end, and so does every document."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.orders import commands as orders
from portal.orders.tables import PurchaseOrder
from portal.platform.convert import convert
from portal.platform.work import viewing
from portal.receipts import commands as receipts
from portal.receipts.forms import ReceiptForm
from portal.services import commands as services
from portal.services.forms import ServiceEntryForm
from portal.shipments import commands as shipments
from portal.shipments.forms import DespatchForm
from tests.harness.credits import approved_credit, billed_lines
from tests.harness.credits import returned as sent_back
from tests.harness.deliveries import (
    body,
    despatched,
    despatched_goods,
    disagreements,
    figures,
    inspected_goods,
    ledger,
    line_ids,
    received,
    waiting_receipt,
)
from tests.harness.invoices import billed, delivered, submitted_invoice
from tests.harness.services import entered, entry_body, hours
from tests.harness.world import Organised, accepted_order, answer, issued_order, line, trading_pair

COLUMNS = (
    *("confirmed", "despatched", "received", "in_inspection", "accepted", "rejected", "returned"),
    *("returned_for_replacement", "invoiced", "credited"),
)
GOODS, SERVICE = 0, 1
Act = Callable[[Organised, Organised, PurchaseOrder], Awaitable[Any]]


def leaves(quantity: str) -> Act:
    return lambda company, supplier, order: despatched_goods(company, supplier, order, quantity)


def comes(accepted: str, rejected: str = "0") -> Act:
    spoilt = {0: rejected} if rejected != "0" else None
    return lambda company, _supplier, order: delivered(company.receiver, order, accepted, rejected=spoilt)


def comes_and_goes(accepted: str) -> Act:
    """Booked by mistake and reversed at once."""

    async def act(company: Organised, _supplier: Organised, order: PurchaseOrder) -> None:
        booked = await delivered(company.receiver, order, accepted)
        await receipts.reverse(company.receiver, booked.id, "Counted the wrong pallet")

    return act


def is_inspected(accepted: str, rejected: str) -> Act:
    """Both parts wait first; the second one is sent back for good."""

    async def act(company: Organised, _supplier: Organised, order: PurchaseOrder) -> None:
        waits = await waiting_receipt(company, order, str(int(accepted) + int(rejected)))
        await inspected_goods(company, waits.id, accepted)
        await inspected_goods(company, waits.id, "0", rejected, replacement=False)

    return act


def is_performed(quantity: str) -> Act:
    async def act(company: Organised, supplier: Organised, order: PurchaseOrder) -> None:
        of = (await line_ids(company, order))[SERVICE]
        form = convert(ServiceEntryForm, entry_body(order, entered(of, quantity)))
        entry = await services.create(supplier.order_desk, form, submits=True)
        await services.accept(company.receiver, entry.id)

    return act


def is_billed(quantity: str, place: int = GOODS, *, credited: bool = False) -> Act:
    """With `credited` all of it is given back, to be billed anew."""

    async def act(company: Organised, supplier: Organised, order: PurchaseOrder) -> None:
        of = (await line_ids(company, order))[place]
        invoice = await submitted_invoice(supplier, order, billed(of, quantity))
        if credited:
            await approved_credit(company, supplier, invoice)

    return act


async def closed_and_wanted_again(company: Organised, _supplier: Organised, order: PurchaseOrder) -> None:
    of = (await ledger(company, order))[GOODS].id
    await orders.close_line(company.buyer, order.id, of, "The project ends earlier")
    await orders.reopen_line(company.buyer, order.id, of)


MISTAKE, BILLS = comes_and_goes("1"), (is_billed("2", credited=True), is_billed("3.5"))
OF_GOODS = (leaves("4"), leaves("3"), comes("5"), comes("1", "2"), is_inspected("1", "1"), MISTAKE, *BILLS)
ACTS = (*OF_GOODS, is_performed("2.5"), is_performed("1.5"), is_billed("4", SERVICE), closed_and_wanted_again)


def is_legal(in_turn: list[Act]) -> bool:
    """What was billed meanwhile is not unreceived: a mistake is found before the first bill."""
    return in_turn.index(MISTAKE) < min(map(in_turn.index, BILLS))


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(in_turn=st.permutations(ACTS).filter(is_legal))
async def test_any_order_of_partial_acts_gives_the_same_ledger(connected, superuser, in_turn):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), hours("10"))

    for act in in_turn:
        await act(company, supplier, order)

    assert await figures(company, order, *COLUMNS) == [
        ("10", "7", "10", "0", "7", "3", "0", "2", "5.5", "2"),
        ("10", "0", "4.0", "0", "4.0", "0", "0", "0", "4", "0"),
    ]
    assert disagreements(superuser, company) == []
    done = await orders.close_line(company.buyer, order.id, (await ledger(company, order))[GOODS].id, "Enough")
    assert (f"{done.line.closed_to:f}", done.order.state, done.order.invoice_status) == ("8", "accepted", "partial")
    assert disagreements(superuser, company) == []


class Pair(NamedTuple):
    """Two running orders of one supplier, which share a lorry and an invoice's fate."""

    company: Organised
    supplier: Organised
    first: PurchaseOrder
    second: PurchaseOrder


async def share_a_lorry(pair: Pair) -> None:
    """Two of each leave together, and come together."""
    lines = [(await line_ids(pair.company, order))[GOODS] for order in (pair.first, pair.second)]
    form = convert(DespatchForm, body(*(despatched(of, "2") for of in lines)))
    advice = await shipments.create(pair.supplier.shipping, form, leaves=True)
    came = body(*(received(of, "2") for of in lines), despatch_advice_id=str(advice.id))
    await receipts.create(pair.company.receiver, convert(ReceiptForm, came))


async def go_back_for_money(pair: Pair) -> None:
    """Three come and are billed; one of them goes back, and its price with it."""
    await delivered(pair.company.receiver, pair.first, "3")
    of = (await line_ids(pair.company, pair.first))[GOODS]
    invoice = await submitted_invoice(pair.supplier, pair.first, billed(of, "3"))
    [row, *_rest] = await billed_lines(pair.supplier.billing, invoice.id)
    await approved_credit(pair.company, pair.supplier, invoice, "goods", sent_back(row, "1"))


async def are_looked_at_twice(pair: Pair) -> None:
    """What was found of them is taken back and found otherwise."""
    waits = await waiting_receipt(pair.company, pair.second, "3")
    await inspected_goods(pair.company, waits.id, "1", "2")
    async with viewing(pair.company.receiver) as view:
        found = await view.value("select id from goods_inspection where receipt_id = $1", waits.id)
    await receipts.reverse_inspection(pair.company.receiver, waits.id, found, "The gauge was wrong")
    await inspected_goods(pair.company, waits.id, "3")


async def are_done_again(pair: Pair) -> None:
    """Services that were accepted by mistake, and accepted anew."""
    of = (await line_ids(pair.company, pair.first))[SERVICE]
    for again in (True, False):
        form = convert(ServiceEntryForm, entry_body(pair.first, entered(of, "4")))
        entry = await services.create(pair.supplier.order_desk, form, submits=True)
        await services.accept(pair.company.receiver, entry.id)
        if again:
            await services.reverse(pair.company.receiver, entry.id, "Not finished")


async def end_a_third_order(pair: Pair) -> None:
    """Another order of the same goods comes to nothing."""
    third = await accepted_order(pair.company, pair.supplier)
    await orders.cancel(pair.company.buyer, third.id, "Not needed")


TOGETHER = (share_a_lorry, go_back_for_money, are_looked_at_twice, are_done_again, end_a_third_order)


@settings(
    max_examples=24, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(in_turn=st.permutations(TOGETHER))
async def test_any_order_of_acts_over_several_orders_gives_the_same_ledgers(connected, superuser, in_turn):
    company, supplier = await trading_pair()
    first = await accepted_order(company, supplier, line(), hours("10"))
    second = await issued_order(company, supplier, line())
    less = {"line": 1, "code": "3", "quantity": "8", "reason": "Short of stock"}
    offered = (await orders.respond(supplier.order_desk, second.id, answer("CA", less))).response
    await orders.accept_counter_offer(company.buyer, second.id, offered.id)

    for act in in_turn:
        await act(Pair(company, supplier, first, second))

    assert await figures(company, first, *COLUMNS) == [
        ("10", "2", "5", "0", "5", "0", "1", "0", "3", "1"),
        ("10", "0", "4", "0", "4", "0", "0", "0", "0", "0"),
    ]
    assert await figures(company, second, *COLUMNS) == [("8", "2", "5", "0", "5", "0", "0", "0", "0", "0")]
    assert disagreements(superuser, company) == []
