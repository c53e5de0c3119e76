"""What a home page counts is what its list shows: each queue leads to exactly the records that wait in it."""

import re

from portal.access.pages.home import queues_of
from portal.invoicing.commands import answer_exception
from portal.invoicing.forms import ExceptionAnswer
from portal.invoicing.queries import open_exceptions
from portal.orders import commands
from portal.platform.convert import convert
from portal.platform.work import viewing
from portal.shipments.commands import end
from tests.harness.contracts import agreed_contract, offered_contract, recorded_contract, scanned_contract
from tests.harness.credits import approved_credit, billed_lines, corrected, drafted_credit
from tests.harness.debits import accepted_debit, proposed_debit
from tests.harness.deliveries import despatched_goods, drafted_advice, ledger, received_goods, waiting_receipt
from tests.harness.invoices import approved_invoice, billed, draft_invoice, submitted_invoice
from tests.harness.oversight import open_campaign, running_emergency
from tests.harness.pages import Page
from tests.harness.scores import excused
from tests.harness.services import accepted_services, drafted_entry, service_order, submitted_entry
from tests.harness.settings import proposed_tolerances
from tests.harness.signings import opened_signing
from tests.harness.statements import another_supplier, objected_statement, sent_statement
from tests.harness.world import (
    a_colleague,
    accepted_order,
    answer,
    approved_order,
    draft_order,
    issued_order,
    line,
    submitted_order,
    trading_pair,
)

COUNTER = {"line": 1, "code": "3", "quantity": "9"}


async def every_situation():
    """Orders, deliveries and invoices of one pair in all states, and beside many one that looks alike and waits not."""
    company, supplier = await trading_pair()
    for make in (draft_order, submitted_order, approved_order, issued_order, accepted_order):
        await make(company, supplier)
        held = await make(company, supplier)
        await commands.hold(company.buyer, held.id, "Looks alike")
    await commands.submit(company.buyer, (await draft_order(company, supplier)).id)
    returned = await submitted_order(company, supplier)
    await commands.return_to_author(company.approver, returned.id, "Cheaper")
    withdrawn = await submitted_order(company, supplier)
    await commands.withdraw(company.requester, withdrawn.id)
    for code in ("CA", "RE"):
        order = await issued_order(company, supplier)
        await commands.respond(supplier.order_desk, order.id, answer(code, *([COUNTER] if code == "CA" else ())))
    await _delivered_and_billed(company, supplier)
    await _performed(company, supplier)
    await _asks_to_be_excused(company, supplier)
    await proposed_debit(company, supplier)
    await accepted_debit(company, supplier)
    await proposed_tolerances(company, {"receive": {"percent": "5"}})
    await sent_statement(company, supplier)
    await objected_statement(company, await another_supplier(company))
    await waiting_receipt(company, await accepted_order(company, supplier), "4")
    for each in (company, supplier):
        await running_emergency(each)
        await open_campaign(each)
    return company, supplier


async def _asks_to_be_excused(company, supplier):
    """Two receipts of which one is excused already."""
    async with viewing(company.supplier_manager) as view:
        first, second = await view.fetch("select id from delivery_fact where buyer_id = $1 limit 2", company.id)
    await excused(supplier.order_desk, first["id"], "quality")
    await excused(company.supplier_manager, second["id"], "quality")


async def _delivered_and_billed(company, supplier):
    late = await accepted_order(company, supplier, line(requested_date="2026-01-02"))
    await despatched_goods(company, supplier, late, "4", despatch_date="2026-01-02", expected_date="2026-01-03")
    expected = await accepted_order(company, supplier)
    await despatched_goods(company, supplier, expected, "4")
    await drafted_advice(company, supplier, expected, "2")
    over = await accepted_order(company, supplier)
    lost = await despatched_goods(company, supplier, over)
    await end(company.receiver, lost.id, "Lost")
    await commands.close(company.buyer, over.id)
    partly, whole, other, again = [await accepted_order(company, supplier) for _each in range(4)]
    await received_goods(company, partly, "6")
    await draft_invoice(supplier, partly)
    for order in (whole, other, again):
        await received_goods(company, order, "10")
    await submitted_invoice(supplier, whole)
    (bill,) = [line.id for line in await ledger(company, other)]
    await submitted_invoice(supplier, other, billed(bill, "10", "14.00"))
    await _answered(company, supplier)
    paid = await approved_invoice(company, supplier, again)
    (paid_line,) = await billed_lines(supplier.billing, paid.id)
    await approved_credit(company, supplier, paid, "price", corrected(paid_line, "12.00"))
    await drafted_credit(supplier, paid, "price", corrected(paid_line, "11.00"))


async def _answered(company, supplier):
    """Two invoices at another price: the buyer asks for a credit note of one of them."""
    for asks in (True, False):
        order = await accepted_order(company, supplier)
        await received_goods(company, order, "10")
        (bill,) = [line.id for line in await ledger(company, order)]
        invoice = await submitted_invoice(supplier, order, billed(bill, "10", "15.00"))
        async with viewing(company.buyer) as view:
            [difference] = await open_exceptions(view, invoice.id)
        if asks:
            wanted = convert(ExceptionAnswer, {"answer": "credit_note", "reason": "Too dear"})
            await answer_exception(company.buyer, invoice.id, difference.id, wanted)


async def _performed(company, supplier):
    order = await service_order(company, supplier)
    await submitted_entry(company, supplier, order, "3")
    await drafted_entry(company, supplier, order, "2")
    await accepted_services(company, supplier, order, "1")
    for contract in (offered_contract, agreed_contract, scanned_contract, recorded_contract):
        await contract(company, supplier)
    await opened_signing(company, supplier)
    await submitted_entry(company, supplier, await service_order(company, supplier), "10")


async def test_a_queue_leads_to_the_list_of_what_it_counts(client_of):
    company, supplier = await every_situation()
    seller = await a_colleague(supplier, "order_desk", "shipping", "billing")
    people = [*company.people.values(), *supplier.people.values(), seller]
    seen, busy = set(), set()
    for actor in people:
        client = await client_of(actor)
        async with viewing(actor) as view:
            told = [(queue, (await queue.load(view))[0]) for queue in queues_of(actor)]
        for queue, number in told:
            if queue.href.startswith("/audit"):
                continue
            page = Page(await client.get(queue.href))
            assert page.status == 200, (queue.href, page.text)
            found = re.search(r"Found: (\d+)", page.text)
            assert ((found and int(found[1])) or 0) == number, (actor.roles, str(queue.title), queue.href)
            seen.add(queue.href)
            if number:
                busy.add(queue.href)
    assert len(seen) > 20
    empty = {"/invoices?state=disputed", "/credit-notes?state=submitted", "/scorecards/excuses?state=asked"}
    empty |= {"/orders?open=approve_offer", "/orders?open=unanswered", "/orders?open=approve_change"}
    empty |= {"/orders?open=change", "/alerts?state=open", "/bank-accounts"}
    empty |= {f"/supplier-accounts?open={name}" for name in ("check", "approve")}
    assert seen - busy <= empty


async def test_a_list_of_a_queue_can_be_left(client_of):
    company, supplier = await trading_pair()
    await issued_order(company, supplier)
    client = await client_of(supplier.order_desk)
    page = Page(await client.get("/orders?open=answer"))
    assert "Orders that need your answer" in page.text
    assert page.links["All"] == "/orders"
    assert (await client.get("/orders?open=nothing")).status_code == 400
    assert "No order fits" in Page(await client.get("/orders?open=approve")).text
