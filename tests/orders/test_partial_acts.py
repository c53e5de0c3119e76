"""Goods and services leave, come, are inspected, billed and credited in parts: whatever the order of these acts, the
ledger says the same in the end, and so does every document."""

from collections.abc import Awaitable, Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.orders import commands as orders
from portal.orders.tables import PurchaseOrder
from portal.platform.convert import convert
from portal.receipts import commands as receipts
from portal.services import commands as services
from portal.services.forms import ServiceEntryForm
from tests.harness.credits import approved_credit
from tests.harness.deliveries import (
    despatched_goods,
    disagreements,
    figures,
    inspected_goods,
    ledger,
    line_ids,
    waiting_receipt,
)
from tests.harness.invoices import billed, delivered, submitted_invoice
from tests.harness.services import entered, entry_body, hours
from tests.harness.world import Organised, accepted_order, line, trading_pair

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
