"""An invoice as people read it: words instead of codes, terms and sums as agreed, and the way to a corrected one."""

import re

from portal.invoicing import commands
from tests.harness.deliveries import despatched_goods
from tests.harness.invoices import billed, delivered_order, draft_invoice, lines_of, submitted_invoice
from tests.harness.pages import Reader
from tests.harness.world import accepted_order, line, trading_pair

FREIGHT = {"description": "Freight", "amount": "45.00", "tax_category": "S", "tax_rate": "19"}


async def dear_invoice(company, supplier, order, **changes):
    """An invoice that asks for more than was ordered."""
    (ordered,) = await lines_of(company.payable, order.id)
    return await submitted_invoice(supplier, order, billed(ordered, unit_price="13.00"), **changes)


async def test_a_rejected_invoice_says_that_it_differed_and_leads_to_a_corrected_one(client_of):
    company, supplier, order = await delivered_order()
    wrong = await dear_invoice(company, supplier, order, number="R-9")
    await commands.reject(company.payable, wrong.id, "Please at the agreed price")
    billing = Reader(await client_of(supplier.billing))

    page = await billing.open(f"/invoices/{wrong.id}")
    assert "Differences found" in page.text
    assert "Was matched" not in page.text
    flip = await billing.open(page.links["Send a corrected invoice"])
    assert flip.form("/invoice").values["number"] == "R-9"
    assert flip.form("/invoice").values["lines.0.unit_price"] == "12.50"

    right = await billing.send(flip, "/invoice", act="submit", issue_date="2026-11-21")
    assert "R-9" in right.text
    assert "Corrects" in right.text
    assert right.links["R-9 of 21 Nov 2026"] == f"/invoices/{wrong.id}"
    old = await billing.open(f"/invoices/{wrong.id}")
    assert "Corrected by" in old.text
    assert old.links["R-9 of 21 Nov 2026"] in right.html
    assert "Send a corrected invoice" not in old.links
    buyer = await Reader(await client_of(company.payable)).open(f"/invoices/{wrong.id}")
    assert "Corrected by" in buyer.text
    assert "Send a corrected invoice" not in buyer.links


async def test_nobody_learns_of_a_draft_that_is_to_replace_a_rejected_invoice(client_of):
    company, supplier, order = await delivered_order()
    wrong = await dear_invoice(company, supplier, order, number="R-10")
    await commands.reject(company.payable, wrong.id, "Please at the agreed price")
    await draft_invoice(supplier, order, number="R-10")

    buyer = await Reader(await client_of(company.payable)).open(f"/invoices/{wrong.id}")
    seller = await Reader(await client_of(supplier.billing)).open(f"/invoices/{wrong.id}")

    assert "Corrected by" not in buyer.text
    assert "Corrected by" in seller.text


async def test_an_invoice_of_a_delivery_names_it_and_is_corrected_from_it(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order, "10")
    invoice = await draft_invoice(supplier, order, order_id=None, despatch_advice_id=str(advice.id))
    await commands.submit(supplier.billing, invoice.id)
    await commands.reject(company.payable, invoice.id, "Wrong address")
    billing = Reader(await client_of(supplier.billing))

    page = await billing.open(f"/invoices/{invoice.id}")

    assert page.links[advice.number] == f"/despatch-advices/{advice.id}"
    assert page.links["Send a corrected invoice"].startswith(f"/despatch-advices/{advice.id}/invoice")


async def test_codes_stay_behind_their_words(client_of):
    company, supplier, order = await delivered_order()
    invoice = await dear_invoice(company, supplier, order)

    page = await Reader(await client_of(supplier.billing)).open(f"/invoices/{invoice.id}")

    assert "In process" in page.text
    assert "(IP)" not in page.text
    assert 'title="IP"' in page.html


async def test_agreed_days_are_terms_of_payment_too(client_of):
    company, supplier, order = await delivered_order(payment_days=30)
    invoice = await submitted_invoice(supplier, order)

    page = await Reader(await client_of(company.payable)).open(f"/invoices/{invoice.id}")

    assert re.search(r"Payment terms\s*30 days", page.text)


async def test_sums_stand_in_the_order_in_which_they_are_reckoned(client_of):
    lines = (line(), line(tax_rate="7"), line(tax_category="Z", tax_rate="0"))
    company, supplier, order = await delivered_order(*lines, accepted=(10, 10, 10))
    invoice = await submitted_invoice(supplier, order, charges=[FREIGHT])

    page = await Reader(await client_of(company.payable)).open(f"/invoices/{invoice.id}")

    sums = page.text.partition("Totals in EUR")[2]
    said = [
        "Sum of the lines375.00 EUR",
        "Charges45.00 EUR",
        "Net420.00 EUR",
        "Tax 0 % (Z) on 125.00 EUR",
        "Tax 7 % on 125.00 EUR",
        "Tax 19 % on 170.00 EUR",
        "Total461.05 EUR",
    ]
    places = [sums.find(part) for part in said]
    assert -1 not in places, sums[:400]
    assert places == sorted(places)
    assert "Tax 0 % (Z)" in page.text.partition("Totals in EUR")[0]
    order_page = await Reader(await client_of(company.payable)).open(f"/orders/{order.id}")
    assert order_page.text.count("Tax 0 % (Z)") == 2


async def test_a_payment_is_recorded_as_of_today_unless_somebody_says_otherwise(client_of, clock):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    await commands.approve(company.payable, invoice.id, "")
    payable = Reader(await client_of(company.payable))

    page = await payable.open(f"/invoices/{invoice.id}")

    assert re.fullmatch(r"\d{4}-\d\d-\d\d", page.form("/settle").values["date"])
    paid = await payable.send(page, "/settle", reference="Transfer 77")
    assert paid.status == 200
    assert "Transfer 77" in paid.text
