"""What a buyer says to a difference that it does not accept, and what the supplier makes of it."""

import pytest

from portal.invoicing import commands
from portal.invoicing.forms import Acceptance, ExceptionAnswer
from portal.invoicing.queries import open_exceptions
from portal.orders import commands as orders
from portal.orders.forms import OrderForm
from portal.platform.convert import convert
from portal.platform.refusals import Denied
from portal.platform.work import viewing
from tests.harness.invoices import billed, delivered, delivered_order, lines_of, submitted_invoice
from tests.harness.pages import Page
from tests.harness.world import a_colleague, answer, order_body, trading_pair

INVOICES = "/api/v1/invoices"


async def differing(price: str = "13.50", quantity: str = "10", came: tuple[int, ...] = (10,)):
    """An invoice of ten pieces, at another price or for more than came."""
    company, supplier, order = await delivered_order(accepted=came)
    [line] = await lines_of(supplier.billing, order.id)
    return company, supplier, order, await submitted_invoice(supplier, order, billed(line, quantity, price))


async def found(client, invoice):
    return (await client.get(f"{INVOICES}/{invoice.id}/matching")).json()["exceptions"]


@pytest.mark.parametrize("asked", ["corrected_invoice", "credit_note", "reject_line"])
async def test_the_supplier_reads_what_is_asked_for_and_finds_it_on_its_home_page(client_of, asked):
    company, supplier, _order, invoice = await differing()
    buyer, billing = await client_of(company.buyer), await client_of(supplier.billing)
    [difference] = await found(buyer, invoice)
    body = {"answer": asked, "reason": "We agreed on 12.50."}
    told = await buyer.post(f"{INVOICES}/{invoice.id}/exceptions/{difference['id']}/answer", json=body)
    assert told.status_code == 200, told.text
    [seen] = await found(billing, invoice)
    assert (seen["answer"], seen["answer_reason"], seen["resolution"]) == (asked, "We agreed on 12.50.", "open")
    payment = (await billing.get(f"{INVOICES}/{invoice.id}")).json()["payment"]
    assert (payment["date"], payment["owner"]) == (None, "billing")
    assert "We agreed on 12.50." in payment["blocker"]
    assert "Invoices to correct" in Page(await billing.get("/")).text
    assert invoice.number in Page(await billing.get("/invoices?open=correct")).text
    payable = await client_of(company.payable)
    assert (await payable.post(f"{INVOICES}/{invoice.id}/approve", json={"reason": "So what"})).status_code == 409


async def test_only_a_quantity_waits_for_the_receipt_and_then_the_receiver_is_named(client_of):
    company, supplier, _order, invoice = await differing("12.50", "10", came=(8,))
    payable, billing = await client_of(company.payable), await client_of(supplier.billing)
    [difference] = await found(payable, invoice)
    at = f"{INVOICES}/{invoice.id}/exceptions/{difference['id']}/answer"
    assert (await payable.post(at, json={"answer": "wait", "reason": " "})).status_code == 422
    told = await payable.post(at, json={"answer": "wait", "reason": "Two are on the way."})
    assert told.status_code == 200, told.text
    assert (await billing.get(f"{INVOICES}/{invoice.id}")).json()["payment"]["owner"] == "receiver"
    company, _supplier, _order, invoice = await differing()
    buyer = await client_of(company.buyer)
    [difference] = await found(buyer, invoice)
    at = f"{INVOICES}/{invoice.id}/exceptions/{difference['id']}/answer"
    refused = await buyer.post(at, json={"answer": "wait", "reason": "Two are on the way."})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "answer")


async def test_the_page_offers_every_answer_and_asks_for_the_reason(client_of):
    company, _supplier, _order, invoice = await differing()
    buyer = await client_of(company.buyer)
    [difference] = await found(buyer, invoice)
    page = Page(await buyer.get(f"/invoices/{invoice.id}"))
    for label in ("Accept", "Ask for a corrected invoice", "Ask for a credit note", "Reject the line"):
        assert label in page.text
    assert "Wait for the receipt" not in page.text
    assert f"/exceptions/{difference['id']}/answer/credit_note" in page.html


async def test_who_enters_an_order_decides_on_no_difference_of_its_invoices(connected):
    company, supplier = await trading_pair()
    both = await a_colleague(company, "requester", "buyer")
    order = await orders.create(both, convert(OrderForm, order_body(supplier)))
    await orders.submit(both, order.id)
    await orders.approve(company.approver, order.id)
    await orders.issue(company.buyer, order.id)
    await orders.respond(supplier.order_desk, order.id, answer("AP"))
    await delivered(company.receiver, order, 10)
    [line] = await lines_of(supplier.billing, order.id)
    invoice = await submitted_invoice(supplier, order, billed(line, "10", "13.50"))
    async with viewing(both) as view:
        [difference] = await open_exceptions(view, invoice.id)
    accepted = convert(Acceptance, {"reason": "It is fine"})
    asked = convert(ExceptionAnswer, {"answer": "credit_note", "reason": "Too dear"})
    with pytest.raises(Denied, match="Somebody else must do this"):
        await commands.accept_exception(both, invoice.id, difference.id, accepted)
    with pytest.raises(Denied, match="Somebody else must do this"):
        await commands.answer_exception(both, invoice.id, difference.id, asked)
    await commands.accept_exception(company.buyer, invoice.id, difference.id, accepted)
