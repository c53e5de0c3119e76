"""Approving, disputing, rejecting, settling: who may, who may not, and what follows."""

from datetime import date

import msgspec
import pytest

from portal.invoicing import commands
from portal.orders import commands as orders
from portal.platform.actor import Scope
from portal.platform.refusals import Denied, NotFound
from tests.harness.credits import approved_credit
from tests.harness.invoices import (
    TODAY,
    approved_invoice,
    billed,
    delivered,
    delivered_order,
    draft_invoice,
    invoice_body,
    lines_of,
    submitted_invoice,
)
from tests.harness.world import a_colleague, accepted_order, line, trading_pair

INVOICES = "/api/v1/invoices"


async def test_an_invoice_that_differs_is_approved_only_with_a_reason(client_of):
    company, supplier, order = await delivered_order(accepted=(8,))
    (key,) = await lines_of(supplier.billing, order.id)
    invoice = await submitted_invoice(supplier, order, billed(key, "10"))
    payable = await client_of(company.payable)
    path = f"{INVOICES}/{invoice.id}"

    refused = await payable.post(f"{path}/approve", json={})
    assert refused.status_code == 409
    assert [error["field"] for error in refused.json()["errors"]] == ["lines.0"]
    approved = await payable.post(f"{path}/approve", json={"reason": "The other two are at the gate"})
    assert approved.json()["state"] == "approved"
    found = (await payable.get(f"{path}/matching")).json()["exceptions"]
    assert [(each["resolution"], each["resolution_reason"]) for each in found] == [
        ("accepted", "The other two are at the gate")
    ]


async def test_a_disputed_invoice_names_its_reason_to_the_supplier_and_can_be_approved_later(client_of):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    billing, payable = await client_of(supplier.billing), await client_of(company.payable)
    path = f"{INVOICES}/{invoice.id}"
    disputed = await payable.post(f"{path}/dispute", json={"reason": "We agreed on a lower price"})
    assert disputed.json()["status_code"] == "UQ"
    seen = (await billing.get(path)).json()
    assert "We agreed on a lower price" in seen["payment"]["blocker"]
    assert (await payable.post(f"{path}/dispute")).status_code == 409
    assert (await payable.post(f"{path}/approve")).json()["state"] == "approved"


async def test_a_rejected_invoice_gives_its_quantity_back(client_of):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    billing, payable = await client_of(supplier.billing), await client_of(company.payable)
    rejected = await payable.post(f"{INVOICES}/{invoice.id}/reject", json={"reason": "Wrong recipient"})
    assert (rejected.json()["status_code"], rejected.json()["reason"]) == ("RE", "Wrong recipient")
    seen = (await billing.get(f"/api/v1/purchase-orders/{order.id}")).json()
    assert (seen["invoice_status"], seen["lines"][0]["invoiced"]) == ("none", "0")
    again = (await billing.post(INVOICES, json=invoice_body(order))).json()
    assert [each["quantity"] for each in again["lines"]] == ["10"]


async def test_an_invoice_of_an_order_cancelled_meanwhile_can_still_be_rejected(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    invoice = await submitted_invoice(supplier, order)
    await orders.cancel(company.buyer, order.id, "The project was stopped")
    payable = await client_of(company.payable)
    assert (await payable.post(f"{INVOICES}/{invoice.id}/approve")).status_code == 409
    rejected = await payable.post(f"{INVOICES}/{invoice.id}/reject", json={"reason": "The order was cancelled"})
    assert rejected.status_code == 200, rejected.text
    assert (await payable.get(f"/api/v1/purchase-orders/{order.id}")).json()["lines"][0]["invoiced"] == "0"


async def test_open_differences_of_a_rejected_invoice_are_closed_with_it(client_of):
    company, supplier, order = await delivered_order(accepted=(8,))
    (key,) = await lines_of(supplier.billing, order.id)
    invoice = await submitted_invoice(supplier, order, billed(key, "10"))
    await commands.reject(company.payable, invoice.id, "Too much")
    billing = await client_of(supplier.billing)
    found = (await billing.get(f"{INVOICES}/{invoice.id}/matching")).json()["exceptions"]
    assert [each["resolution"] for each in found] == ["rejected"]


async def test_payments_on_hold_name_the_day_instead_of_a_date(client_of):
    company, supplier, order = await delivered_order(payments_held_until=date(2199, 1, 1))
    invoice = await approved_invoice(company, supplier, order)
    billing = await client_of(supplier.billing)
    payment = (await billing.get(f"{INVOICES}/{invoice.id}")).json()["payment"]
    assert (payment["date"], payment["owner"]) == (None, "payable")
    assert "2199-01-01" in payment["blocker"]


async def test_who_received_the_goods_cannot_approve_their_invoice():
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    both = company.with_roles("receiver", "payable")
    await delivered(both, order, 10)
    invoice = await submitted_invoice(supplier, order)
    with pytest.raises(Denied):
        await commands.approve(both, invoice.id)
    assert (await commands.approve(company.payable, invoice.id)).state == "approved"


async def test_who_approved_the_invoice_cannot_receive_its_goods_afterwards():
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    both = await a_colleague(company, "receiver", "payable")
    (key,) = await lines_of(supplier.billing, order.id)
    invoice = await submitted_invoice(supplier, order, billed(key, "4"))
    await commands.approve(both, invoice.id, "Paid in advance")
    with pytest.raises(Denied):
        await delivered(both, order, 10)


async def test_an_administrator_never_approves_even_as_a_payable():
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    with pytest.raises(Denied):
        await commands.approve(company.with_roles("payable", "administrator"), invoice.id)


async def test_nobody_but_a_payable_decides(client_of):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    others = [person for role, person in company.people.items() if role != "payable"]
    for person in [*others, *supplier.people.values()]:
        client = await client_of(person)
        for verb in ("approve", "dispute", "reject", "match"):
            assert (await client.post(f"{INVOICES}/{invoice.id}/{verb}")).status_code == 403, (person.roles, verb)
        paid = await client.post(f"{INVOICES}/{invoice.id}/settle", json={"date": TODAY, "reference": "X"})
        assert paid.status_code == 403, person.roles


async def test_only_the_suppliers_billing_invoices(client_of):
    company, supplier, order = await delivered_order()
    others = [person for role, person in supplier.people.items() if role != "billing"]
    for person in [*others, *company.people.values()]:
        client = await client_of(person)
        assert (await client.post(INVOICES, json=invoice_body(order))).status_code == 403, person.roles


async def test_what_is_not_yours_is_not_found(client_of):
    _company, supplier, order = await delivered_order()
    draft = await draft_invoice(supplier, order)
    rival_buyer, rival = await trading_pair()
    theirs, stranger = await client_of(rival.billing), await client_of(rival_buyer.payable)
    for client in (theirs, stranger):
        assert (await client.get(f"{INVOICES}/{draft.id}")).status_code == 404
        assert (await client.get(f"{INVOICES}/{draft.id}/matching")).status_code == 404
    assert (await theirs.post(f"{INVOICES}/{draft.id}/submit")).status_code == 404
    assert (await theirs.patch(f"{INVOICES}/{draft.id}", json={"number": "X"})).status_code == 404
    assert (await theirs.delete(f"{INVOICES}/{draft.id}")).status_code == 404
    assert (await theirs.post(INVOICES, json=invoice_body(order))).status_code == 404
    await commands.submit(supplier.billing, draft.id)
    assert (await stranger.post(f"{INVOICES}/{draft.id}/approve")).status_code == 404
    listed = (await theirs.get(INVOICES)).json()["items"] + (await stranger.get(INVOICES)).json()["items"]
    assert listed == []


async def test_a_payable_of_one_site_does_not_decide_for_another():
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    elsewhere = msgspec.structs.replace(company.payable, scope=Scope(sites=(company.id,)))
    with pytest.raises(NotFound):
        await commands.approve(elsewhere, invoice.id)


async def test_an_order_that_is_billed_is_not_cancelled(client_of):
    """Its invoice would be paid for goods that never come; once that is rejected or credited it can be."""
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(match_basis="two_way"))
    invoice = await approved_invoice(company, supplier, order)
    buyer = await client_of(company.buyer)
    path = f"/api/v1/purchase-orders/{order.id}/cancel"
    refused = await buyer.post(path, json={"reason": "Not needed"})
    assert (refused.status_code, invoice.number in refused.json()["detail"]) == (409, True)
    await approved_credit(company, supplier, invoice)
    assert (await buyer.post(path, json={"reason": "Not needed"})).status_code == 200


async def test_an_invoice_of_an_order_that_is_cancelled_is_approved_only_with_a_reason(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(match_basis="two_way"))
    invoice = await submitted_invoice(supplier, order)
    await orders.cancel(company.buyer, order.id, "Not needed")
    payable = await client_of(company.payable)
    assert (await payable.post(f"{INVOICES}/{invoice.id}/approve")).status_code == 409
