"""Differences have owners: purchasing decides on prices and charges, accounts payable on what is reckoned from them."""

import pytest

from portal.invoicing import commands
from portal.invoicing.forms import Acceptance
from portal.invoicing.pages.queues import TO_RESOLVE
from portal.orders import commands as orders
from portal.orders.forms import OrderForm
from portal.platform.convert import convert
from portal.platform.refusals import Denied
from portal.platform.work import viewing
from tests.harness.invoices import billed, delivered, delivered_order, lines_of, submitted_invoice
from tests.harness.pages import Page, Reader
from tests.harness.world import a_colleague, accepted_order, answer, line, order_body, trading_pair

INVOICES = "/api/v1/invoices"


async def dear_and_too_many(**terms):
    """Ten billed at 14.00 where eight came, ordered at 12.50."""
    company, supplier, order = await delivered_order(accepted=(8,), **terms)
    (key,) = await lines_of(supplier.billing, order.id)
    return company, supplier, order, await submitted_invoice(supplier, order, billed(key, "10", "14.00"))


async def owners(client, invoice) -> dict[str, str]:
    """The open differences: role → id."""
    found = (await client.get(f"{INVOICES}/{invoice.id}/matching")).json()["exceptions"]
    return {each["owner_role"]: each["id"] for each in found if each["resolution"] == "open"}


async def test_a_payable_cannot_take_another_price_than_purchasing_agreed(client_of):
    company, _supplier, _order, invoice = await dear_and_too_many()
    payable, buyer = await client_of(company.payable), await client_of(company.buyer)
    path = f"{INVOICES}/{invoice.id}"
    open_ones = await owners(payable, invoice)
    said = {"reason": "It is fine"}

    refused = await payable.post(f"{path}/approve", json=said)
    assert refused.status_code == 409
    assert [(each["field"], "price" in each["message"]) for each in refused.json()["errors"]] == [("lines.0", True)]
    assert "purchasing" in refused.json()["detail"]
    assert (await payable.post(f"{path}/exceptions/{open_ones['buyer']}/accept", json=said)).status_code == 403
    assert (await buyer.post(f"{path}/exceptions/{open_ones['payable']}/accept", json=said)).status_code == 403
    assert (await buyer.post(f"{path}/approve", json=said)).status_code == 403

    took = await buyer.post(f"{path}/exceptions/{open_ones['buyer']}/accept", json={"reason": "New price list"})
    assert (took.status_code, took.json()["state"]) == (200, "exceptions")
    assert (await payable.post(f"{path}/approve")).status_code == 409
    approved = await payable.post(f"{path}/approve", json={"reason": "The other two are at the gate"})
    assert (approved.json()["state"], approved.json()["match_state"]) == ("approved", "resolved")
    told = (await payable.get(f"{path}/matching")).json()["exceptions"]
    assert {each["kind"]: each["resolution_reason"] for each in told} == {
        "price": "New price list",
        "quantity": "The other two are at the gate",
    }


async def test_once_every_owner_has_accepted_the_invoice_is_approved_without_more_words(client_of, superuser):
    company, supplier, order, invoice = await dear_and_too_many()
    payable, buyer = await client_of(company.payable), await client_of(company.buyer)
    billing = await client_of(supplier.billing)
    path = f"{INVOICES}/{invoice.id}"
    open_ones = await owners(payable, invoice)
    for role, client in (("buyer", buyer), ("payable", payable)):
        assert (await billing.get(path)).json()["status_code"] == "IP"
        sent = await client.post(f"{path}/exceptions/{open_ones[role]}/accept", json={"reason": "Right so"})
        assert sent.status_code == 200, sent.text
    seen = (await billing.get(path)).json()
    assert (seen["match_state"], seen["status_code"], seen["payment"]["owner"]) == ("resolved", "AB", "payable")
    assert [each["number"] for each in (await payable.get(f"{INVOICES}?match_state=resolved")).json()["items"]] == [
        invoice.number
    ]
    assert (await payable.post(f"{path}/match")).json()["match_state"] == "resolved"
    assert (await payable.post(f"{path}/approve")).json()["state"] == "approved"
    log = "select count(*) from audit_entry where root_id = %s and event = 'invoice.exceptions-accepted'"
    assert superuser.execute(log, [order.id]).fetchone() == (2,)


async def test_a_difference_needs_a_reason_is_decided_once_and_only_before_the_decision(client_of):
    company, _supplier, _order, invoice = await dear_and_too_many()
    buyer = await client_of(company.buyer)
    at = f"{INVOICES}/{invoice.id}/exceptions/{(await owners(buyer, invoice))['buyer']}/accept"
    for nothing in ({}, {"reason": None}, {"reason": " "}):
        refused = await buyer.post(at, json=nothing)
        assert (refused.status_code, [each["field"] for each in refused.json()["errors"]]) == (422, ["reason"])
    assert (await buyer.post(at, json={"reason": "Yes"})).status_code == 200
    assert (await buyer.post(at, json={"reason": "Yes"})).status_code == 409

    company, _supplier, _order, rejected = await dear_and_too_many()
    buyer = await client_of(company.buyer)
    at = f"{INVOICES}/{rejected.id}/exceptions/{(await owners(buyer, rejected))['buyer']}/accept"
    await commands.reject(company.payable, rejected.id, "Too dear")
    assert (await buyer.post(at, json={"reason": "Yes"})).status_code == 409


async def test_a_difference_is_found_on_its_own_invoice_alone(client_of):
    company, _supplier, _order, one = await dear_and_too_many()
    other_company, other_supplier, _other_order, other = await dear_and_too_many()
    buyer, stranger = await client_of(company.buyer), await client_of(other_company.buyer)
    mine, theirs = await owners(buyer, one), await owners(stranger, other)
    said = {"reason": "Mine"}
    for invoice, exception in ((one, theirs["buyer"]), (other, mine["buyer"]), (other, theirs["buyer"])):
        answered = await buyer.post(f"{INVOICES}/{invoice.id}/exceptions/{exception}/accept", json=said)
        assert answered.status_code == 404
    desk = await client_of(other_supplier.billing)
    own = f"{INVOICES}/{other.id}/exceptions/{theirs['buyer']}/accept"
    assert (await desk.post(own, json=said)).status_code == 403


async def test_what_was_accepted_stays_accepted_only_while_its_figures_are_the_same():
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(quantity="20"))
    await delivered(company.receiver, order, 10)
    (key,) = await lines_of(supplier.billing, order.id)
    invoice = await submitted_invoice(supplier, order, billed(key, "12"))
    async with viewing(company.payable) as view:
        found = await view.value("select id from match_exception where invoice_id = $1", invoice.id)
    why = convert(Acceptance, {"reason": "Two are on their way"})
    await commands.accept_exception(company.payable, invoice.id, found, why)

    states = [(await commands.rematch(company.payable, invoice.id)).match_state]
    for _each in range(2):
        await delivered(company.receiver, order, 1)
        states.append((await commands.rematch(company.payable, invoice.id)).match_state)
    assert states == ["resolved", "exceptions", "matched"]


async def test_an_administrator_takes_no_difference_whatever_else_they_are():
    company, _supplier, _order, invoice = await dear_and_too_many()
    async with viewing(company.payable) as view:
        found = await view.value(
            "select id from match_exception where owner_role = 'buyer' and invoice_id = $1", invoice.id
        )
    with pytest.raises(Denied):
        why = convert(Acceptance, {"reason": "I may do anything"})
        await commands.accept_exception(company.with_roles("buyer", "administrator"), invoice.id, found, why)


async def test_the_buyer_is_led_from_home_to_the_difference_and_the_payable_waits(client_of):
    company, _supplier, _order, invoice = await dear_and_too_many()
    buyer, payable = Reader(await client_of(company.buyer)), Reader(await client_of(company.payable))
    path = f"/invoices/{invoice.id}"
    assert any(link.startswith(path) for link in (await buyer.open("/")).links.values())
    assert not (await payable.open(path)).offers("/approve")
    page = await buyer.open(path)
    [accept] = [form.action for form in page.forms if form.action.endswith("/accept")]
    blank = await buyer.send(page, accept, reason=" ")
    assert blank.status == 422
    done = await buyer.send(page, accept, reason="New price list")
    assert "The difference is accepted." in done.text
    assert "New price list" in done.text
    async with viewing(company.buyer) as view:
        assert await TO_RESOLVE.load(view) == (0, [])
    page = await payable.open(path)
    assert page.offers("/approve")
    await payable.send(page, f"{path}/approve", reason="The rest is at the gate")
    assert "Approved" in (await payable.open(path)).text


async def test_who_entered_the_order_is_offered_no_decision_and_told_who_decides(client_of):
    """Neither a button that leads to a refusal nor an entry among what waits for them."""
    company, supplier = await trading_pair()
    order = await orders.create(company.buyer, convert(OrderForm, order_body(supplier)))
    await orders.submit(company.buyer, order.id)
    await orders.approve(company.approver, order.id)
    await orders.issue(company.buyer, order.id)
    await orders.respond(supplier.order_desk, order.id, answer("AP"))
    await delivered(company.receiver, order, 10)
    (key,) = await lines_of(supplier.billing, order.id)
    invoice = await submitted_invoice(supplier, order, billed(key, "10", "14.00"))
    buyer = await client_of(company.buyer)
    page = Page(await buyer.get(f"/invoices/{invoice.id}"))
    assert not any("/exceptions/" in form.action for form in page.forms)
    assert "You entered an order of this invoice" in page.text
    assert "Nobody may decide on this" in page.text
    listed = Page(await buyer.get("/invoices", params={"open": "explain"}))
    assert invoice.number not in listed.text
    other = await a_colleague(company, "buyer")
    assert other.name in Page(await buyer.get(f"/invoices/{invoice.id}")).text
    theirs = await client_of(other)
    assert any("/exceptions/" in form.action for form in Page(await theirs.get(f"/invoices/{invoice.id}")).forms)
    for person, count in ((company.buyer, 0), (other, 1)):
        async with viewing(person) as view:
            assert (await TO_RESOLVE.load(view))[0] == count
