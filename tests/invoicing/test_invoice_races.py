"""Many at once, and the same request again: exactly one wins, nothing happens twice."""

import asyncio

from tests.harness.invoices import billed, delivered_order, draft_invoice, invoice_body, lines_of, submitted_invoice

INVOICES = "/api/v1/invoices"


async def test_of_fifty_identical_approvals_one_wins(client_of, superuser):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    payable = await client_of(company.payable)
    answers = await asyncio.gather(*(payable.post(f"{INVOICES}/{invoice.id}/approve") for _each in range(50)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 49
    approved = superuser.execute(
        "select count(*) from audit_entry where subject_id = %s and event = 'invoice.approved'", [invoice.id]
    ).fetchone()
    assert approved == (1,)


async def test_twenty_submissions_of_one_draft_book_its_quantity_once(client_of):
    _company, supplier, order = await delivered_order()
    draft = await draft_invoice(supplier, order)
    billing = await client_of(supplier.billing)
    answers = await asyncio.gather(*(billing.post(f"{INVOICES}/{draft.id}/submit") for _each in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 19
    seen = (await billing.get(f"/api/v1/purchase-orders/{order.id}")).json()
    assert seen["lines"][0]["invoiced"] == "10"


async def test_racing_part_invoices_never_pass_the_ordered_quantity(client_of):
    _company, supplier, order = await delivered_order()
    (key,) = await lines_of(supplier.billing, order.id)
    drafts = [await draft_invoice(supplier, order, billed(key, "3")) for _each in range(8)]
    billing = await client_of(supplier.billing)
    answers = await asyncio.gather(*(billing.post(f"{INVOICES}/{draft.id}/submit") for draft in drafts))
    won = [answer.json() for answer in answers if answer.status_code == 200]
    assert len(won) == 3
    assert {each["match_state"] for each in won} == {"matched"}


async def test_approval_and_rejection_at_once_leave_one_decision(client_of):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    payable = await client_of(company.payable)
    verbs = ["approve", "reject"] * 5
    answers = await asyncio.gather(*(payable.post(f"{INVOICES}/{invoice.id}/{verb}") for verb in verbs))
    assert [answer.status_code for answer in answers].count(200) == 1


async def test_the_same_key_gives_the_same_invoice_again(client_of, superuser):
    _company, supplier, order = await delivered_order()
    billing = await client_of(supplier.billing)
    body = invoice_body(order)
    key = {"idempotency-key": f"flip-{order.id}"}
    answers = await asyncio.gather(*(billing.post(INVOICES, json=body, headers=key) for _each in range(10)))
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    other = await billing.post(INVOICES, json=body | {"number": "Other"}, headers=key)
    assert other.status_code == 422
    made = superuser.execute("select count(*) from invoice where order_id = %s", [order.id]).fetchone()
    assert made == (1,)


async def test_who_decides_on_an_old_version_is_told_so(client_of):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    payable = await client_of(company.payable)
    path = f"{INVOICES}/{invoice.id}"
    tag = (await payable.get(path)).headers["etag"]
    await payable.post(f"{path}/dispute", json={"reason": "?"})
    assert (await payable.post(f"{path}/approve", headers={"if-match": tag})).status_code == 412
    fresh = (await payable.get(path)).headers["etag"]
    assert (await payable.post(f"{path}/approve", headers={"if-match": fresh})).status_code == 200
