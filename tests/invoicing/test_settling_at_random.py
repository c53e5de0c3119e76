"""Whatever is paid, credited, netted, paid back and undone, in whatever order: what is open is what money says."""

import random
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from portal.invoicing import commands
from portal.invoicing.forms import PaymentReversal, Settlement
from portal.platform.convert import convert
from portal.platform.refusals import Refusal
from tests.harness.credits import approved_credit, billed_lines, returned
from tests.harness.invoices import TODAY
from tests.invoicing.test_payments import owed
from tests.invoicing.test_settling import another

MISTAKE = convert(PaymentReversal, {"reason": "A mistake"})
WRONG = "select (select count(*) from portal.netted_otherwise) + (select count(*) from portal.settled_otherwise)"
# What was asked for less what was paid, kept back and given back, but for what came back in money …
MONEY = """
select (select sum(gross) from invoice where buyer_id = %(buyer)s)
  - (select coalesce(sum(amount + discount), 0) from payment where buyer_id = %(buyer)s)
  - coalesce(sum(c.gross), 0) + coalesce(sum(c.gross - c.set_off) filter (where c.state = 'settled'
    and not exists (select from payment p where p.id = c.payment_id and p.invoice_id <> c.invoice_id)), 0)
from credit_note c where c.buyer_id = %(buyer)s and c.state in ('approved', 'settled')
"""
# … is what is left of the open invoices less what the supplier owes.
OPEN = """
select (select coalesce(sum(gross - portal.came_off(id)), 0) from invoice
    where buyer_id = %(buyer)s and state = 'approved')
  - (select coalesce(sum(c.gross - c.set_off), 0) from credit_note c join invoice i on i.id = c.invoice_id
    where c.buyer_id = %(buyer)s and c.state = 'approved' and i.state = 'settled')
"""


class Walk:
    """Two invoices between two companies, and somebody who does anything with them."""

    def __init__(self, company: Any, supplier: Any, invoices: list[Any], superuser: Any, seed: int) -> None:
        self.company, self.supplier, self.invoices, self.superuser = company, supplier, invoices, superuser
        self.any = random.Random(seed)

    def ids(self, sql: str) -> list[UUID]:
        return [row[0] for row in self.superuser.execute(sql, [self.company.id]).fetchall()]

    def settlement(self, **said: Any) -> Settlement:
        return convert(Settlement, {"date": TODAY, "reference": f"TRF-{self.any.random()}"} | said)

    async def pay(self) -> None:
        notes = self.ids("select id from credit_note where buyer_id = %s and state = 'approved'")
        said: dict[str, Any] = {"amount": self.any.choice(["10", "20.5", "59.5"])} if self.any.random() < 0.6 else {}
        if notes and self.any.random() < 0.5:
            said["credit_note_ids"] = [str(self.any.choice(notes))]
        await commands.settle(self.company.payable, self.any.choice(self.invoices).id, self.settlement(**said))

    async def credit(self) -> None:
        invoice = self.any.choice(self.invoices)
        [line] = await billed_lines(self.supplier.billing, invoice.id)
        await approved_credit(self.company, self.supplier, invoice, "goods", returned(line, self.any.choice("124")))

    async def pay_back(self) -> None:
        notes = self.ids("select id from credit_note where buyer_id = %s and state = 'approved'")
        if notes:
            await commands.settle_credit(self.company.payable, self.any.choice(notes), self.settlement())

    async def undo(self) -> None:
        payments = self.ids("select id from payment where buyer_id = %s and reverses is null")
        if payments:
            payment = self.any.choice(payments)
            [(invoice,)] = self.superuser.execute("select invoice_id from payment where id = %s", [payment]).fetchall()
            await commands.reverse_payment(self.company.payable, invoice, payment, MISTAKE)

    def sum(self, sql: str) -> Decimal:
        return self.superuser.execute(sql, {"buyer": self.company.id}).fetchone()[0]


@pytest.mark.parametrize("seed", range(4))
async def test_what_is_open_is_what_money_says_after_any_acts(superuser, seed):
    company, supplier, _order, first = await owed()
    walk = Walk(company, supplier, [first, await another(company, supplier)], superuser, seed)
    done = 0
    for _step in range(40):
        act = walk.any.choice([walk.pay, walk.pay, walk.credit, walk.pay_back, walk.undo])
        try:
            await act()
            done += 1
        except Refusal:
            pass
        assert superuser.execute(WRONG).fetchone() == (0,)
        assert walk.sum(MONEY) == walk.sum(OPEN)
    assert done > 5
