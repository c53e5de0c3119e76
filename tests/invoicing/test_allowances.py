"""Allowances lower what is billed, each at its own tax: no invoice comes to less than nothing."""

import psycopg
import pytest

from portal.invoicing import commands
from portal.invoicing.forms import InvoiceEdit
from portal.platform.convert import convert
from portal.platform.refusals import Invalid
from tests.harness.invoices import billed, delivered_order, draft_invoice, invoice_body, lines_of
from tests.harness.pages import Page
from tests.harness.world import line

INVOICES = "/api/v1/invoices"


def less(amount: str | None, category: str = "S", rate: str = "19", percent: str | None = None) -> dict[str, str]:
    said = {"description": "Bonus", "tax_category": category, "tax_rate": rate}
    return said | ({"amount": amount} if amount else {"percent": percent or ""})


async def goods_without_tax():
    """Ten pieces at 50 without tax, which came."""
    return await delivered_order(line(quantity="10", unit_price="50", tax_category="Z", tax_rate="0"))


@pytest.mark.parametrize(
    ("allowances", "field"),
    [
        ([less("500")], "allowances.0.tax_rate"),
        ([less("10", "S", "25")], "allowances.0.tax_rate"),
        ([less(None, "S", "25", percent="10")], "allowances.0.tax_rate"),
        ([less("500.01", "Z", "0")], "allowances.0.amount"),
        ([less("300", "Z", "0"), less("200.01", "Z", "0")], "allowances.1.amount"),
        ([less("100", "Z", "0"), less(None, "Z", "0", percent="90")], "allowances.1.percent"),
    ],
)
async def test_an_allowance_never_lowers_a_tax_that_nothing_is_billed_at(client_of, allowances, field):
    _company, supplier, order = await goods_without_tax()
    billing = await client_of(supplier.billing)
    refused = await billing.post(INVOICES, json=invoice_body(order, allowances=allowances))
    assert (refused.status_code, [error["field"] for error in refused.json()["errors"]]) == (422, [field])


async def test_a_charge_may_bring_its_own_tax_and_an_allowance_lowers_it_to_nothing_at_most(client_of):
    _company, supplier, order = await goods_without_tax()
    billing = await client_of(supplier.billing)
    freight = {"description": "Freight", "amount": "50", "tax_category": "S", "tax_rate": "19"}
    body = invoice_body(order, charges=[freight], allowances=[less("50")])
    made = await billing.post(INVOICES, json=body)
    assert [made.json()["totals"][name] for name in ("net", "tax", "gross")] == ["500.00", "0.00", "500.00"]
    refused = await billing.post(INVOICES, json=body | {"number": "R-2", "allowances": [less("50.01")]})
    assert [error["field"] for error in refused.json()["errors"]] == ["allowances.0.amount"]


async def test_a_draft_whose_lines_shrink_below_its_allowance_is_not_saved():
    _company, supplier, order = await goods_without_tax()
    draft = await draft_invoice(supplier, order, allowances=[less("400", "Z", "0")])
    (goods,) = await lines_of(supplier.billing, order.id)
    with pytest.raises(Invalid) as refused:
        await commands.edit(supplier.billing, draft.id, convert(InvoiceEdit, {"lines": [billed(goods, "7", "50")]}))
    assert [error.field for error in refused.value.errors] == ["allowances.0.amount"]


async def test_the_page_says_it_at_the_field(client_of):
    _company, supplier, order = await goods_without_tax()
    billing = await client_of(supplier.billing)
    (goods,) = await lines_of(supplier.billing, order.id)
    typed = {
        "number": "R-1", "issue_date": "2026-11-20", "act": "totals",
        "lines.0.order_line_id": str(goods), "lines.0.quantity": "10", "lines.0.unit_price": "50",
        "lines.0.tax_category": "Z", "lines.0.tax_rate": "0",
        "allowances.0.description": "Bonus", "allowances.0.amount": "500",
        "allowances.0.tax_category": "S", "allowances.0.tax_rate": "19",
    }  # fmt: skip
    shown = Page(await billing.post(f"/orders/{order.id}/invoice", data=typed))
    assert shown.text.count("an allowance is taxed as what it lowers") >= 1
    assert "allowances-0-tax_rate" in shown.html


async def test_the_database_keeps_no_invoice_of_less_than_nothing(superuser):
    _company, supplier, order = await goods_without_tax()
    draft = await draft_invoice(supplier, order)
    with pytest.raises(psycopg.errors.CheckViolation, match="invoice_owes"):
        superuser.execute("update invoice set tax = -95, gross = net - 95 where id = %s", [draft.id])
