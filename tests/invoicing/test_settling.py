"""Credit notes are set off once, covered invoices are settled, discounts are taken, wrong payments are undone."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from portal.invoicing import commands
from portal.invoicing.pages.queues import CREDITS_TO_SETTLE
from portal.organisations.commands import agree_terms
from portal.organisations.forms import Agreement
from portal.platform.work import viewing
from tests.harness.credits import approved_credit, billed_lines, offered_terms, returned, sent_credit
from tests.harness.invoices import (
    TODAY,
    approved_invoice,
    billed,
    delivered,
    delivered_order,
    lines_of,
    submitted_invoice,
)
from tests.harness.pages import Page
from tests.harness.world import accepted_order, trading_pair
from tests.invoicing.test_payments import INVOICES, owed, paid

CREDITS = "/api/v1/credit-notes"
BETWEEN = "select count(*) from portal.netted_otherwise"


async def another(company: Any, supplier: Any):
    """One more approved invoice of 148.75 EUR between the same two."""
    order = await accepted_order(company, supplier)
    await delivered(company.receiver, order, 10)
    [line] = await lines_of(supplier.billing, order.id)
    return await approved_invoice(company, supplier, order, billed(line, "10"))


async def credited_after(company: Any, supplier: Any, client: Any, invoice: Any, pieces: str = "4"):
    """The invoice is paid; then goods of it go back, and their credit note is the supplier's debt."""
    await client.post(f"{INVOICES}/{invoice.id}/settle", json=paid("TRF-0"))
    [line] = await billed_lines(supplier.billing, invoice.id)
    return await approved_credit(company, supplier, invoice, "goods", returned(line, pieces))


async def not_settled(client: Any) -> str:
    [pair] = (await client.get("/api/v1/open-items")).json()["pairs"]
    return pair["not_settled"]


async def test_of_payments_that_net_one_credit_note_at_once_one_wins(client_of, superuser):
    company, supplier, _order, first = await owed()
    payable = await client_of(company.payable)
    note = await credited_after(company, supplier, payable, first)
    others = [await another(company, supplier) for _each in range(4)]
    netting = paid("N", credit_note_ids=[str(note.id)])
    answers = await asyncio.gather(
        *(payable.post(f"{INVOICES}/{each.id}/settle", json=netting) for each in others),
        payable.post(f"{CREDITS}/{note.id}/settle", json=paid("back")),
    )
    assert sorted(answer.status_code for answer in answers)[:2] == [200, 409], [a.text for a in answers]
    assert {answer.status_code for answer in answers} <= {200, 409}
    took = "select coalesce(sum(credited), 0) from payment where buyer_id = %s"
    [(netted,)] = superuser.execute(took, [company.id]).fetchall()
    assert netted in (0, note.gross)
    assert superuser.execute(BETWEEN).fetchone() == (0,)


async def test_an_invoice_and_its_own_credit_note_are_settled_at_once_without_counting_it_twice(client_of, superuser):
    company, supplier, _order, invoice = await owed()
    payable = await client_of(company.payable)
    [line] = await billed_lines(supplier.billing, invoice.id)
    note = await approved_credit(company, supplier, invoice, "goods", returned(line, "4"))
    answers = await asyncio.gather(
        payable.post(f"{INVOICES}/{invoice.id}/settle", json=paid("TRF-1")),
        payable.post(f"{CREDITS}/{note.id}/settle", json=paid("back")),
    )
    assert 200 in {answer.status_code for answer in answers} <= {200, 409}
    if answers[0].status_code != 200:
        await payable.post(f"{INVOICES}/{invoice.id}/settle", json=paid("TRF-1"))
    seen = (await payable.get(f"{INVOICES}/{invoice.id}")).json()
    assert (seen["state"], seen["paid"], seen["left"]) == ("settled", "89.25", "0.00")
    assert (await payable.get(f"{CREDITS}/{note.id}")).json()["state"] == "settled"


async def test_the_database_refuses_to_settle_a_credit_note_a_second_time(client_of, superuser):
    company, supplier, _order, first = await owed()
    payable = await client_of(company.payable)
    note = await credited_after(company, supplier, payable, first)
    second = await another(company, supplier)
    await payable.post(f"{INVOICES}/{second.id}/settle", json=paid("N", credit_note_ids=[str(note.id)]))
    theft = "update credit_note set payment_id = (select id from payment where invoice_id = %s) where id = %s"
    with pytest.raises(psycopg.errors.CheckViolation, match="a settlement"):
        superuser.execute(theft, [first.id, note.id])


async def test_what_payments_and_credit_notes_cover_is_settled_and_the_surplus_is_netted(client_of):
    company, supplier, _order, invoice = await owed()
    payable, billing = await client_of(company.payable), await client_of(supplier.billing)
    await payable.post(f"{INVOICES}/{invoice.id}/settle", json=paid("TRF-1", "100.00"))
    note = await approved_credit(company, supplier, invoice, "whole")
    seen = (await billing.get(f"{INVOICES}/{invoice.id}")).json()
    assert (seen["state"], seen["left"], seen["settlement_reference"]) == ("settled", "0.00", note.number)
    credit = (await billing.get(f"{CREDITS}/{note.id}")).json()
    assert (credit["state"], credit["set_off"], credit["left"]) == ("approved", "48.75", "100.00")
    assert "100.00" in Page(await payable.get(f"/credit-notes/{note.id}")).text
    async with viewing(company.payable) as view:
        assert (await CREDITS_TO_SETTLE.load(view))[1][0].amount == 100
    second = await another(company, supplier)
    assert "100.00" in Page(await payable.get(f"/invoices/{second.id}")).text
    body = paid("TRF-2", credit_note_ids=[str(note.id)])
    told = (await payable.post(f"{INVOICES}/{second.id}/settle", json=body | {"amount": "148.75"})).json()["errors"]
    assert "48.75 EUR is left" in told[0]["message"]
    done = (await payable.post(f"{INVOICES}/{second.id}/settle", json=body)).json()
    assert (done["state"], done["payments"][0]["amount"], done["payments"][0]["credited"]) == (
        "settled",
        "48.75",
        "100.00",
    )
    credit = (await billing.get(f"{CREDITS}/{note.id}")).json()
    assert (credit["state"], credit["left"]) == ("settled", "0.00")


async def test_the_surplus_of_a_credit_note_is_noted_as_paid_back(client_of):
    company, supplier, _order, invoice = await owed()
    payable = await client_of(company.payable)
    await payable.post(f"{INVOICES}/{invoice.id}/settle", json=paid("TRF-1", "100.00"))
    note = await approved_credit(company, supplier, invoice, "whole")
    answer = await payable.post(f"{CREDITS}/{note.id}/settle", json=paid("Paid back"))
    assert (answer.status_code, answer.json()["state"]) == (200, "settled")


async def test_an_invoice_that_is_credited_wholly_before_it_is_approved_owes_nothing(client_of):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    note = await sent_credit(supplier, invoice)
    await commands.approve_credit(company.payable, note.id)
    await commands.approve(company.payable, invoice.id, "It is credited")
    billing = await client_of(supplier.billing)
    seen = (await billing.get(f"{INVOICES}/{invoice.id}")).json()
    assert (seen["state"], seen["left"]) == ("settled", "0.00")
    assert (await billing.get(f"{CREDITS}/{note.id}")).json()["state"] == "settled"


async def discounted(**changes: Any):
    """An approved invoice of 148.75 EUR with 2 % within 10 days: 145.77 until then."""
    company, supplier = await trading_pair()
    term = await offered_terms(company, days=30, steps=[{"days": 10, "percent": "2"}])
    await agree_terms(company.supplier_manager, supplier.id, Agreement(payment_term_id=term.id))
    order = await accepted_order(company, supplier)
    await delivered(company.receiver, order, 10)
    return company, supplier, await approved_invoice(company, supplier, order, **changes)


async def test_what_is_paid_within_the_days_at_the_told_amount_settles_with_the_discount(client_of):
    company, supplier, invoice = await discounted()
    payable, billing = await client_of(company.payable), await client_of(supplier.billing)
    [step] = (await payable.get(f"{INVOICES}/{invoice.id}")).json()["discounts"]
    assert step["amount"] == "145.77"
    assert "145.77" in Page(await payable.get(f"/invoices/{invoice.id}")).text
    first = (await payable.post(f"{INVOICES}/{invoice.id}/settle", json=paid("TRF-1", "100.00"))).json()
    assert (first["state"], first["payments"][0]["discount"]) == ("approved", "0.00")
    done = (await payable.post(f"{INVOICES}/{invoice.id}/settle", json=paid("TRF-2", "45.77"))).json()
    assert (done["state"], done["paid"], done["left"]) == ("settled", "145.77", "0.00")
    assert done["payments"][1]["discount"] == "2.98"
    assert "2.98" in Page(await billing.get(f"/invoices/{invoice.id}")).text
    assert (await payable.get("/api/v1/open-items")).json()["pairs"] == []


async def test_after_its_days_a_discount_is_a_part_payment(client_of):
    written = (date.fromisoformat(TODAY) - timedelta(days=11)).isoformat()
    company, _supplier, invoice = await discounted(issue_date=written)
    payable = await client_of(company.payable)
    answer = (await payable.post(f"{INVOICES}/{invoice.id}/settle", json=paid("TRF-1", "145.77"))).json()
    assert (answer["state"], answer["left"], answer["payments"][0]["discount"]) == ("approved", "2.98", "0.00")


async def test_a_payment_that_was_recorded_by_mistake_is_undone(client_of, superuser):
    company, supplier, _order, first = await owed()
    payable, billing = await client_of(company.payable), await client_of(supplier.billing)
    note = await credited_after(company, supplier, payable, first)
    second = await another(company, supplier)
    body = paid("TRF-1", credit_note_ids=[str(note.id)])
    done = (await payable.post(f"{INVOICES}/{second.id}/settle", json=body)).json()
    path = f"{INVOICES}/{second.id}/payments/{done['payments'][0]['id']}/reverse"
    assert (await billing.post(path, json={"reason": "No"})).status_code == 403
    assert (await payable.post(path, json={})).status_code == 422
    undone = await payable.post(path, json={"reason": "It was another invoice’s."})
    assert undone.status_code == 200, undone.text
    assert (undone.json()["state"], undone.json()["left"], undone.json()["paid"]) == ("approved", "148.75", "0.00")
    [told] = (await billing.get(f"{INVOICES}/{second.id}")).json()["payments"]
    assert (told["reversed_on"], told["reversal_reason"]) == (TODAY, "It was another invoice’s.")
    assert "It was another invoice’s." in Page(await billing.get(f"/invoices/{second.id}")).text
    freed = (await payable.get(f"{CREDITS}/{note.id}")).json()
    assert (freed["state"], freed["left"]) == ("approved", "59.50")
    rows = superuser.execute("select amount from payment where invoice_id = %s order by amount", [second.id]).fetchall()
    assert rows == [(-done_amount(done),), (done_amount(done),)]
    assert (await payable.post(path, json={"reason": "Again"})).status_code == 409
    again = await payable.post(f"{INVOICES}/{second.id}/settle", json=body)
    assert again.json()["state"] == "settled"
    events = superuser.execute(
        "select count(*) from audit_entry where subject_id = %s and event = 'invoice.payment-reversed'", [second.id]
    ).fetchone()
    assert events == (1,)


def done_amount(told: dict[str, Any]) -> Any:
    return Decimal(told["payments"][0]["amount"])


async def test_of_many_reversals_of_one_payment_at_once_one_wins(client_of):
    company, _supplier, _order, invoice = await owed()
    payable = await client_of(company.payable)
    done = (await payable.post(f"{INVOICES}/{invoice.id}/settle", json=paid("TRF-1"))).json()
    path = f"{INVOICES}/{invoice.id}/payments/{done['payments'][0]['id']}/reverse"
    answers = await asyncio.gather(*(payable.post(path, json={"reason": "Wrong"}) for _each in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5


async def test_a_payment_is_undone_from_the_page_with_a_reason(client_of):
    company, _supplier, _order, invoice = await owed()
    payable = await client_of(company.payable)
    done = (await payable.post(f"{INVOICES}/{invoice.id}/settle", json=paid("TRF-1"))).json()
    path = f"/invoices/{invoice.id}/payments/{done['payments'][0]['id']}/reverse"
    page = Page(await payable.get(f"/invoices/{invoice.id}"))
    form = page.form(path)
    refused = await payable.post(path, data=form.values)
    assert refused.status_code == 422
    answer = await payable.post(path, data={**form.values, "reason": "Typed twice"})
    assert answer.status_code == 303
    shown = Page(await payable.get(f"/invoices/{invoice.id}"))
    assert "Typed twice" in shown.text


async def test_without_a_payment_that_is_undone_its_other_credit_notes_cover_it_still(client_of, superuser):
    company, supplier, _order, invoice = await owed()
    payable = await client_of(company.payable)
    done = (await payable.post(f"{INVOICES}/{invoice.id}/settle", json=paid("TRF-1"))).json()
    note = await approved_credit(company, supplier, invoice, "whole")
    path = f"{INVOICES}/{invoice.id}/payments/{done['payments'][0]['id']}/reverse"
    undone = (await payable.post(path, json={"reason": "It was never paid"})).json()
    assert (undone["state"], undone["left"], undone["settlement_reference"]) == ("settled", "0.00", note.number)
    assert (await payable.get(f"{CREDITS}/{note.id}")).json()["state"] == "settled"
    assert superuser.execute("select count(*) from portal.settled_otherwise").fetchone() == (0,)
