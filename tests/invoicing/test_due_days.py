"""The day from which payment terms count: when goods came or services were done, whatever is booked afterwards."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.analytics import commands as statements
from portal.invoicing import commands
from portal.invoicing.tables import Invoice
from portal.organisations.commands import agree_terms, offer_terms
from portal.organisations.forms import Agreement, PaymentTermForm
from portal.platform.convert import convert
from portal.platform.work import viewing
from portal.services import commands as services
from tests.harness.credits import approved_credit, billed_lines, offered_terms, returned
from tests.harness.deliveries import inspected_goods, waiting_receipt
from tests.harness.invoices import billed, delivered, lines_of, submitted_invoice
from tests.harness.jobs import run_jobs
from tests.harness.pages import Page
from tests.harness.services import DONE, accepted_services, hours, service_order
from tests.harness.statements import sent_statement
from tests.harness.world import accepted_order, line, trading_pair

MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = MONDAY + timedelta(days=20)


@pytest.fixture
async def pair(clock):
    """Both sides agreed on thirty days after the goods came; it is Monday."""
    await clock(MONDAY)
    company, supplier = await trading_pair()
    form = convert(PaymentTermForm, {"name": "After goods", "days": 30, "base": "goods_receipt"})
    term = await offer_terms(company.supplier_manager, form)
    await agree_terms(company.supplier_manager, supplier.id, Agreement(payment_term_id=term.id))
    return company, supplier


async def invoice_now(company, invoice) -> Invoice:
    async with viewing(company.payable) as view:
        return Invoice.of(await view.one("select * from invoice where id = $1", invoice.id))


async def test_a_service_counts_from_the_day_it_was_done_and_not_from_each_later_receipt(pair, clock):
    company, supplier = pair
    order = await service_order(company, supplier, hours("10"), line(quantity="5"))
    await accepted_services(company, supplier, order, "10")
    press, _parts = await lines_of(company.payable, order.id)
    invoice = await submitted_invoice(supplier, order, billed(press, "10", "80"), issue_date="2026-11-23")
    assert (invoice.base_date, invoice.terms_due) == (DONE, DONE + timedelta(days=30))
    await commands.approve(company.payable, invoice.id)

    await clock(LATER)
    await delivered(company.receiver, order, 0, 5)
    await run_jobs("invoicing.rematch")
    now = await invoice_now(company, invoice)
    assert (now.base_date, now.payable_on) == (DONE, DONE + timedelta(days=30))


def taken_over(superuser: Any, order: Any, quantity: int) -> None:
    """So much of the first line came before the order was brought here from another system."""
    superuser.execute("set session_replication_role = replica")
    superuser.execute("update purchase_order set source = '{}' where id = %s", [order.id])
    superuser.execute("reset session_replication_role")
    came = "update purchase_order_line set received = %s, accepted = %s where order_id = %s and line = 1"
    superuser.execute(came, [quantity, quantity, order.id])


async def test_goods_taken_over_from_another_system_count_from_the_day_their_invoice_came(pair, clock, superuser):
    company, supplier = pair
    order = await accepted_order(company, supplier, line(quantity="10"), line(quantity="5"))
    taken_over(superuser, order, 10)
    first, _second = await lines_of(company.payable, order.id)
    invoice = await submitted_invoice(supplier, order, billed(first), issue_date="2026-11-20")
    assert invoice.base_date == MONDAY.date()

    await clock(LATER)
    await delivered(company.receiver, order, 0, 5)
    await run_jobs("invoicing.rematch")
    assert (await invoice_now(company, invoice)).base_date == MONDAY.date()


async def test_goods_taken_over_came_before_what_receipts_say(pair, clock, superuser):
    company, supplier = pair
    order = await accepted_order(company, supplier)
    taken_over(superuser, order, 6)
    await delivered(company.receiver, order, 4)
    await clock(LATER)
    invoice = await submitted_invoice(supplier, order, issue_date=LATER.date().isoformat())
    assert invoice.base_date == MONDAY.date()


async def test_a_credit_note_after_the_approval_moves_no_day_of_payment(pair, clock):
    company, supplier = pair
    order = await service_order(company, supplier)
    await accepted_services(company, supplier, order, "10")
    invoice = await submitted_invoice(supplier, order, issue_date="2026-11-23")
    await commands.approve(company.payable, invoice.id)
    before = (await invoice_now(company, invoice)).payable_on

    await clock(LATER)
    [first] = await billed_lines(supplier.billing, invoice.id)
    await approved_credit(company, supplier, invoice, "goods", returned(first, "4"), issue_date="2026-12-01")
    await run_jobs("invoicing.rematch")
    now = await invoice_now(company, invoice)
    assert (now.base_date, now.payable_on) == (DONE, before)


async def test_an_invoice_sent_before_its_service_was_accepted_matches_and_gets_its_day_once_it_is(pair):
    company, supplier = pair
    order = await service_order(company, supplier)
    (press,) = await lines_of(company.payable, order.id)
    invoice = await submitted_invoice(supplier, order, billed(press, "10", "80"), issue_date="2026-11-23")
    assert (invoice.match_state, invoice.base_date) == ("exceptions", None)

    await accepted_services(company, supplier, order, "10")
    await run_jobs("invoicing.rematch")
    now = await invoice_now(company, invoice)
    assert (now.match_state, now.base_date, now.terms_due) == ("matched", DONE, DONE + timedelta(days=30))


async def test_an_acceptance_that_is_taken_back_takes_the_day_of_payment_back(pair):
    company, supplier = pair
    order = await service_order(company, supplier, hours("10", match_basis="two_way"))
    entry = await accepted_services(company, supplier, order, "10")
    invoice = await submitted_invoice(supplier, order, issue_date="2026-11-23")
    assert invoice.base_date == DONE

    await services.reverse(company.receiver, entry.id, "Not done")
    await run_jobs("invoicing.rematch")
    assert (await invoice_now(company, invoice)).base_date is None


async def agreed_on(company, supplier, base, days=30):
    term = await offered_terms(company, base=base, days=days)
    await agree_terms(company.supplier_manager, supplier.id, Agreement(payment_term_id=term.id))


async def payment_of(client_of, actor, invoice):
    return (await (await client_of(actor)).get(f"/api/v1/invoices/{invoice.id}")).json()["payment"]


async def test_goods_that_wait_in_inspection_have_come_and_are_not_accepted(client_of, clock):
    for base, begins in (("goods_receipt", MONDAY), ("acceptance", LATER)):
        await clock(MONDAY)
        company, supplier = await trading_pair()
        await agreed_on(company, supplier, base)
        order = await accepted_order(company, supplier, line(match_basis="three_way"))
        waits = await waiting_receipt(company, order, "10")
        [of] = await lines_of(company.payable, order.id)
        invoice = await submitted_invoice(supplier, order, billed(of), issue_date="2026-11-23")
        await commands.approve(company.payable, invoice.id)
        told = await payment_of(client_of, supplier.billing, invoice)
        assert (told["date"] is None) == (base == "acceptance"), told
        if base == "acceptance":
            assert ("was accepted" in told["blocker"], told["owner"]) == (True, "receiver")

        await clock(LATER)
        await inspected_goods(company, waits.id, "8", "2", replacement=False)
        await run_jobs("invoicing.rematch")
        now = await invoice_now(company, invoice)
        assert (now.base_date, now.payable_on) == (begins.date(), begins.date() + timedelta(days=30)), base


async def test_goods_that_are_to_be_delivered_again_have_not_come(pair, clock):
    company, supplier = pair
    order = await accepted_order(company, supplier, line(match_basis="two_way"))
    waits = await waiting_receipt(company, order, "10")
    [of] = await lines_of(company.payable, order.id)
    invoice = await submitted_invoice(supplier, order, billed(of), issue_date="2026-11-23")
    await commands.approve(company.payable, invoice.id)
    assert invoice.base_date == MONDAY.date()
    await inspected_goods(company, waits.id, "0", "10", replacement=True)
    await run_jobs("invoicing.rematch")
    assert (await invoice_now(company, invoice)).base_date is None
    await clock(LATER)
    await delivered(company.receiver, order, 10)
    await run_jobs("invoicing.rematch")
    assert (await invoice_now(company, invoice)).base_date == LATER.date()


async def test_terms_that_count_from_the_statement_wait_for_the_first_that_tells_of_the_invoice(client_of, clock):
    await clock(MONDAY)
    company, supplier = await trading_pair()
    await agreed_on(company, supplier, "statement")
    order = await accepted_order(company, supplier)
    await delivered(company.receiver, order, 10)
    invoice = await submitted_invoice(supplier, order, issue_date="2026-11-23")
    await commands.approve(company.payable, invoice.id)
    told = await payment_of(client_of, supplier.billing, invoice)
    assert (told["date"], "statement of account" in told["blocker"], told["owner"]) == (None, True, "payable")

    await clock(LATER)
    statement = await sent_statement(company, supplier)
    await run_jobs("analytics.date-invoices")
    due = LATER.date() + timedelta(days=30)
    assert (await payment_of(client_of, supplier.billing, invoice))["date"] == due.isoformat()
    await clock(LATER + timedelta(days=5))
    await sent_statement(company, supplier)
    await run_jobs("analytics.date-invoices")
    assert (await invoice_now(company, invoice)).payable_on == due, "a later statement moves nothing"

    await statements.withdraw(company.payable, statement.id, "Of another company")
    await run_jobs("analytics.date-invoices")
    now = await invoice_now(company, invoice)
    assert now.payable_on == due + timedelta(days=5), "what was withdrawn told of nothing"
    assert [each["due"] for each in now.due_days] == [None, "2027-01-12", "2027-01-17"]


async def test_what_was_credited_is_neither_to_be_paid_nor_discounted(client_of, clock):
    await clock(MONDAY)
    company, supplier = await trading_pair()
    steps = [{"days": 14, "percent": "2"}]
    term = await offer_terms(
        company.supplier_manager, convert(PaymentTermForm, {"name": "S", "days": 30, "steps": steps})
    )
    await agree_terms(company.supplier_manager, supplier.id, Agreement(payment_term_id=term.id))
    order = await accepted_order(company, supplier)
    await delivered(company.receiver, order, 10)
    invoice = await submitted_invoice(supplier, order, issue_date="2026-11-23")
    await commands.approve(company.payable, invoice.id)
    [first] = await billed_lines(supplier.billing, invoice.id)
    await approved_credit(company, supplier, invoice, "goods", returned(first, "4"), issue_date="2026-11-23")

    payable = await client_of(company.payable)
    told = (await payable.get(f"/api/v1/invoices/{invoice.id}")).json()
    assert (told["totals"]["gross"], told["credited"]) == ("148.75", "59.50")
    assert told["discounts"][0]["amount"] == "87.46", "89.25 less 2 %"
    home = Page(await payable.get("/")).text
    assert "89.25" in home
    assert "148.75" not in home
