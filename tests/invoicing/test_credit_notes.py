"""Credit notes: what an invoice billed is given back, never more than that, and both sides see it."""

import asyncio
from decimal import Decimal

import msgspec
import pytest

from portal.invoicing import commands
from portal.invoicing.forms import Settlement
from portal.platform.convert import convert
from portal.platform.refusals import Conflict, Denied
from portal.receipts import commands as receipts
from tests.harness.credits import (
    approved_credit,
    billed_lines,
    corrected,
    credit_body,
    drafted_credit,
    returned,
    sent_credit,
)
from tests.harness.invoices import (
    TODAY,
    approved_invoice,
    billed,
    delivered,
    delivered_order,
    draft_invoice,
    lines_of,
    submitted_invoice,
)
from tests.harness.jobs import run_jobs
from tests.harness.pages import Page
from tests.harness.world import accepted_order, line, trading_pair


async def test_goods_that_went_back_are_credited_from_draft_to_settled(client_of, superuser):
    company, supplier, order = await delivered_order()
    invoice = await approved_invoice(company, supplier, order)
    [first] = await billed_lines(supplier.billing, invoice.id)
    seller, payable = await client_of(supplier.billing), await client_of(company.payable)

    body = credit_body(invoice, "goods", returned(first, "4"), number="C-2026-1")
    drafted = await seller.post("/api/v1/credit-notes", json=body)
    assert drafted.status_code == 201, drafted.text
    note = drafted.json()
    sums = {"net": "50.00", "tax": "9.50", "gross": "59.50"}
    assert note["totals"] == sums | {"rounding": "0.00", "due": "59.50"}
    assert (note["type_code"], note["state"], note["invoice_number"]) == ("381", "draft", invoice.number)
    assert (await payable.get(f"/api/v1/credit-notes/{note['id']}")).status_code == 404

    path = f"/api/v1/credit-notes/{note['id']}"
    assert (await seller.post(f"{path}/submit")).json()["state"] == "submitted"
    seen = (await payable.get("/api/v1/credit-notes", params={"invoice_id": str(invoice.id)})).json()["items"]
    assert [each["number"] for each in seen] == ["C-2026-1"]
    assert (await payable.post(f"{path}/approve")).json()["state"] == "approved"
    settled = await payable.post(f"{path}/settle", json={"date": body["issue_date"], "reference": "SET-1"})
    assert (settled.json()["state"], settled.json()["settlement_reference"]) == ("settled", "SET-1")

    ledger = superuser.execute(
        "select invoiced, credited, returned from purchase_order_line where order_id = %s", [order.id]
    ).fetchone()
    assert ledger == (Decimal(10), Decimal(4), Decimal(4))
    billed = (await seller.get(f"/api/v1/invoices/{invoice.id}")).json()
    assert billed["credited"] == "59.50"
    told = superuser.execute(
        "select event from audit_entry where root_id = %s and event like 'credit-note.%%' order by id", [order.id]
    ).fetchall()
    assert [row[0] for row in told] == [f"credit-note.{act}" for act in ("created", "submitted", "approved", "settled")]


async def test_a_lower_price_gives_money_back_and_no_quantity(superuser):
    company, supplier, order = await delivered_order()
    invoice = await approved_invoice(company, supplier, order)
    [first] = await billed_lines(supplier.billing, invoice.id)

    note = await sent_credit(supplier, invoice, "price", corrected(first, "12.00"))

    assert (note.net, note.tax, note.gross) == (Decimal("5.00"), Decimal("0.95"), Decimal("5.95"))
    assert superuser.execute(
        "select invoiced, credited from purchase_order_line where order_id = %s", [order.id]
    ).fetchone() == (Decimal(10), Decimal(0))


async def test_the_whole_takes_what_is_left_with_its_charges_to_the_cent():
    _company, supplier, order = await delivered_order(line(unit_price="0.333", quantity="10"), accepted=(10,))
    [ordered] = await lines_of(supplier.billing, order.id)
    freight = {"description": "Freight", "amount": "7.77", "tax_category": "S", "tax_rate": "19"}
    gift = {"description": "Bonus", "percent": "3", "tax_category": "S", "tax_rate": "19"}
    invoice = await submitted_invoice(
        supplier, order, billed(ordered, "10", "0.333"), charges=[freight], allowances=[gift]
    )
    [first] = await billed_lines(supplier.billing, invoice.id)

    notes = [await sent_credit(supplier, invoice, "goods", returned(first, q)) for q in ("1", "3", "2.5")]
    notes.append(await sent_credit(supplier, invoice))

    for name in ("lines_net", "allowances_net", "charges_net", "net", "tax", "gross"):
        assert sum(getattr(note, name) for note in notes) == getattr(invoice, name), name
    with pytest.raises(Conflict, match="nothing left"):
        await sent_credit(supplier, invoice)


async def test_more_than_was_billed_is_never_credited(client_of):
    company, supplier, order = await delivered_order()
    invoice = await approved_invoice(company, supplier, order)
    [first] = await billed_lines(supplier.billing, invoice.id)
    seller = await client_of(supplier.billing)
    await sent_credit(supplier, invoice, "goods", returned(first, "6"))

    for body in (
        credit_body(invoice, "goods", returned(first, "5")),
        credit_body(invoice, "price", corrected(first, "12.50", quantity="1")),
        credit_body(invoice, "price", corrected(first, "1.00", quantity="5")),
    ):
        answer = await seller.post("/api/v1/credit-notes", json=body)
        assert answer.status_code == 409, answer.text
        assert answer.json()["errors"][0]["field"].startswith("lines.0.")


async def test_two_credit_notes_at_once_never_pass_what_was_billed(superuser):
    company, supplier, order = await delivered_order()
    invoice = await approved_invoice(company, supplier, order)
    [first] = await billed_lines(supplier.billing, invoice.id)
    drafts = [await drafted_credit(supplier, invoice, "goods", returned(first, "4")) for _each in range(5)]
    answers = await asyncio.gather(
        *(commands.submit_credit(supplier.billing, draft.id) for draft in drafts), return_exceptions=True
    )

    assert sum(not isinstance(each, BaseException) for each in answers) == 2
    assert all(isinstance(each, Conflict) for each in answers if isinstance(each, BaseException))
    for view in ("credited_beyond", "credited_otherwise"):
        assert superuser.execute(f"select * from portal.{view}").fetchall() == []


async def test_a_rejected_credit_note_gives_back_its_number_and_booked_nothing(superuser):
    company, supplier, order = await delivered_order()
    invoice = await approved_invoice(company, supplier, order)
    [first] = await billed_lines(supplier.billing, invoice.id)
    sent = await sent_credit(supplier, invoice, "goods", returned(first, "4"), number="C-9")
    with pytest.raises(Conflict, match="c-9"):
        await sent_credit(supplier, invoice, "goods", returned(first, "1"), number=" c-9")

    await commands.reject_credit(company.payable, sent.id, "Nothing came back.")
    await sent_credit(supplier, invoice, "goods", returned(first, "10"), number="C-9")

    assert superuser.execute("select credited from purchase_order_line where order_id = %s", [order.id]).fetchone() == (
        Decimal(0),
    )


async def test_nothing_is_billed_again_before_the_buyer_agreed_to_its_credit(superuser):
    """Else the same goods were paid twice: billed again, and the credit note then refused."""
    company, supplier, order = await delivered_order()
    invoice = await approved_invoice(company, supplier, order)
    note = await sent_credit(supplier, invoice)
    [goods] = await lines_of(supplier.billing, order.id)
    with pytest.raises(Conflict, match="invoiced already"):
        await submitted_invoice(supplier, order, billed(goods, "10"), number="AGAIN-1")
    assert (await commands.reject_credit(company.payable, note.id, "We keep it.")).state == "rejected"

    agreed = await approved_credit(company, supplier, invoice)
    assert (await submitted_invoice(supplier, order, billed(goods, "10"), number="AGAIN-2")).match_state == "matched"
    with pytest.raises(Conflict):
        await commands.reject_credit(company.payable, agreed.id, "Too late.")
    for view in ("credited_beyond", "credited_otherwise"):
        assert superuser.execute(f"select * from portal.{view}").fetchall() == []


async def test_a_credit_note_that_was_booked_when_it_was_sent_is_taken_back_with_its_refusal(superuser):
    """As they were before; with them the buyer may find that the goods were billed again."""
    company, supplier, order = await delivered_order()
    invoice = await approved_invoice(company, supplier, order)
    note = await sent_credit(supplier, invoice)
    superuser.execute("update credit_note set booked_at = submitted_at where id = %s", [note.id])
    superuser.execute("update purchase_order_line set credited = 10 where order_id = %s", [order.id])
    await commands.reject_credit(company.payable, note.id, "We keep it.")
    assert superuser.execute("select credited from purchase_order_line where order_id = %s", [order.id]).fetchone() == (
        Decimal(0),
    )


async def test_goods_that_went_back_are_no_more_to_be_invoiced(client_of, superuser):
    company, supplier, order = await delivered_order()
    invoice = await approved_invoice(company, supplier, order)
    [first] = await billed_lines(supplier.billing, invoice.id)
    await approved_credit(company, supplier, invoice, "goods", returned(first, "4"))

    seller = await client_of(supplier.billing)
    assert order.number not in Page(await seller.get("/orders?open=invoice")).text
    shown = (await seller.get(f"/api/v1/purchase-orders/{order.id}")).json()
    assert shown["invoice_status"] == "complete"
    [pair] = (await seller.get("/api/v1/open-items")).json()["pairs"]
    assert (pair["not_settled"], pair["not_invoiced"]) == ("89.25", "0.00")
    [goods] = await lines_of(supplier.billing, order.id)
    with pytest.raises(Conflict, match="invoiced already"):
        await submitted_invoice(supplier, order, billed(goods, "4"))
    assert superuser.execute("select * from portal.credited_otherwise").fetchall() == []


async def test_goods_that_never_came_are_credited_and_none_of_them_went_back(superuser):
    company, supplier, order = await delivered_order(accepted=(8,))
    [ordered] = await lines_of(supplier.billing, order.id)
    invoice = await submitted_invoice(supplier, order, billed(ordered, "10"))
    [first] = await billed_lines(supplier.billing, invoice.id)
    await approved_credit(company, supplier, invoice, "goods", returned(first, "3"))
    ledger = "select credited, returned from purchase_order_line where order_id = %s"
    assert superuser.execute(ledger, [order.id]).fetchone() == (Decimal(3), Decimal(1))


async def test_a_receipt_of_goods_that_went_back_is_not_undone(superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    receipt = await delivered(company.receiver, order, 10)
    invoice = await approved_invoice(company, supplier, order)
    [first] = await billed_lines(supplier.billing, invoice.id)
    await approved_credit(company, supplier, invoice, "goods", returned(first, "10"))
    with pytest.raises(Conflict, match="went back already"):
        await receipts.reverse(company.receiver, receipt.id, "A mistake")


async def test_whoever_receives_the_goods_notes_no_settlement_of_their_credit_note():
    company, supplier, order = await delivered_order()
    invoice = await approved_invoice(company, supplier, order)
    [line] = await billed_lines(supplier.billing, invoice.id)
    note = await approved_credit(company, supplier, invoice, "goods", returned(line, "4"))
    both = msgspec.structs.replace(company.receiver, roles=frozenset({"payable", "anyone"}))
    with pytest.raises(Denied, match="receives goods"):
        await commands.settle_credit(both, note.id, convert(Settlement, {"date": TODAY, "reference": "SET-1"}))


async def test_an_invoice_with_a_credit_note_is_not_rejected_any_more():
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    note = await sent_credit(supplier, invoice)

    with pytest.raises(Conflict, match=note.number):
        await commands.reject(company.payable, invoice.id, "It is wrong.")
    await commands.reject_credit(company.payable, note.id, "We reject the invoice itself.")
    assert (await commands.reject(company.payable, invoice.id, "It is wrong.")).state == "rejected"


async def test_a_draft_is_not_credited():
    _company, supplier, order = await delivered_order()
    draft = await draft_invoice(supplier, order)
    with pytest.raises(Conflict, match="nothing of it can be credited"):
        await sent_credit(supplier, draft)


async def test_only_payables_decide_on_a_credit_note():
    company, supplier, order = await delivered_order()
    invoice = await approved_invoice(company, supplier, order)
    sent = await sent_credit(supplier, invoice)
    for person in (company.buyer, company.administrator, supplier.billing):
        with pytest.raises(Denied):
            await commands.approve_credit(person, sent.id)


async def test_an_approved_credit_note_changes_no_fact_of_the_scorecard(superuser):
    company, supplier, order = await delivered_order()
    invoice = await approved_invoice(company, supplier, order)
    facts = "select * from invoice_fact where order_id = %s order by 1"
    before = superuser.execute(facts, [order.id]).fetchall()
    await approved_credit(company, supplier, invoice)
    assert superuser.execute(facts, [order.id]).fetchall() == before


async def test_a_credit_for_goods_that_never_came_settles_the_difference_it_is_for(client_of):
    company, supplier, order = await delivered_order(accepted=(8,))
    [ordered] = await lines_of(supplier.billing, order.id)
    invoice = await submitted_invoice(supplier, order, billed(ordered, "10"))
    assert invoice.match_state == "exceptions"
    [first] = await billed_lines(supplier.billing, invoice.id)
    await approved_credit(company, supplier, invoice, "goods", returned(first, "2"))
    await run_jobs("invoicing.rematch")

    payable = await client_of(company.payable)
    matching = (await payable.get(f"/api/v1/invoices/{invoice.id}/matching")).json()
    [line_told] = matching["lines"]
    assert (matching["state"], line_told["invoiced_before"], line_told["credited"]) == ("matched", "0", "2")


async def test_open_items_owe_less_by_what_is_credited_and_as_of_a_day(client_of):
    company, supplier, order = await delivered_order()
    invoice = await approved_invoice(company, supplier, order)
    [first] = await billed_lines(supplier.billing, invoice.id)
    await sent_credit(supplier, invoice, "goods", returned(first, "4"))
    for side in (company.payable, supplier.billing):
        client = await client_of(side)
        [pair] = (await client.get("/api/v1/open-items")).json()["pairs"]
        assert (pair["not_settled"], pair["not_invoiced"]) == ("89.25", "0.00")
        page = (await client.get("/open-items", params={"supplier_id": str(supplier.id)})).text
        assert "Open items" in page
