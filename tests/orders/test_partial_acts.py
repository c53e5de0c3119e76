"""Goods leave, come and are billed in parts: whatever the order of these acts, the ledger says the same in the end."""

from collections.abc import Awaitable, Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.orders.tables import PurchaseOrder
from portal.receipts import commands as receipts
from tests.harness.deliveries import despatched_goods, disagreements, figures, line_ids
from tests.harness.invoices import billed, delivered, submitted_invoice
from tests.harness.world import Organised, accepted_order, trading_pair

COLUMNS = ("despatched", "received", "accepted", "rejected", "returned_for_replacement", "invoiced")
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


def is_billed(quantity: str) -> Act:
    async def act(company: Organised, supplier: Organised, order: PurchaseOrder) -> None:
        line = (await line_ids(company, order))[0]
        await submitted_invoice(supplier, order, billed(line, quantity))

    return act


MISTAKE, BILLS = comes_and_goes("1"), (is_billed("2"), is_billed("3.5"))
ACTS = (leaves("4"), leaves("3"), comes("5"), comes("1", "2"), MISTAKE, *BILLS)


def is_legal(in_turn: list[Act]) -> bool:
    """What was billed meanwhile is not unreceived: a mistake is found before the first bill."""
    return in_turn.index(MISTAKE) < min(map(in_turn.index, BILLS))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(in_turn=st.permutations(ACTS).filter(is_legal))
async def test_any_order_of_partial_acts_gives_the_same_ledger(connected, superuser, in_turn):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)

    for act in in_turn:
        await act(company, supplier, order)

    assert await figures(company, order, *COLUMNS) == [("7", "8", "6", "2", "2", "5.5")]
    assert disagreements(superuser, company) == []
