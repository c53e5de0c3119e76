"""What a credit note settles, nobody has to decide on any more."""

from portal.invoicing import commands
from tests.harness.credits import approved_credit, billed_lines, corrected, returned, sent_credit
from tests.harness.invoices import billed, delivered, delivered_order, lines_of, submitted_invoice
from tests.harness.jobs import run_jobs
from tests.harness.world import accepted_order, line, trading_pair


async def findings(client_of, company, invoice):
    payable = await client_of(company.payable)
    matching = (await payable.get(f"/api/v1/invoices/{invoice.id}/matching")).json()
    return [(each["kind"], each["actual"], each["resolution"]) for each in matching["exceptions"]]


async def test_a_price_that_was_too_high_is_settled_by_the_credit_note_that_corrects_it(client_of):
    company, supplier, order = await delivered_order()
    [ordered] = await lines_of(supplier.billing, order.id)
    invoice = await submitted_invoice(supplier, order, billed(ordered, "10", "13.50"))
    [first] = await billed_lines(supplier.billing, invoice.id)
    assert await findings(client_of, company, invoice) == [("price", "13.50", "open")]

    sent = await sent_credit(supplier, invoice, "price", corrected(first, "12.50", quantity="4"))
    await run_jobs("invoicing.rematch")
    assert await findings(client_of, company, invoice) == [("price", "13.50", "open")], "nobody agreed to it yet"
    await commands.approve_credit(company.payable, sent.id)
    await run_jobs("invoicing.rematch")
    assert await findings(client_of, company, invoice) == [("price", "13.1", "open")], "four of ten are corrected"

    await approved_credit(company, supplier, invoice, "price", corrected(first, "12.50", quantity="6"))
    await run_jobs("invoicing.rematch")
    assert (await findings(client_of, company, invoice))[0][2] == "cleared"
    approved = await commands.approve(company.payable, invoice.id)
    assert (approved.state, approved.match_state) == ("approved", "matched")


async def test_what_goes_back_after_a_correction_leaves_the_rest_at_the_right_price(client_of):
    company, supplier, order = await delivered_order()
    [ordered] = await lines_of(supplier.billing, order.id)
    invoice = await submitted_invoice(supplier, order, billed(ordered, "10", "13.50"))
    [first] = await billed_lines(supplier.billing, invoice.id)
    await approved_credit(company, supplier, invoice, "goods", returned(first, "3"))
    await approved_credit(company, supplier, invoice, "price", corrected(first, "12.50", quantity="7"))
    await run_jobs("invoicing.rematch")
    assert [how for _kind, _actual, how in await findings(client_of, company, invoice)] == ["cleared"]


async def test_an_invoice_that_was_credited_and_billed_anew_differs_in_nothing_any_more(client_of):
    company, supplier, order = await delivered_order()
    [ordered] = await lines_of(supplier.billing, order.id)
    invoice = await submitted_invoice(supplier, order, billed(ordered, "10", "13.50", charge="2"))
    assert {kind for kind, *_ in await findings(client_of, company, invoice)} == {"price", "charge"}
    await approved_credit(company, supplier, invoice)
    again = await submitted_invoice(supplier, order, billed(ordered, "10"))
    await run_jobs("invoicing.rematch")
    assert {how for _kind, _actual, how in await findings(client_of, company, invoice)} == {"cleared"}
    assert again.match_state == "matched"


async def test_a_charge_that_is_given_back_is_waived_and_the_order_is_complete(superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line(kind="charge", description="Freight", quantity="1"))
    await delivered(company.receiver, order, "10")
    invoice = await submitted_invoice(
        supplier,
        order,
        *(billed(each, q) for each, q in zip(await lines_of(supplier.billing, order.id), ("10", "1"), strict=True)),
    )
    _goods, freight = await billed_lines(supplier.billing, invoice.id)

    await approved_credit(company, supplier, invoice, "goods", returned(freight, "1"))

    status = "select invoice_status from purchase_order where id = %s"
    assert superuser.execute(status, [order.id]).fetchone() == ("complete",)
    assert superuser.execute("select * from portal.credited_otherwise where order_id = %s", [order.id]).fetchall() == []
