"""What a document says of its record: the deliveries that were agreed, when goods came, whom to write to."""

from datetime import UTC, datetime

import pymupdf

from portal.orders import commands as orders
from portal.organisations.commands import approve_supplier
from tests.harness.deliveries import despatched_goods, received_goods
from tests.harness.invoices import submitted_invoice
from tests.harness.jobs import run_jobs
from tests.harness.world import (
    accepted_order,
    agreed,
    answer,
    buying_company,
    issued_order,
    line,
    selling_company,
    trading_pair,
)

RENDER = "documents.render"
PAID_SOON = agreed(payment_days=14, payment_terms="2 % within 7 days")


async def text_of(client, place: str) -> str:
    """The words of a record's PDF, made if it was not yet."""
    await client.get(f"/api/v1/{place}/document.pdf")
    await run_jobs(RENDER)
    file = await client.get(f"/api/v1/{place}/document.pdf")
    assert file.status_code == 200, file.text
    with pymupdf.open(stream=file.content) as pdf:
        return " ".join(" ".join(str(page.get_text()) for page in pdf).split())


async def pair_with_addresses():
    """Two companies that can be written to."""
    company = await buying_company(email="purchasing@acme.example", time_zone="Europe/Berlin")
    supplier = await selling_company(email="sales@bolt.example")
    await approve_supplier(company.supplier_manager, supplier.id, PAID_SOON)
    return company, supplier


async def test_an_order_prints_each_agreed_delivery_and_asks_no_longer_for_an_answer(client_of):
    company, supplier = await pair_with_addresses()
    order = await issued_order(company, supplier, line(quantity="100"))
    buyer = await client_of(company.buyer)
    first = await text_of(buyer, f"purchase-orders/{order.id}")
    assert "Please answer by" in first
    parts = (
        {"line": 1, "code": "3", "quantity": "60", "promised_date": "2030-12-10", "unit_price": "12.40"},
        {"line": 1, "code": "3", "quantity": "40", "promised_date": "2030-12-20", "unit_price": "12.40"},
    )
    answered = await orders.respond(supplier.order_desk, order.id, answer("CA", *parts))
    await orders.accept_counter_offer(company.buyer, order.id, answered.response.id)

    second = await text_of(buyer, f"purchase-orders/{order.id}")

    assert "Revision 2" in second
    assert "60 pcs" in second.partition("10 Dec 2030")[2][:12]
    assert "40 pcs" in second.partition("20 Dec 2030")[2][:12]
    assert "Please answer by" not in second


async def test_both_sides_can_be_written_to(client_of):
    company, supplier = await pair_with_addresses()
    order = await accepted_order(company, supplier)
    await despatched_goods(company, supplier, order, "10")
    invoice = await submitted_invoice(supplier, order)
    desk = await client_of(supplier.billing)

    for place in (f"purchase-orders/{order.id}", f"invoices/{invoice.id}"):
        text = await text_of(desk, place)
        assert "purchasing@acme.example" in text, place
        assert "sales@bolt.example" in text, place


async def test_an_invoice_tells_when_the_goods_came_and_how_it_is_paid(client_of, clock):
    company, supplier = await pair_with_addresses()
    await clock(datetime(2026, 3, 2, 9, tzinfo=UTC))
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order, "10")
    await clock(datetime(2026, 3, 4, 23, 30, tzinfo=UTC))
    await received_goods(company, order, "10", advice=advice)
    invoice = await submitted_invoice(supplier, order, issue_date="2026-03-05")

    text = await text_of(await client_of(company.payable), f"invoices/{invoice.id}")

    assert "Date of delivery 5 Mar 2026" in text  # where the goods came, it was the next day already
    assert "14 days, 2 % within 7 days" in text


async def test_goods_that_came_on_several_days_are_billed_for_the_time_between(client_of, clock):
    company, supplier = await trading_pair()
    await clock(datetime(2026, 3, 2, 9, tzinfo=UTC))
    order = await accepted_order(company, supplier)
    for day, quantity in ((4, "6"), (9, "4")):
        await clock(datetime(2026, 3, day, 9, tzinfo=UTC))
        await received_goods(company, order, quantity)
    invoice = await submitted_invoice(supplier, order, issue_date="2026-03-10")

    text = await text_of(await client_of(company.payable), f"invoices/{invoice.id}")

    assert "Delivered in 4 Mar 2026 – 9 Mar 2026" in text


async def test_goods_that_have_not_come_are_dated_by_their_despatch(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    await despatched_goods(company, supplier, order, "10", despatch_date="2026-11-02")
    invoice = await submitted_invoice(supplier, order)

    text = await text_of(await client_of(company.payable), f"invoices/{invoice.id}")

    assert "Date of delivery 2 Nov 2026" in text
