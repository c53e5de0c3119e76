"""Which columns of the ledger are open: what came is received, what was refused for good comes no more."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.invoicing import commands as invoicing
from portal.orders import commands as orders
from portal.organisations.commands import agree_terms
from portal.organisations.forms import Agreement
from tests.harness.credits import approved_credit, billed_lines, offered_terms, returned
from tests.harness.deliveries import RECEIPTS, inspected_goods, line_ids, received, received_goods, waiting_receipt
from tests.harness.invoices import TODAY, approved_invoice, billed, lines_of
from tests.harness.world import accepted_order, answer, issued_order, line, trading_pair

MARCH = datetime(2026, 3, 1, 9, tzinfo=UTC)


async def sums(client: Any, **asked: str) -> tuple[str, ...]:
    pairs = (await client.get("/api/v1/open-items", params=asked)).json()["pairs"]
    [pair] = pairs or [dict.fromkeys(("not_received", "not_invoiced", "not_settled", "overdue"), "0.00")]
    return pair["not_received"], pair["not_invoiced"], pair["not_settled"], pair["overdue"]


async def test_goods_in_inspection_came_and_were_not_invoiced(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line())
    waits = await waiting_receipt(company, order, "10")
    payable = await client_of(company.payable)
    assert (await sums(payable))[:2] == ("0.00", "125.00")

    await inspected_goods(company, waits.id, "4", "2", replacement=False)
    assert (await sums(payable))[:2] == ("0.00", "100.00")
    await inspected_goods(company, waits.id, "0", "4", replacement=True)
    assert (await sums(payable))[:2] == ("50.00", "50.00")


@pytest.mark.parametrize(("replacement", "expected"), [(False, "0.00"), (True, "50.00")])
async def test_what_was_refused_is_to_come_again_where_a_replacement_was_asked_for(client_of, replacement, expected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line())
    receiver, payable = await client_of(company.receiver), await client_of(company.payable)
    [of] = await line_ids(company, order)
    came = received(of, "6", rejected="4", reason="Bent", replacement=replacement)
    assert (await receiver.post(RECEIPTS, json={"lines": [came]})).status_code == 201
    assert (await sums(payable))[:2] == (expected, "75.00")

    told = (await payable.get(f"/api/v1/purchase-orders/{order.id}")).json()
    assert told["receipt_status"] == ("partial" if replacement else "complete")
    more = await receiver.post(RECEIPTS, json={"lines": [received(of, "4")]})
    assert more.status_code == (201 if replacement else 409)


async def test_a_line_that_the_supplier_does_not_take_is_not_awaited(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(), line())
    dropped = {"line": 2, "code": "7"}
    given = await orders.respond(supplier.order_desk, order.id, answer("CA", dropped))
    await orders.accept_counter_offer(company.buyer, order.id, given.response.id)
    payable = await client_of(company.payable)
    rows = (await payable.get("/open-items.csv")).text.splitlines()
    assert (len(rows), (await sums(payable))[0]) == (2, "125.00")


async def test_a_credit_note_that_is_settled_before_its_invoice_still_lowers_it(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line())
    await received_goods(company, order, "10")
    invoice = await approved_invoice(company, supplier, order)
    [of] = await billed_lines(supplier.billing, invoice.id)
    note = await approved_credit(company, supplier, invoice, "goods", returned(of, "4"))
    payable = await client_of(company.payable)
    assert (await sums(payable))[2] == "89.25"

    await payable.post(f"/api/v1/credit-notes/{note.id}/settle", json={"date": TODAY, "reference": "Set off"})
    told = (await payable.get(f"/api/v1/invoices/{invoice.id}")).json()
    assert ((await sums(payable))[2], told["left"]) == ("89.25", "89.25")
    paid = await payable.post(f"/api/v1/invoices/{invoice.id}/settle", json={"date": TODAY, "reference": "T-1"})
    assert (paid.json()["state"], (await sums(payable))[2]) == ("settled", "0.00")


async def test_a_credit_note_of_a_paid_invoice_is_owed_until_it_is_paid_back(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line())
    await received_goods(company, order, "10")
    invoice = await approved_invoice(company, supplier, order)
    payable = await client_of(company.payable)
    await payable.post(f"/api/v1/invoices/{invoice.id}/settle", json={"date": TODAY, "reference": "T-1"})
    [of] = await billed_lines(supplier.billing, invoice.id)
    note = await approved_credit(company, supplier, invoice, "goods", returned(of, "4"))
    assert (await sums(payable))[2] == "-59.50"
    await payable.post(f"/api/v1/credit-notes/{note.id}/settle", json={"date": TODAY, "reference": "Paid back"})
    assert (await sums(payable))[2] == "0.00"


async def test_what_was_set_off_against_its_invoice_lowers_no_later_debt_of_the_supplier(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line())
    await received_goods(company, order, "10")
    invoice = await approved_invoice(company, supplier, order)
    payable = await client_of(company.payable)
    [of] = await billed_lines(supplier.billing, invoice.id)
    await approved_credit(company, supplier, invoice, "goods", returned(of, "4"))
    paid = await payable.post(f"/api/v1/invoices/{invoice.id}/settle", json={"date": TODAY, "reference": "T-1"})
    assert (paid.json()["state"], (await sums(payable))[2]) == ("settled", "0.00")

    note = await approved_credit(company, supplier, invoice, "goods", returned(of, "6"))
    assert (await sums(payable))[2] == "-89.25"
    await payable.post(f"/api/v1/credit-notes/{note.id}/settle", json={"date": TODAY, "reference": "Paid back"})
    assert (await sums(payable))[2] == "0.00"


async def test_the_rejection_of_an_order_keeps_its_day_when_it_is_cancelled_later(client_of, clock):
    company, supplier = await trading_pair()
    await clock(MARCH)
    order = await issued_order(company, supplier, line())
    await clock(MARCH + timedelta(days=1))
    await orders.respond(supplier.order_desk, order.id, answer("RE", reason="No capacity"))
    await clock(MARCH + timedelta(days=9))
    await orders.cancel(company.buyer, order.id, "They cannot")
    payable = await client_of(company.payable)
    assert [(await sums(payable, as_of=f"2026-03-0{day}"))[0] for day in (1, 2, 5)] == ["125.00", "0.00", "0.00"]


async def test_a_line_that_is_wanted_again_was_closed_short_until_then(client_of, clock, superuser):
    company, supplier = await trading_pair()
    await clock(MARCH)
    order = await accepted_order(company, supplier, line(), line())
    of = (await lines_of(company.buyer, order.id))[0]
    for day in (2, 6):
        await clock(MARCH + timedelta(days=day - 1))
        await orders.close_line(company.buyer, order.id, of, "Not needed")
        await clock(MARCH + timedelta(days=day + 1))
        await orders.reopen_line(company.buyer, order.id, of)
    payable = await client_of(company.payable)
    figures = [(await sums(payable, as_of=f"2026-03-0{day}"))[0] for day in range(1, 9)]
    assert figures == ["250.00", "125.00", "125.00", "250.00", "250.00", "125.00", "125.00", "250.00"]
    with pytest.raises(Exception, match="stays"), superuser.transaction():
        superuser.execute("update purchase_order_line set closed_before = '[]' where id = %s", [of])


async def test_what_is_not_due_yet_is_not_overdue_and_was_not(client_of, clock):
    company, supplier = await trading_pair()
    await clock(MARCH)
    term = await offered_terms(company, base="goods_receipt", days=5)
    await agree_terms(company.supplier_manager, supplier.id, Agreement(payment_term_id=term.id))
    order = await accepted_order(company, supplier, line(match_basis="two_way"))
    [of] = await line_ids(company, order)
    invoice = await approved_invoice(company, supplier, order, billed(of), issue_date="2026-03-01")
    await clock(MARCH + timedelta(days=60))
    for who in (company.payable, supplier.billing):
        assert (await sums(await client_of(who)))[2:] == ("148.75", "0.00")

    came = (MARCH + timedelta(days=10)).isoformat()
    await received_goods(company, order, "10", delivered_at=came)
    await invoicing.follow_goods(company.payable, invoice.id)
    payable = await client_of(company.payable)
    await clock(MARCH + timedelta(days=61))
    assert (await sums(payable))[2:] == ("148.75", "148.75")
    assert (await sums(payable, as_of="2026-04-20"))[2:] == ("148.75", "0.00")
