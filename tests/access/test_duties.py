"""Segregation of duties over a whole order: who may do what after what, as `policies/duties.csv` says."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from portal.access.reading import Read
from portal.invoicing import commands as invoices
from portal.invoicing.forms import Settlement
from portal.orders import commands as orders
from portal.orders.forms import OrderForm
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.paths import resource
from portal.platform.refusals import Denied
from portal.receipts import commands as receipts
from tests.harness.invoices import TODAY, delivered, submitted_invoice
from tests.harness.world import LIMIT, Organised, a_colleague, answer, order_body, trading_pair

PAID = {"date": TODAY, "reference": "TRF-1"}
ALL = ("requester", "buyer", "approver", "receiver", "payable")


class Story:
    """One order on its way; `whoever` does a step of it, the usual people all others."""

    def __init__(self, company: Organised, supplier: Organised) -> None:
        self.company, self.supplier = company, supplier
        self.order: Any = None
        self.receipt: Any = None
        self.invoice: Any = None

    async def create(self, actor: Actor) -> None:
        self.order = await orders.create(actor, convert(OrderForm, order_body(self.supplier)))

    async def approve(self, actor: Actor) -> None:
        await orders.submit(self.company.requester, self.order.id)
        await orders.approve(actor, self.order.id)
        await orders.issue(self.company.buyer, self.order.id)
        await orders.respond(self.supplier.order_desk, self.order.id, answer("AP"))

    async def receive(self, actor: Actor) -> None:
        self.receipt = await delivered(actor, self.order, 10)

    async def reverse(self, actor: Actor) -> None:
        await receipts.reverse(actor, self.receipt.id, "a mistake")
        await delivered(self.company.receiver, self.order, 10)

    async def pass_invoice(self, actor: Actor) -> None:
        self.invoice = await submitted_invoice(self.supplier, self.order)
        await invoices.approve(actor, self.invoice.id)

    async def settle(self, actor: Actor) -> None:
        await invoices.settle(actor, self.invoice.id, convert(Settlement, PAID))


Step = Callable[[Story, Actor], Awaitable[None]]
STEPS: dict[str, tuple[Step, str]] = {
    "orders:create": (Story.create, "requester"),
    "orders:approve": (Story.approve, "approver"),
    "goods-receipts:create": (Story.receive, "receiver"),
    "goods-receipts:reverse": (Story.reverse, "receiver"),
    "invoices:approve": (Story.pass_invoice, "payable"),
    "invoices:settle": (Story.settle, "payable"),
}
APART = [
    ("orders:create", "invoices:approve"),
    ("orders:create", "invoices:settle"),
    ("orders:approve", "goods-receipts:create"),
    ("orders:approve", "goods-receipts:reverse"),
    ("orders:approve", "invoices:approve"),
    ("orders:approve", "invoices:settle"),
    ("goods-receipts:create", "invoices:approve"),
    ("goods-receipts:create", "invoices:settle"),
    ("goods-receipts:reverse", "invoices:approve"),
]
TOGETHER = [
    ("orders:create", "goods-receipts:create"),
    ("orders:create", "goods-receipts:reverse"),
    ("goods-receipts:create", "goods-receipts:reverse"),
    ("invoices:approve", "invoices:settle"),
]


async def told(first: str, second: str) -> None:
    """The whole way, with one person for both steps."""
    company, supplier = await trading_pair()
    person = await a_colleague(company, *ALL, limit=LIMIT)
    story = Story(company, supplier)
    for name, (step, usual) in STEPS.items():
        if name == "goods-receipts:reverse" and name not in (first, second):
            continue
        await step(story, person if name in (first, second) else company.people[usual])


@pytest.mark.parametrize(("first", "second"), APART)
async def test_one_person_does_not_do_both(connected, first, second):
    with pytest.raises(Denied, match="Somebody else must do this"):
        await told(first, second)


@pytest.mark.parametrize(("first", "second"), TOGETHER)
async def test_one_person_may_do_both(connected, first, second):
    await told(first, second)


def test_every_pair_that_is_told_apart_stands_in_the_policy():
    counterparts = Read(resource("policies")).excluding
    assert all(second in counterparts[first] for first, second in APART)
    assert not any(second in counterparts.get(first, {}) for first, second in TOGETHER)
