"""An order that is closed still takes an invoice for what was delivered, and both sides read that it came late."""

import pytest

from portal.invoicing import commands
from portal.orders import commands as orders
from portal.platform.refusals import Conflict
from tests.harness.invoices import TODAY, billed, delivered_order, lines_of, submitted_invoice
from tests.harness.world import line


async def test_what_was_delivered_is_billed_after_the_order_was_closed(client_of):
    company, supplier, order = await delivered_order(accepted=(6,))
    await orders.close(company.buyer, order.id)
    invoice = await submitted_invoice(supplier, order)

    assert invoice.late
    assert (await commands.approve(company.payable, invoice.id)).state == "approved"
    for side in (supplier.billing, company.payable):
        client = await client_of(side)
        told = (await client.get(f"/api/v1/invoices/{invoice.id}")).json()
        assert (told["late"], told["lines"][0]["quantity"], told["match_state"]) == (True, "6", "matched")
        assert "A late invoice" in (await client.get(f"/invoices/{invoice.id}")).text


async def test_what_never_came_is_not_billed_once_the_order_is_closed():
    company, supplier, order = await delivered_order(accepted=(6,))
    [ordered] = await lines_of(supplier.billing, order.id)
    await orders.close(company.buyer, order.id)
    with pytest.raises(Conflict, match=r"6 .* came") as refused:
        await submitted_invoice(supplier, order, billed(ordered, "7"))
    assert [error.field for error in refused.value.errors] == ["lines.0.quantity"]


async def test_a_charge_of_a_closed_order_is_billed_though_nothing_of_it_comes():
    company, supplier, order = await delivered_order(
        line(), line(kind="charge", description="Freight", quantity="1", unit_price="40"), accepted=(10,)
    )
    await orders.close(company.buyer, order.id)
    assert (await submitted_invoice(supplier, order)).late


async def test_a_payment_is_told_to_both_sides_with_day_and_reference(client_of):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    payable = await client_of(company.payable)
    path = f"/api/v1/invoices/{invoice.id}"
    assert (await payable.post(f"{path}/approve")).status_code == 200
    settled = await payable.post(f"{path}/settle", json={"date": TODAY, "reference": "TRF-2026-11"})
    assert settled.status_code == 200
    for side in (supplier.billing, company.payable):
        client = await client_of(side)
        told = (await client.get(path)).json()
        assert (told["settled_on"], told["settlement_reference"]) == (TODAY, "TRF-2026-11")
        assert "TRF-2026-11" in (await client.get(f"/invoices/{invoice.id}")).text
