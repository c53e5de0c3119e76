"""A question that was sent without its answer is asked again where it stood, and says which field is missing."""

from portal.orders import commands
from tests.harness.deliveries import received_goods
from tests.harness.invoices import billed, delivered_order, lines_of, submitted_invoice
from tests.harness.pages import Reader
from tests.harness.world import accepted_order, answer, issued_order, submitted_order, trading_pair


async def asks_again(reader: Reader, path: str, action: str, **sent: str) -> None:
    page = await reader.send(await reader.open(path), action, **{"reason": "  ", **sent})
    assert page.status == 422, page.text
    assert "Reason: Say why" in page.text
    assert 'href="#f-reason"' in page.html
    assert 'id="f-reason"' in page.html
    assert "Go back" not in page.text
    assert page.html.count('<details class="ask" data-menu open>') == 1
    done = await reader.send(page, action, **{"reason": "Because of the steel", **sent})
    assert done.status == 200, done.text
    assert "There is a problem" not in done.text


async def test_an_act_on_an_order_without_its_reason_is_asked_again_on_the_page(client_of):
    company, supplier = await trading_pair()
    approver, buyer = Reader(await client_of(company.approver)), Reader(await client_of(company.buyer))
    waiting = await submitted_order(company, supplier)
    await asks_again(approver, f"/orders/{waiting.id}", "/return")
    order = await issued_order(company, supplier)
    await asks_again(buyer, f"/orders/{order.id}", "/hold")
    await asks_again(buyer, f"/orders/{order.id}", "/cancel")


async def test_a_decline_without_a_reason_is_asked_again(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    await commands.respond(supplier.order_desk, order.id, answer("CA", {"line": 1, "code": "3", "quantity": "9"}))
    await asks_again(Reader(await client_of(company.buyer)), f"/orders/{order.id}", "/decline")


async def test_a_rejection_without_a_reason_is_asked_again(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    desk = Reader(await client_of(supplier.order_desk))
    page = await desk.open(f"/orders/{order.id}")
    rejecting = next(form for form in page.forms if form.values.get("code") == "RE")
    again = await desk.client.post(rejecting.action, data=rejecting.values)
    assert again.status_code == 422
    assert "Reason: Say why" in again.text


async def test_a_reversal_and_decisions_on_invoices_without_reasons_are_asked_again(client_of):
    company, supplier, order = await delivered_order(accepted=(8,))
    (line,) = await lines_of(supplier.billing, order.id)
    payable = Reader(await client_of(company.payable))
    differing = await submitted_invoice(supplier, order, billed(line, "9"))
    await asks_again(payable, f"/invoices/{differing.id}", "/dispute")
    await asks_again(payable, f"/invoices/{differing.id}", "/reject")
    receipt = await received_goods(company, await accepted_order(company, supplier), "1")
    await asks_again(Reader(await client_of(company.receiver)), f"/receipts/{receipt.id}", "/reverse")


async def test_the_browser_insists_on_the_reason_too(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    page = await Reader(await client_of(company.buyer)).open(f"/orders/{order.id}")
    asked = page.html.count('name="reason"')
    assert asked >= 2
    assert page.html.count("required") >= asked
