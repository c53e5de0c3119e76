"""A delivery as both sides look at it: what was promised, what came of it, and the way on to the invoice."""

from datetime import UTC, date, datetime

from portal.orders import commands as orders
from tests.harness.deliveries import despatched_goods, received_goods
from tests.harness.invoices import submitted_invoice
from tests.harness.pages import Reader
from tests.harness.world import accepted_order, answer, issued_order, line, trading_pair

PROMISED = (date(2031, 1, 10), date(2031, 1, 20))


async def split_order(company, supplier):
    """Ten pieces, of which six are promised earlier than four."""
    order = await issued_order(company, supplier, line(quantity="10"))
    parts = [
        {"line": 1, "code": "3", "quantity": quantity, "promised_date": day.isoformat()}
        for quantity, day in zip(("6", "4"), PROMISED, strict=True)
    ]
    answered = await orders.respond(supplier.order_desk, order.id, answer("CA", *parts))
    await orders.accept_counter_offer(company.buyer, order.id, answered.response.id)
    return order


async def test_the_sheet_shows_what_was_promised_and_proposes_the_next_promise_as_arrival(client_of):
    company, supplier = await trading_pair()
    order = await split_order(company, supplier)
    reader = Reader(await client_of(supplier.shipping))

    page = await reader.open(f"/orders/{order.id}/despatch")
    assert "6 pcs: 10 Jan 2031" in page.text
    assert "4 pcs: 20 Jan 2031" in page.text
    assert page.form("/despatch").values["expected_date"] == PROMISED[0].isoformat()

    await despatched_goods(company, supplier, order, "6")
    page = await reader.open(f"/orders/{order.id}/despatch")
    assert page.form("/despatch").values["expected_date"] == PROMISED[1].isoformat()


async def test_a_promise_that_has_passed_is_not_proposed_as_a_day_of_arrival(client_of, clock):
    company, supplier = await trading_pair()
    order = await split_order(company, supplier)
    await clock(datetime(2031, 2, 1, tzinfo=UTC))
    reader = Reader(await client_of(supplier.shipping))

    page = await reader.open(f"/orders/{order.id}/despatch")

    assert page.form("/despatch").values["expected_date"] == ""


async def test_the_history_of_a_delivery_tells_when_it_came(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order, "10")
    receipt = await received_goods(company, order, "6", advice=advice)

    for actor in (company.receiver, supplier.shipping):
        page = await Reader(await client_of(actor)).open(f"/despatch-advices/{advice.id}")
        history = page.text.partition("History")[2]
        assert "Despatched" in history
        assert f"Received · {receipt.number}" in history
        assert company.receiver.name in history


async def test_a_supplier_goes_on_from_a_delivery_to_its_invoice_and_back(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order, "10")
    reader = Reader(await client_of(supplier.billing))

    page = await reader.open(f"/despatch-advices/{advice.id}")
    assert page.links["Invoice this delivery"] == f"/despatch-advices/{advice.id}/invoice"
    assert (
        "Invoice this delivery"
        not in (await Reader(await client_of(supplier.shipping)).open(f"/despatch-advices/{advice.id}")).text
    )

    flipped = await reader.open(page.links["Invoice this delivery"])
    invoice = await reader.send(flipped, "/invoice", number="R-DA-1", act="draft")
    assert invoice.links[advice.number] == f"/despatch-advices/{advice.id}"
    page = await reader.open(f"/despatch-advices/{advice.id}")
    assert "R-DA-1" in page.links


async def test_a_delivery_that_is_billed_in_full_asks_for_no_invoice(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order, "10")
    await received_goods(company, order, "10", advice=advice)
    await submitted_invoice(supplier, order)
    page = await Reader(await client_of(supplier.billing)).open(f"/despatch-advices/{advice.id}")

    assert "Invoice this delivery" not in page.links


async def test_a_sheet_stands_below_the_menu_entry_that_it_belongs_to(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order, "6")
    for actor, path, crumbs in (
        (supplier.shipping, f"/orders/{order.id}/despatch", "Orders / " + order.number),
        (company.receiver, f"/orders/{order.id}/receive", "Orders / " + order.number),
        (company.receiver, f"/despatch-advices/{advice.id}/receive", "Deliveries / " + advice.number),
        (supplier.billing, f"/orders/{order.id}/invoice", "Orders / " + order.number),
        (supplier.billing, f"/despatch-advices/{advice.id}/invoice", "Deliveries / " + advice.number),
    ):
        page = await Reader(await client_of(actor)).open(path)
        first, second = crumbs.split(" / ")
        trail = page.html.partition('class="crumbs"')[2].partition("</nav>")[0]
        assert page.status == 200
        assert trail.index(first) < trail.index(second), path
        assert f'href="{page.links[first]}" aria-current="page"' in page.html, path


async def test_packages_are_called_packages_and_not_lines(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    page = await Reader(await client_of(supplier.shipping)).open(f"/orders/{order.id}/despatch")

    packages = page.text.partition("Only if you want to announce them one by one.")[2]

    assert packages.split()[:2] == ["Packages", "Package"]
    assert "Add a package" in packages
    assert "Add a line" not in page.text
    assert 'aria-label="Kind, package 1"' in page.html
    assert 'aria-label="Remove package 1"' in page.html
