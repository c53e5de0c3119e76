"""The same invoice is never booked twice: numbers are compared trimmed and case folded, from the draft on."""

import asyncio

import psycopg
import pytest

from portal.invoicing import commands
from portal.organisations.commands import approve_supplier
from portal.platform.refusals import Conflict
from tests.harness.invoices import (
    TODAY,
    a_number,
    billed,
    delivered,
    delivered_order,
    draft_invoice,
    invoice_body,
    lines_of,
    submitted_invoice,
)
from tests.harness.world import accepted_order, line, selling_company, trading_pair

INVOICES = "/api/v1/invoices"


async def part_of(supplier, order, quantity: str) -> dict:
    (key,) = await lines_of(supplier.billing, order.id)
    return {"lines": [billed(key, quantity)]}


@pytest.mark.parametrize("written", ["{0}", " {0}", "{0}  ", "{1}", " {1} ", "{2}"])
async def test_the_same_number_on_the_same_day_is_blocked_however_it_is_written(client_of, written):
    _company, supplier, order = await delivered_order()
    number = a_number() + "-ab"
    wide = "".join(chr(ord(each) + 0xFEE0) if each.isdigit() else each for each in number)
    await draft_invoice(supplier, order, **await part_of(supplier, order, "1"), number=number)
    billing = await client_of(supplier.billing)
    again = invoice_body(order, number=written.format(number, number.upper(), wide), override_reason="I insist")
    refused = await billing.post(INVOICES, json=again | await part_of(supplier, order, "2"))
    assert refused.status_code == 409, refused.text
    assert [error["field"] for error in refused.json()["errors"]] == ["number"]


async def test_the_same_number_and_amount_on_another_day_is_blocked_whatever_the_reason(client_of):
    _company, supplier, order = await delivered_order()
    first = await submitted_invoice(supplier, order, **await part_of(supplier, order, "2"))
    billing = await client_of(supplier.billing)
    again = invoice_body(order, number=first.number, issue_date="2026-10-25", override_reason="New month")
    refused = await billing.post(INVOICES, json=again | await part_of(supplier, order, "2"))
    assert refused.status_code == 409


async def test_the_same_number_for_something_else_needs_a_reason_that_the_buyer_reads(client_of):
    company, supplier, order = await delivered_order()
    first = await submitted_invoice(supplier, order, **await part_of(supplier, order, "2"))
    billing, payable = await client_of(supplier.billing), await client_of(company.payable)
    other = invoice_body(order, number=first.number.lower(), issue_date="2026-01-04")
    other |= await part_of(supplier, order, "3")

    warned = await billing.post(INVOICES, json=other)
    assert warned.status_code == 409
    assert [error["field"] for error in warned.json()["errors"]] == ["override_reason"]

    blank = await billing.post(INVOICES, json=other | {"override_reason": "  "})
    assert blank.status_code == 409
    taken = await billing.post(INVOICES, json=other | {"override_reason": "Our numbers start anew each year"})
    assert taken.status_code == 201, taken.text
    await billing.post(f"{INVOICES}/{taken.json()['id']}/submit")
    seen = (await payable.get(f"{INVOICES}/{taken.json()['id']}")).json()
    assert (seen["override_reason"], seen["number"]) == ("Our numbers start anew each year", first.number.lower())


async def test_a_reason_that_was_not_needed_is_not_kept():
    _company, supplier, order = await delivered_order()
    draft = await draft_invoice(supplier, order, override_reason="Just in case")
    assert draft.override_reason == ""


async def test_a_rejected_invoice_releases_its_number():
    company, supplier, order = await delivered_order()
    first = await submitted_invoice(supplier, order)
    await commands.reject(company.payable, first.id, "Wrong address")
    again = await submitted_invoice(supplier, order, number=first.number)
    assert (again.state, again.match_state) == ("submitted", "matched")


async def test_a_discarded_draft_releases_its_number():
    _company, supplier, order = await delivered_order()
    first = await draft_invoice(supplier, order)
    await commands.discard(supplier.billing, first.id)
    assert (await draft_invoice(supplier, order, number=first.number)).number == first.number


async def test_a_draft_cannot_move_to_a_taken_number(client_of):
    _company, supplier, order = await delivered_order()
    first = await draft_invoice(supplier, order, **await part_of(supplier, order, "1"))
    second = await draft_invoice(supplier, order, **await part_of(supplier, order, "2"))
    billing = await client_of(supplier.billing)
    refused = await billing.patch(f"{INVOICES}/{second.id}", json={"number": first.number})
    assert refused.status_code == 409
    moved = await billing.patch(
        f"{INVOICES}/{second.id}",
        json={"number": first.number, "issue_date": "2026-02-24", "override_reason": "Second series"},
    )
    assert moved.status_code == 200, moved.text


async def test_two_suppliers_may_use_one_number():
    company, supplier, order = await delivered_order()
    other = await selling_company()
    await approve_supplier(company.supplier_manager, other.id)
    theirs = await accepted_order(company, other, line())
    await delivered(company.receiver, theirs, 10)
    first = await draft_invoice(supplier, order)
    assert (await draft_invoice(other, theirs, number=first.number)).number == first.number


async def test_of_two_invoices_with_one_number_at_once_one_wins():
    company, supplier = await trading_pair()
    orders = [await accepted_order(company, supplier) for _each in range(6)]
    number = a_number()
    tries = [draft_invoice(supplier, order, number=number) for order in orders]
    results = await asyncio.gather(*tries, return_exceptions=True)
    refused = [each for each in results if isinstance(each, Conflict)]
    assert len(refused) == 5, results
    assert all(error.errors for error in refused)


async def test_the_database_refuses_a_second_one_too(superuser):
    _company, supplier, order = await delivered_order()
    first = await draft_invoice(supplier, order)
    assert first.issue_date.isoformat() == TODAY
    copy = "insert into invoice select (jsonb_populate_record(i, jsonb_build_object('id', gen_random_uuid()))).* "
    with pytest.raises(psycopg.errors.UniqueViolation):
        superuser.execute(copy + "from invoice i where id = %s", [first.id])
