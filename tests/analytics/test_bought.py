"""What was bought of whom at what price, on the pages of suppliers and items."""

from datetime import date
from decimal import Decimal

import pytest

from portal.invoicing import commands as invoicing
from portal.invoicing.forms import Acceptance
from portal.invoicing.queries import open_exceptions
from portal.orders import commands as orders
from portal.organisations.commands import approve_supplier
from portal.platform.convert import convert
from portal.platform.work import viewing
from portal.web.charts import line_chart
from tests.harness.deliveries import ledger, received_goods
from tests.harness.invoices import billed, submitted_invoice
from tests.harness.pages import Page
from tests.harness.reorders import asked_for, order_of, priced_item
from tests.harness.world import (
    a_colleague,
    accepted_order,
    answer,
    draft_order,
    issued_order,
    line,
    selling_company,
    trading_pair,
)


async def bought(company, supplier, item, price: str, paid: str | None = None, *, approved: bool = True):
    """Ten pieces ordered at a price, received, and invoiced at another if one is given; the price is accepted."""
    order = await accepted_order(company, supplier, line(item_id=str(item.id), unit_price=price))
    if paid is not None:
        await received_goods(company, order, "10")
        (bill,) = [each.id for each in await ledger(company, order)]
        invoice = await submitted_invoice(supplier, order, billed(bill, "10", paid))
        if approved:
            async with viewing(company.buyer) as view:
                found = await open_exceptions(view, invoice.id)
            for each in found:
                why = convert(Acceptance, {"reason": "Agreed on the phone"})
                await invoicing.accept_exception(company.buyer, invoice.id, each.id, why)
            await invoicing.approve(company.payable, invoice.id)
    return order


async def test_the_last_price_paid_is_of_an_invoice_that_is_paid_or_approved(client_of):
    company, supplier = await trading_pair()
    item = await priced_item(company, supplier, "13.00")
    await bought(company, supplier, item, "11.10", paid="11.10")
    await bought(company, supplier, item, "11.20", paid="19.90", approved=False)
    shown = Page(await (await client_of(company.buyer)).get(f"/items/{item.id}"))
    assert "11.10" in shown.text
    assert "19.90" not in shown.text


async def test_an_items_page_tells_its_orders_suppliers_and_prices(client_of):
    company, supplier = await trading_pair()
    item = await priced_item(company, supplier, "13.00")
    first = await bought(company, supplier, item, "11.10", paid="11.60")
    second = await bought(company, supplier, item, "12.20")
    buyer, receiver = await client_of(company.buyer), await client_of(company.receiver)

    shown = Page(await buyer.get(f"/items/{item.id}"))
    assert {f"/orders/{first.id}", f"/orders/{second.id}"} <= set(shown.links.values())
    for price in ("11.10", "12.20", "11.60", "13.00"):
        assert price in shown.text
    assert '<path class="chart-line"' in shown.html
    blind = Page(await receiver.get(f"/items/{item.id}"))
    assert f"/orders/{first.id}" in blind.links.values()
    assert not any(price in blind.html for price in ("11.10", "12.20", "11.60", "13.00")), "no price leaks by a chart"
    assert "chart-line" not in blind.html


async def test_a_suppliers_page_tells_open_amounts_months_and_last_prices(client_of):
    company, supplier = await trading_pair()
    item = await priced_item(company, supplier, "13.00")
    await bought(company, supplier, item, "11.10", paid="11.10")
    await bought(company, supplier, item, "12.20")
    buyer, receiver = await client_of(company.buyer), await client_of(company.receiver)

    shown = Page(await buyer.get(f"/suppliers/{supplier.id}"))
    assert "Open amounts" in shown.text
    assert "122.00" in shown.text, "ordered and not received"
    assert "132.09" in shown.text, "invoiced with tax and not settled"
    assert "12.20" in shown.text
    assert "Month by month" in shown.text
    blind = Page(await receiver.get(f"/suppliers/{supplier.id}"))
    assert not any(price in blind.html for price in ("11.10", "12.20", "122.00", "132.09"))


async def test_a_supplier_sees_its_own_months_and_nobody_elses_prices(client_of):
    company, supplier = await trading_pair()
    item = await priced_item(company, supplier, "13.00")
    await bought(company, supplier, item, "11.10", paid="11.10")
    desk = await client_of(supplier.billing)
    shown = Page(await desk.get(f"/suppliers/{supplier.id}"))
    assert shown.status in (200, 403)
    assert (await desk.get(f"/items/{item.id}/orders")).status_code in (403, 404)
    assert (await desk.get(f"/suppliers/{supplier.id}/items")).text.count("13.00") == 0


async def test_prices_of_other_companies_are_never_among_them(client_of):
    company, supplier = await trading_pair()
    other, _supplier = await trading_pair()
    item = await priced_item(company, supplier, "13.00")
    await bought(company, supplier, item, "11.10")
    stranger = await client_of(other.buyer)
    for path in (f"/items/{item.id}", f"/items/{item.id}/orders", f"/suppliers/{supplier.id}/items"):
        assert (await stranger.get(path)).status_code == 404


async def test_drafts_are_no_prices(client_of):
    company, supplier = await trading_pair()
    item = await priced_item(company, supplier, "13.00")
    await draft_order(company, supplier, line(item_id=str(item.id), unit_price="77.70"))
    shown = Page(await (await client_of(company.buyer)).get(f"/items/{item.id}"))
    assert "chart-line" not in shown.html


@pytest.mark.parametrize("stopped", ["rejected", "cancelled"])
async def test_what_was_rejected_or_cancelled_was_neither_ordered_nor_a_price(client_of, stopped):
    company, supplier = await trading_pair()
    item = await priced_item(company, supplier, "13.00")
    await bought(company, supplier, item, "11.10")
    refused = await issued_order(company, supplier, line(item_id=str(item.id), unit_price="99.90"))
    if stopped == "rejected":
        await orders.respond(supplier.order_desk, refused.id, answer("RE", reason="Sold out"))
    else:
        await orders.cancel(company.buyer, refused.id, "Not needed")
    shown = Page(await (await client_of(company.buyer)).get(f"/suppliers/{supplier.id}"))
    assert "11.10" in shown.text
    assert "132.09" in shown.text, "ordered in this month"
    assert "99.90" not in shown.text


async def test_what_lies_outside_a_scope_is_not_counted(client_of, superuser):
    company, supplier = await trading_pair()
    item = await priced_item(company, supplier, "13.00")
    order = await accepted_order(company, supplier, line(item_id=str(item.id), unit_price="11.10"), cost_centre="CC-1")
    narrow = await a_colleague(company, "buyer")
    superuser.execute(
        "update membership set scope = %s where person_id = %s", ['{"cost_centres": ["CC-2"]}', narrow.person_id]
    )
    shown = Page(await (await client_of(narrow)).get(f"/items/{item.id}"))
    assert order.number not in shown.text


async def test_lists_go_on_page_by_page_and_pages_take_as_many_statements_for_many(client_of, counted):
    company, supplier = await trading_pair()
    items = [await priced_item(company, supplier, "13.00") for _ in range(12)]
    await order_of(company, supplier, *items[:1])
    buyer = await client_of(company.buyer)

    async def asked(path: str) -> int:
        await buyer.get("/profile")  # a session is looked up again after a while
        with counted() as statements:
            assert (await buyer.get(path)).status_code == 200
        return len(statements)

    paths = (f"/items/{items[0].id}", f"/suppliers/{supplier.id}", f"/suppliers/{supplier.id}/items")
    await asked(paths[0])
    few = [await asked(path) for path in paths]
    for _ in range(9):
        await order_of(company, supplier, *items)
    assert [await asked(path) for path in paths] == few
    shown = Page(await buyer.get(f"/items/{items[0].id}"))
    assert f'href="/items/{items[0].id}/orders"' in shown.html, "the rest is a page away"
    assert f'href="/suppliers/{supplier.id}/items"' in (await buyer.get(paths[1])).text


async def test_two_suppliers_are_two_lines_of_one_chart(client_of):
    company, supplier = await trading_pair()
    other = await selling_company()
    await approve_supplier(company.supplier_manager, other.id)
    item = await priced_item(company, supplier, "13.00")
    await asked_for(company, other, item, "14.00")
    await bought(company, supplier, item, "11.10")
    await bought(company, other, item, "12.20")
    shown = Page(await (await client_of(company.buyer)).get(f"/items/{item.id}"))
    assert ("chart-series-0" in shown.html, "chart-series-1" in shown.html) == (True, True)


@pytest.mark.parametrize("values", [["1"], ["0"], ["1", "1"], ["0.00000001", "12345678901.5"], ["3", "2", "9"]])
def test_every_point_lies_within_the_chart(values):
    chart = line_chart({"A": [(date(2026, 1, 1 + n), Decimal(value)) for n, value in enumerate(values)], "B": []})
    assert chart is not None
    for x, y in chart.lines[0].points:
        assert chart.left <= x <= chart.right
        assert 0 <= y <= chart.bottom
    assert line_chart({}) is None
