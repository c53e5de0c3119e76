"""An order's terms of payment: chosen from those the company offers, else the supplier's, and due dates follow them."""

from typing import Any, cast

from portal.orders import commands
from portal.orders.forms import OrderEdit
from portal.organisations import commands as organisations
from portal.organisations.forms import Agreement
from portal.reorders.commands import copy
from tests.harness.credits import offered_terms
from tests.harness.days import today
from tests.harness.invoices import submitted_invoice
from tests.harness.pages import Reader
from tests.harness.world import Organised, accepted_order, draft_order, trading_pair

NAME = "End of month and 15 days"


async def offering() -> tuple[Organised, Organised]:
    company, supplier = await trading_pair()
    await offered_terms(company, name=NAME, month_end=True, days=15)
    return company, supplier


async def test_an_order_under_offered_terms_is_paid_by_them(connected):
    company, supplier = await offering()
    order = await accepted_order(company, supplier, payment_terms=NAME)
    assert (order.payment_terms, order.payment_days, order.terms["month_end"]) == (NAME, 15, True)

    invoice = await submitted_invoice(supplier, order, issue_date=today().isoformat())
    assert invoice.due_date.day == 15
    assert invoice.due_date.month == today().month % 12 + 1


async def test_an_order_without_terms_of_its_own_takes_the_suppliers(connected):
    company, supplier = await offering()
    order = await draft_order(company, supplier, payment_terms=NAME)
    standing = await offered_terms(company, days=45)
    await organisations.agree_terms(company.supplier_manager, supplier.id, Agreement(payment_term_id=standing.id))

    other = await draft_order(company, supplier)
    cleared = await commands.edit(company.requester, order.id, OrderEdit(payment_terms=cast(Any, "")))
    for each in (other, cleared):
        assert (each.payment_terms, each.payment_days, each.terms["name"]) == (standing.name, 45, standing.name)


async def test_words_that_are_no_offered_terms_leave_the_suppliers_days(connected):
    company, supplier = await offering()
    order = await draft_order(company, supplier, payment_terms="2 % within 7 days")
    assert (order.payment_terms, order.payment_days, order.terms) == ("2 % within 7 days", 30, {})


async def test_the_page_offers_the_terms_and_keeps_the_choice(connected, client_of):
    company, supplier = await offering()
    retired = await offered_terms(company)
    await organisations.retire_terms(company.supplier_manager, retired.id)
    reader = Reader(await client_of(company.requester))
    order = await draft_order(company, supplier, payment_terms=NAME)

    shown = await reader.open(f"/orders/{order.id}/edit")
    assert "As agreed with the supplier" in shown.text
    assert retired.name not in shown.text
    said = await reader.send(shown, "/edit", note="As before")
    assert f"{NAME}: 15 days after the end of the month of the invoice date" in said.text


async def test_ordered_again_the_terms_stay_and_retired_ones_are_told(connected):
    company, supplier = await trading_pair()
    term = await offered_terms(company, name=NAME, month_end=True, days=15)
    order = await draft_order(company, supplier, payment_terms=NAME)

    again = await copy(company.requester, order.id)
    assert (again.order.payment_terms, again.order.payment_days) == (NAME, 15)
    assert again.order.copy_of == order.id
    assert again.differences == []

    await organisations.retire_terms(company.supplier_manager, term.id)
    later = await copy(company.requester, order.id)
    assert (later.order.payment_terms, later.order.payment_days) == ("", 30)
    assert [(each.line, each.field, each.before) for each in later.differences] == [(0, "payment_terms", NAME)]
