"""Words that are one in English and two in Chinese: each stands where it is meant."""

from typing import Any

import pytest

from portal.access.commands import change_language
from portal.organisations.commands import approve_supplier
from tests.harness.invoices import billed, delivered_order, lines_of, submitted_invoice
from tests.harness.pages import Page, Reader
from tests.harness.world import buying_company, issued_order, selling_company


@pytest.fixture
def read(client_of) -> Any:
    """`await read(actor, path)`: a page in Chinese."""

    async def read_(actor: Any, path: str) -> Page:
        await change_language(actor, "zh-Hans")
        client = await client_of(actor)
        return await Reader(client).open(path)

    return read_


async def test_a_place_of_delivery_is_no_day_and_a_category_no_amount(read):
    company, supplier = await buying_company(), await selling_company()
    await approve_supplier(company.supplier_manager, supplier.id)
    order = await issued_order(company, supplier)

    entry = await read(company.buyer, "/orders/new")
    assert "送货地址" in entry.text
    assert "税种" in entry.html
    shown = await read(company.buyer, f"/orders/{order.id}")
    assert "税率 19%" in shown.text
    assert "税额（19%，计税金额 125.00 EUR）" in shown.text


async def test_a_department_is_no_document_and_a_difference_is_not_an_open_order(read):
    company, supplier, order = await delivered_order(accepted=(8,))
    (ordered,) = await lines_of(company.payable, order.id)
    invoice = await submitted_invoice(supplier, order, billed(ordered, "10", "13.00"))

    page = await read(company.payable, f"/invoices/{invoice.id}")

    assert "采购部门" in page.text
    assert "待处理" in page.text
    assert "发票所载" in page.text


async def test_who_acted_is_no_partner_and_a_time_is_no_letterhead(read):
    company, _supplier = await buying_company(), await selling_company()

    page = await read(company.auditor, "/audit")

    assert [word for word in ("操作人", "起始日期", "截止日期") if word not in page.text] == []
    assert "对方" not in page.text
    assert "来自" not in page.text
