"""Impossible invoices get a clear answer, with every field at once."""

import json

import msgspec
import pytest

from portal.platform.actor import ApprovalLimit
from tests.harness.invoices import TODAY, billed, delivered_order, invoice_body, lines_of, submitted_invoice
from tests.harness.world import accepted_order, line, trading_pair

INVOICES = "/api/v1/invoices"
BAD_NUMBERS = ["-1", "NaN", "Infinity", "1e3", "1" * 44, "0.0000001", "", " 1", "1,5", None, 5]


async def fields_refused(client, body: dict) -> list[str]:
    refused = await client.post(INVOICES, json=body)
    assert refused.status_code == 422, refused.text
    return [error["field"] for error in refused.json()["errors"]]


async def test_every_wrong_field_is_named_at_once(client_of):
    _company, supplier, order = await delivered_order()
    billing = await client_of(supplier.billing)
    (key,) = await lines_of(supplier.billing, order.id)
    body = {
        "order_id": "nobody",
        "number": "",
        "issue_date": "2026-02-30",
        "due_date": "yesterday",
        "supplier_id": str(supplier.id),
        "charges": [{"description": "Freight", "amount": "-4", "tax_category": "X", "tax_rate": "19"}],
        "lines": [billed(key, "-1", "-0.01", allowance="1.005")],
    }
    assert await fields_refused(billing, body) == [
        "number",
        "issue_date",
        "order_id",
        "due_date",
        "charges.0.amount",
        "charges.0.tax_category",
        "lines.0.quantity",
        "lines.0.unit_price",
        "lines.0.allowance",
        "supplier_id",
    ]


async def test_no_number_that_is_none_gets_in(client_of):
    _company, supplier, order = await delivered_order()
    billing = await client_of(supplier.billing)
    (key,) = await lines_of(supplier.billing, order.id)
    for bad in BAD_NUMBERS:
        fields = await fields_refused(billing, invoice_body(order, lines=[billed(key, bad)]))
        assert fields == ["lines.0.quantity"], bad
    for bad in ("-1", "NaN", "1" * 44, "0.123456789"):
        fields = await fields_refused(billing, invoice_body(order, lines=[billed(key, "1", bad)]))
        assert fields == ["lines.0.unit_price"], bad


async def test_an_invoice_is_for_an_order_or_a_despatch_advice_never_both_or_none(client_of):
    _company, supplier, order = await delivered_order()
    billing = await client_of(supplier.billing)
    await fields_refused(billing, invoice_body())
    await fields_refused(billing, invoice_body(order, despatch_advice_id=str(order.id)))
    await fields_refused(billing, {})


async def test_lines_of_other_orders_and_lines_twice_are_named(client_of):
    _company, supplier, order = await delivered_order(line(), line(), accepted=(10, 10))
    _other, other_supplier, foreign = await delivered_order()
    billing = await client_of(supplier.billing)
    first, second = await lines_of(supplier.billing, order.id)
    (strange,) = await lines_of(other_supplier.billing, foreign.id)
    body = invoice_body(order, lines=[billed(first), billed(strange), billed(order.id)])
    assert await fields_refused(billing, body) == ["lines.1.order_line_id", "lines.2.order_line_id"]
    body = invoice_body(order, lines=[billed(first), billed(second), billed(first)])
    assert await fields_refused(billing, body) == ["lines.0.order_line_id", "lines.2.order_line_id"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tax_category": "Z", "tax_rate": "19"}, "lines.0.tax_rate"),
        ({"tax_rate": "0"}, "lines.0.tax_rate"),
        ({"allowance": "125.01"}, "lines.0.allowance"),
        ({"quantity": "999999999999", "unit_price": "999999999999"}, "lines.0.unit_price"),
    ],
)
async def test_lines_that_no_document_can_carry_are_refused(client_of, changes, field):
    _company, supplier, order = await delivered_order()
    billing = await client_of(supplier.billing)
    (key,) = await lines_of(supplier.billing, order.id)
    assert await fields_refused(billing, invoice_body(order, lines=[billed(key, **changes)])) == [field]


async def test_amounts_have_the_currencys_decimals(client_of):
    company, supplier = await trading_pair()
    company.people["approver"] = msgspec.structs.replace(company.approver, limit=ApprovalLimit("JPY", None, None))
    order = await accepted_order(company, supplier, line(unit_price="1250"), currency="JPY")
    billing = await client_of(supplier.billing)
    (key,) = await lines_of(supplier.billing, order.id)
    charge = {"description": "Freight", "amount": "10.50", "tax_category": "S", "tax_rate": "10"}
    allowance = invoice_body(order, lines=[billed(key, allowance="0.5")])
    assert await fields_refused(billing, allowance) == ["lines.0.allowance"]
    assert await fields_refused(billing, invoice_body(order, charges=[charge])) == ["charges.0.amount"]


async def test_an_invoice_is_not_due_before_its_date(client_of):
    _company, supplier, order = await delivered_order()
    billing = await client_of(supplier.billing)
    body = invoice_body(order, issue_date="2026-11-21", due_date="2026-11-20")
    assert await fields_refused(billing, body) == ["due_date"]
    draft = (await billing.post(INVOICES, json=invoice_body(order))).json()
    refused = await billing.patch(f"{INVOICES}/{draft['id']}", json={"due_date": "2020-01-01"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "due_date")


async def test_settling_needs_a_day_and_a_reference(client_of):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    payable = await client_of(company.payable)
    refused = await payable.post(f"{INVOICES}/{invoice.id}/settle", json={})
    assert [error["field"] for error in refused.json()["errors"]] == ["date", "reference"]
    given = {"date": TODAY, "reference": "SEPA 7"}
    assert (await payable.post(f"{INVOICES}/{invoice.id}/settle", json=given)).status_code == 409


@pytest.mark.parametrize("text", ["\x00", "\ud800", "a\u202eb", "x" * 101])
async def test_numbers_nobody_could_read_are_refused(client_of, text):
    _company, supplier, order = await delivered_order()
    billing = await client_of(supplier.billing)
    body = json.dumps(invoice_body(order, number=text))
    refused = await billing.post(INVOICES, content=body, headers={"content-type": "application/json"})
    assert refused.status_code == 422, refused.text
