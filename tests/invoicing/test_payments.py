"""Payments: in parts, with credit notes netted, once each, and told to the supplier."""

import asyncio
from datetime import date
from typing import Any

from portal.invoicing import commands
from portal.organisations.commands import release_supplier
from tests.harness.invoices import TODAY, approved_invoice, billed, delivered, delivered_order, lines_of
from tests.harness.pages import Page
from tests.harness.world import accepted_order

INVOICES = "/api/v1/invoices"


def paid(reference: str, amount: str | None = None, **more: Any) -> dict[str, Any]:
    return {"date": TODAY, "reference": reference} | ({"amount": amount} if amount else {}) | more


async def owed():
    """An approved invoice of 148.75 EUR: 10 pieces at 12.50 and 19 % tax."""
    company, supplier, order = await delivered_order()
    return company, supplier, order, await approved_invoice(company, supplier, order)


async def test_an_invoice_is_settled_once_its_parts_reach_its_sum(client_of):
    company, supplier, _order, invoice = await owed()
    payable, billing = await client_of(company.payable), await client_of(supplier.billing)
    path = f"{INVOICES}/{invoice.id}/settle"
    first = (await payable.post(path, json=paid("TRF-1", "100.00"))).json()
    assert "state" in first, first
    assert (first["state"], first["paid"], first["left"]) == ("approved", "100.00", "48.75")
    too_much = await payable.post(path, json=paid("TRF-2", "48.76"))
    assert (too_much.status_code, too_much.json()["errors"][0]["field"]) == (422, "amount")
    again = await payable.post(path, json=paid("TRF-1", "100.00"))
    assert again.status_code == 422 or again.status_code == 409
    seen = (await billing.get(f"{INVOICES}/{invoice.id}")).json()
    assert [(each["reference"], each["amount"]) for each in seen["payments"]] == [("TRF-1", "100.00")]
    assert seen["payment"]["date"] or seen["payment"]["blocker"]
    last = (await payable.post(path, json=paid("TRF-2", "48.75"))).json()
    assert (last["state"], last["left"], last["settlement_reference"]) == ("settled", "0.00", "TRF-2")
    shown = Page(await billing.get(f"/invoices/{invoice.id}"))
    assert ("TRF-1" in shown.text, "TRF-2" in shown.text) == (True, True)


async def test_no_money_leaves_while_payments_to_the_supplier_are_held(client_of):
    company, supplier, order = await delivered_order(payments_held_until=date(2199, 1, 1))
    invoice = await approved_invoice(company, supplier, order)
    payable = await client_of(company.payable)
    path = f"{INVOICES}/{invoice.id}/settle"
    held = await payable.post(path, json=paid("TRF-1"))
    assert (held.status_code, "held until 2199-01-01" in held.json()["detail"]) == (409, True)
    await release_supplier(company.supplier_manager, supplier.id, "payments")
    assert (await payable.post(path, json=paid("TRF-1"))).json()["state"] == "settled"


async def test_the_same_payment_is_not_recorded_twice(client_of):
    company, _supplier, _order, invoice = await owed()
    payable = await client_of(company.payable)
    body = paid("TRF-1", "10.00")
    answers = await asyncio.gather(*(payable.post(f"{INVOICES}/{invoice.id}/settle", json=body) for _each in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9


async def test_of_many_settlements_at_once_one_wins(client_of, superuser):
    company, _supplier, _order, invoice = await owed()
    payable = await client_of(company.payable)
    bodies = [paid(f"TRF-{number}", "148.75") for number in range(10)]
    answers = await asyncio.gather(*(payable.post(f"{INVOICES}/{invoice.id}/settle", json=body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    [(sums,)] = superuser.execute("select sum(amount) from payment where invoice_id = %s", [invoice.id]).fetchall()
    assert sums == invoice.gross


async def test_what_is_left_is_told_on_the_page_and_among_the_open_items(client_of):
    company, _supplier, _order, invoice = await owed()
    payable = await client_of(company.payable)
    page = Page(await payable.get(f"/invoices/{invoice.id}"))
    assert "Record the payment" in page.text
    await payable.post(f"{INVOICES}/{invoice.id}/settle", json=paid("TRF-1", "100.00"))
    [pair] = (await payable.get("/api/v1/open-items")).json()["pairs"]
    assert pair["not_settled"] == "48.75"
    shown = Page(await payable.get(f"/invoices/{invoice.id}")).text
    assert ("48.75" in shown, "100.00 EUR was paid on" in shown) == (True, True)


async def test_a_credit_note_of_a_paid_invoice_is_netted_in_the_next_payment(client_of, superuser):
    company, supplier, _order, first = await owed()
    payable, billing = await client_of(company.payable), await client_of(supplier.billing)
    await payable.post(f"{INVOICES}/{first.id}/settle", json=paid("TRF-1"))
    told = {"invoice_id": str(first.id), "number": "C-1", "issue_date": TODAY, "kind": "whole", "reason": "Wrong"}
    note = (await billing.post("/api/v1/credit-notes", json=told)).json()
    await billing.post(f"/api/v1/credit-notes/{note['id']}/submit")
    second_order = await accepted_order(company, supplier)
    await delivered(company.receiver, second_order, 10)
    [line] = await lines_of(supplier.billing, second_order.id)
    second = await approved_invoice(company, supplier, second_order, billed(line, "10"))
    netting = paid("TRF-2", credit_note_ids=[note["id"]])
    assert (await payable.post(f"{INVOICES}/{second.id}/settle", json=netting)).status_code == 422
    await commands.approve_credit(company.payable, note["id"])
    done = (await payable.post(f"{INVOICES}/{second.id}/settle", json=netting)).json()
    assert (done["state"], done["payments"][0]["amount"], done["payments"][0]["credit_notes"]) == (
        "settled",
        "0.00",
        ["C-1"],
    )
    assert (await billing.get(f"/api/v1/credit-notes/{note['id']}")).json()["state"] == "settled"
