"""Drafts of credit notes: written, changed and sent in one go each, or not at all."""

import pytest

from portal.invoicing import commands
from portal.invoicing.forms import CreditEdit
from portal.platform.convert import convert
from portal.platform.refusals import Conflict
from tests.harness.credits import (
    approved_credit,
    billed_lines,
    corrected,
    credit_body,
    drafted_credit,
    returned,
    sent_credit,
)
from tests.harness.invoices import TODAY, approved_invoice, delivered_order
from tests.harness.pages import Page

NOTES = "/api/v1/credit-notes"


@pytest.fixture
async def billed(connected):
    """Ten pieces that came, were billed and approved, and the one line of their invoice."""
    company, supplier, order = await delivered_order()
    invoice = await approved_invoice(company, supplier, order)
    [line] = await billed_lines(supplier.billing, invoice.id)
    return company, supplier, invoice, line


def typed(line, **changes):
    header = {"number": "C-1", "issue_date": TODAY, "kind": "goods", "reason": "They came back."}
    return header | {"lines.0.invoice_line_id": str(line), "lines.0.quantity": "2"} | changes


async def test_a_draft_says_anew_what_it_credits_until_it_is_sent(client_of, billed):
    _company, supplier, invoice, line = billed
    draft = await drafted_credit(supplier, invoice, "goods", returned(line, "4"), number="C-7")
    seller = await client_of(supplier.billing)
    body = credit_body(invoice, "price", corrected(line, "12.00", quantity="10"), number="C-8")
    del body["invoice_id"]
    changed = await seller.put(f"{NOTES}/{draft.id}", json=body)
    assert changed.status_code == 200, changed.text
    told = changed.json()
    assert (told["number"], told["kind"], told["totals"]["net"], len(told["lines"])) == ("C-8", "price", "5.00", 1)

    await commands.submit_credit(supplier.billing, draft.id)
    assert (await seller.put(f"{NOTES}/{draft.id}", json=body)).status_code == 409
    await sent_credit(supplier, invoice, "goods", returned(line, "1"), number="C-7")


async def test_the_page_shows_the_draft_as_it_was_written_and_sends_it(client_of, billed):
    company, supplier, invoice, line = billed
    draft = await drafted_credit(supplier, invoice, "price", corrected(line, "12.00", quantity="3"))
    seller = await client_of(supplier.billing)
    assert f"/credit-notes/{draft.id}/edit" in (await seller.get(f"/credit-notes/{draft.id}")).text
    form = Page(await seller.get(f"/credit-notes/{draft.id}/edit"))
    assert 'value="12"' in form.html
    assert 'value="3"' in form.html
    sent = await seller.post(f"/credit-notes/{draft.id}/edit", data=typed(line, act="submit", version="1"))
    assert sent.status_code == 303, Page(sent).text
    payable = await client_of(company.payable)
    assert (await payable.get(f"{NOTES}/{draft.id}")).json()["totals"]["net"] == "25.00"
    assert (await seller.get(f"/credit-notes/{draft.id}/edit")).status_code == 409


async def test_what_cannot_be_sent_leaves_no_draft_behind(client_of, billed, superuser):
    """Else the second attempt was told that its number is used."""
    company, supplier, invoice, line = billed
    seller = await client_of(supplier.billing)
    path = f"/invoices/{invoice.id}/credit"
    first = await seller.post(path, data=typed(line, **{"lines.0.quantity": "11", "act": "submit"}))
    assert first.status_code == 409
    assert superuser.execute("select from credit_note where invoice_id = %s", [invoice.id]).fetchall() == []
    assert (await seller.post(path, data=typed(line, act="submit"))).status_code == 303
    payable = await client_of(company.payable)
    [seen] = (await payable.get(NOTES)).json()["items"]
    assert (seen["number"], seen["state"]) == ("C-1", "submitted")


async def test_a_draft_is_changed_as_it_was_seen_or_not_at_all(client_of, billed):
    _company, supplier, invoice, line = billed
    draft = await drafted_credit(supplier, invoice, "goods", returned(line, "4"))
    form = convert(CreditEdit, {"number": "C-9", "issue_date": TODAY, "kind": "whole", "reason": "All of it."})
    await commands.edit_credit(supplier.billing, draft.id, form)
    seller = await client_of(supplier.billing)
    assert (await seller.post(f"/credit-notes/{draft.id}/edit", data=typed(line, version="1"))).status_code == 412
    other = await drafted_credit(supplier, invoice, "goods", returned(line, "1"))
    with pytest.raises(Conflict, match="C-9"):
        await commands.edit_credit(supplier.billing, other.id, form)


async def test_each_side_finds_what_it_has_to_do_with_credit_notes_at_home(client_of, billed):
    company, supplier, invoice, line = billed
    draft = await drafted_credit(supplier, invoice, "goods", returned(line, "4"), number="C-DRAFT")
    settled = await approved_credit(company, supplier, invoice, "goods", returned(line, "2"), number="C-AGREED")
    home = Page(await (await client_of(supplier.billing)).get("/"))
    assert f"/credit-notes/{draft.id}/edit" in home.html
    home = Page(await (await client_of(company.payable)).get("/"))
    assert "Credit notes to settle" in home.text
    assert f"/credit-notes/{settled.id}#settle" in home.html


async def test_a_credit_note_is_found_by_its_number_and_by_nobody_else(client_of, billed):
    company, supplier, invoice, line = billed
    sent = await sent_credit(supplier, invoice, "goods", returned(line, "1"), number="GUT-2026-77")
    unsent = await drafted_credit(supplier, invoice, "goods", returned(line, "1"), number="GUT-2026-78")
    payable, seller = await client_of(company.payable), await client_of(supplier.billing)
    for client, found in ((payable, {sent.id}), (seller, {sent.id, unsent.id})):
        page = (await client.get("/search", params={"query": "gut-2026"})).text
        assert {note.id for note in (sent, unsent) if f"/credit-notes/{note.id}" in page} == found
        listed = (await client.get(NOTES, params={"query": "gut 2026-7"})).json()["items"]
        assert len(listed) == len(found)
