"""When an invoice is paid: as the terms say, whatever day the supplier writes, until somebody takes an earlier one."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import psycopg
import pytest

from portal.access.commands import change_profile
from portal.access.forms import ProfileForm
from portal.invoicing import commands
from portal.invoicing.forms import InvoiceEdit
from portal.invoicing.queries import InvoiceFilter, invoice_list
from portal.platform.convert import convert
from portal.platform.work import viewing
from tests.harness.invoices import approved_invoice, delivered_order, draft_invoice, submitted_invoice
from tests.harness.pages import Page

INVOICES = "/api/v1/invoices"
ISSUED, EARLY, AGREED = "2026-11-02", "2026-11-10", "2026-12-02"
NOON = datetime(2026, 12, 2, 12, tzinfo=UTC)


async def test_a_due_date_earlier_than_the_terms_allow_is_a_difference_and_not_the_day_of_payment(client_of):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order, issue_date=ISSUED, due_date=EARLY)
    payable, billing = await client_of(company.payable), await client_of(supplier.billing)
    path = f"{INVOICES}/{invoice.id}"

    (found,) = (await payable.get(f"{path}/matching")).json()["exceptions"]
    assert (found["kind"], found["expected"], found["actual"], found["owner_role"]) == (
        "terms", AGREED, EARLY, "payable",
    )  # fmt: skip
    seen = (await billing.get(path)).json()
    assert (seen["due_date"], seen["payable_on"], seen["match_state"]) == (EARLY, AGREED, "exceptions")
    page = Page(await billing.get(f"/invoices/{invoice.id}"))
    assert "Payment, due on 2 Dec 2026 once approved" in page.text
    assert "Payment terms 2 Dec 2026 10 Nov 2026" in page.text
    assert (await payable.post(f"{path}/approve")).status_code == 409


async def test_whoever_takes_the_earlier_day_pays_by_it(client_of):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order, issue_date=ISSUED, due_date=EARLY)
    payable = await client_of(company.payable)
    path = f"{INVOICES}/{invoice.id}"
    (found,) = (await payable.get(f"{path}/matching")).json()["exceptions"]
    took = await payable.post(f"{path}/exceptions/{found['id']}/accept", json={"reason": "We take their discount"})
    assert (took.status_code, took.json()["state"]) == (200, "resolved")

    approved = (await payable.post(f"{path}/approve")).json()
    assert (approved["state"], approved["payable_on"], approved["payment"]["date"]) == ("approved", EARLY, EARLY)


async def test_a_later_day_is_the_suppliers_gift_and_edits_of_a_draft_move_both():
    _company, supplier, order = await delivered_order()
    draft = await draft_invoice(supplier, order, issue_date=ISSUED, due_date=EARLY)
    assert draft.payable_on == date.fromisoformat(AGREED)
    draft = await commands.edit(supplier.billing, draft.id, convert(InvoiceEdit, {"due_date": "2027-01-31"}))
    assert draft.payable_on == date(2027, 1, 31)
    assert (await commands.submit(supplier.billing, draft.id)).match_state == "matched"


async def test_the_database_pays_nobody_before_the_invoice_says(superuser, connected):
    company, supplier, order = await delivered_order()
    invoice = await approved_invoice(company, supplier, order)
    with pytest.raises(psycopg.errors.CheckViolation):
        superuser.execute("update invoice set payable_on = due_date - 1 where id = %s", [invoice.id])


@pytest.mark.parametrize(("days", "field"), [(1, "date"), (-1, "date"), (0, None)])
async def test_a_payment_is_noted_once_it_was_made_and_not_before_the_invoice(client_of, clock, days, field):
    company, supplier, order = await delivered_order()
    await clock(NOON)
    invoice = await approved_invoice(company, supplier, order, issue_date=NOON.date().isoformat())
    payable = await client_of(company.payable)
    day = (NOON.date() + timedelta(days=days)).isoformat()
    told = {"date": day, "reference": "SEPA 7"}
    page = await payable.post(f"/invoices/{invoice.id}/settle", data=told)
    assert page.status_code == (303 if field is None else 422)
    answered = await payable.post(f"{INVOICES}/{invoice.id}/settle", json=told)
    if field is None:
        assert answered.status_code == 409
    else:
        assert 'href="#f-date"' in page.text
        assert (answered.status_code, [each["field"] for each in answered.json()["errors"]]) == (422, [field])


async def test_a_hold_that_is_over_holds_nothing(client_of, clock):
    company, supplier, order = await delivered_order(payments_held_until=date(2026, 12, 20))
    invoice = await approved_invoice(company, supplier, order, issue_date=ISSUED)
    billing = await client_of(supplier.billing)
    for moment, paid in ((NOON, None), (NOON + timedelta(days=18), None), (NOON + timedelta(days=19), AGREED)):
        await clock(moment)
        payment = (await billing.get(f"{INVOICES}/{invoice.id}")).json()["payment"]
        assert (payment["date"], payment["blocker"] is None) == (paid, paid is not None), moment


@pytest.mark.parametrize(("hour", "overdue"), [(9, False), (11, True)])
async def test_overdue_begins_at_the_readers_midnight_in_list_and_page_alike(client_of, clock, hour, overdue):
    """In Kiritimati, 14 hours ahead, 2 December ends at 10:00 UTC."""
    company, supplier, order = await delivered_order()
    invoice = await approved_invoice(company, supplier, order, issue_date=ISSUED)
    await clock(NOON.replace(hour=hour))
    there = msgspec.structs.replace(company.payable, time_zone="Pacific/Kiritimati")
    async with viewing(there) as view:
        listed = await invoice_list(view, InvoiceFilter())
    assert [row.overdue for row in listed.rows] == [overdue]

    assert company.payable.person_id is not None
    await _move(there)
    client = await client_of(company.payable)
    assert (await client.get(f"{INVOICES}/{invoice.id}")).json()["overdue"] is overdue
    for path in (f"/invoices/{invoice.id}", "/invoices"):
        assert ("Overdue" in Page(await client.get(path)).text) is overdue


async def _move(actor) -> None:
    """The person lives elsewhere from now on."""
    form = {"full_name": actor.name, "language": "en", "time_zone": actor.time_zone}
    await change_profile(actor, convert(ProfileForm, form))
