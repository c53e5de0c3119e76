"""Every verb in every state, in code and by direct SQL; and that what was received never changes."""

import re

import psycopg
import pytest

from portal.invoicing import commands
from portal.invoicing.forms import InvoiceEdit, PaymentReversal, Settlement
from portal.invoicing.queries import invoice_row
from portal.invoicing.states import INVOICE, S
from portal.invoicing.tables import Invoice
from portal.platform.convert import convert
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, NotFound
from portal.platform.states import WrongState
from portal.platform.work import viewing
from tests.harness.credits import sent_credit
from tests.harness.invoices import TODAY, delivered_order, draft_invoice, submitted_invoice

A_PART = convert(Settlement, {"date": TODAY, "reference": "SEPA 6", "amount": "1"})
PAID = convert(Settlement, {"date": TODAY, "reference": "SEPA 7"})
MISTAKE = convert(PaymentReversal, {"reason": "It was another invoice’s."})
INVOICE_OPEN = (S.SUBMITTED, S.DISPUTED, S.APPROVED)
WAY = {
    S.DRAFT: (),
    S.SUBMITTED: ("submit",),
    S.DISPUTED: ("submit", "dispute"),
    S.APPROVED: ("submit", "approve"),
    S.REJECTED: ("submit", "reject"),
    S.SETTLED: ("submit", "approve", "settle"),
}


async def take(company, supplier, verb: str, invoice_id) -> Invoice:
    if verb == "submit":
        return await commands.submit(supplier.billing, invoice_id)
    if verb in ("pay", "settle"):
        return await commands.settle(company.payable, invoice_id, A_PART if verb == "pay" else PAID)
    if verb == "cover":
        return await covered(company, supplier, invoice_id)
    if verb == "reverse":
        return await undone(company, invoice_id)
    return await getattr(commands, verb)(company.payable, invoice_id)


async def covered(company, supplier, invoice_id) -> Invoice:
    """All of it is credited; who approves it then, or the credit note, settles it."""
    invoice = await invoice_of(company, invoice_id)
    if invoice.state in INVOICE_OPEN:
        note = await sent_credit(supplier, invoice)
        await commands.approve_credit(company.payable, note.id)
        if invoice.state == S.APPROVED:
            return await invoice_of(company, invoice_id)
    return await commands.approve(company.payable, invoice_id)


async def undone(company, invoice_id) -> Invoice:
    invoice = await invoice_of(company, invoice_id)
    if invoice.state == S.APPROVED:
        await commands.settle(company.payable, invoice_id, A_PART)
    async with viewing(company.payable) as view:
        payment_id = await view.value("select id from payment where invoice_id = $1", invoice_id)
    return await commands.reverse_payment(company.payable, invoice_id, payment_id or new_id(), MISTAKE)


async def invoice_of(company, invoice_id) -> Invoice:
    async with viewing(company.payable) as view:
        return await invoice_row(view, invoice_id)


async def invoice_in(state: S):
    company, supplier, order = await delivered_order()
    invoice = await draft_invoice(supplier, order)
    for verb in WAY[state]:
        invoice = await take(company, supplier, verb, invoice.id)
    assert invoice.state == state
    return company, supplier, invoice


@pytest.mark.parametrize("state", list(S))
async def test_every_verb_in_every_state_does_what_the_table_says(state):
    for transition in INVOICE:
        company, supplier, invoice = await invoice_in(state)
        if state in transition.sources:
            assert (await take(company, supplier, transition.verb, invoice.id)).state == transition.target
        else:
            unseen = state == S.DRAFT and transition.verb != "submit"
            with pytest.raises(NotFound if unseen else WrongState):
                await take(company, supplier, transition.verb, invoice.id)


async def test_the_database_refuses_an_illegal_step(superuser):
    _company, _supplier, invoice = await invoice_in(S.APPROVED)
    for state in ("draft", "submitted", "disputed", "rejected"):
        with pytest.raises(psycopg.errors.CheckViolation):
            superuser.execute("update invoice set state = %s where id = %s", [state, invoice.id])


@pytest.mark.parametrize(
    "change",
    [
        "update invoice set number = 'X' where id = %s",
        "update invoice set issue_date = issue_date - 1 where id = %s",
        "update invoice set due_date = due_date + 1 where id = %s",
        "update invoice set lines_net = lines_net + 1, net = net + 1, gross = gross + 1 where id = %s",
        "update invoice set charges = '[1]' where id = %s",
        "update invoice set shown_to = null where id = %s",
        "update invoice set supplier_id = buyer_id where id = %s",
        "update invoice_line set unit_price = 1 where invoice_id = %s",
        "update invoice_line set quantity = quantity + 1 where invoice_id = %s",
        "delete from invoice_line where invoice_id = %s",
        "insert into invoice_line select (jsonb_populate_record(l, jsonb_build_object('id', gen_random_uuid(), "
        "'line', 99))).* from invoice_line l where invoice_id = %s",
    ],
)
async def test_an_invoice_as_received_never_changes_even_by_direct_sql(superuser, change):
    _company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        superuser.execute(change, [invoice.id])
    assert re.search("never (changes|removed)|no more lines|check constraint", str(refused.value))


async def test_a_sent_invoice_is_neither_edited_nor_thrown_away():
    _company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    with pytest.raises(Conflict):
        await commands.edit(supplier.billing, invoice.id, convert(InvoiceEdit, {"number": "X"}))
    with pytest.raises(Conflict):
        await commands.discard(supplier.billing, invoice.id)


async def test_the_ledger_says_what_the_invoices_say(connected, superuser):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    assert superuser.execute("select * from portal.invoiced_otherwise").fetchall() == []
    await commands.reject(company.payable, invoice.id)
    assert superuser.execute("select * from portal.invoiced_otherwise").fetchall() == []
