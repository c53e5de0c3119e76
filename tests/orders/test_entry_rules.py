"""What an order cannot say, and by whose calendar its number is taken."""

from datetime import UTC, datetime

import pytest

from portal.orders import commands
from portal.orders.forms import OrderForm
from portal.platform.convert import convert
from portal.platform.ids import new_id
from tests.harness.world import approve_supplier, buying_company, line, order_body, selling_company, trading_pair

ORDERS = "/api/v1/purchase-orders"


@pytest.mark.parametrize("body", [{"contract_id": str(new_id())}, {"ship_to": {"country": "Atlantis"}}])
async def test_an_order_names_no_contract_that_is_not_in_force_and_no_country_that_is_none(client_of, body):
    company, supplier = await trading_pair()
    requester = await client_of(company.requester)

    refused = await requester.post(ORDERS, json=order_body(supplier, **body))

    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] in (["contract_id"], ["ship_to.country"])
    harmless = {"contract_id": None, "ship_to": {"city": "Kiel", "country": "DE"}}
    assert (await requester.post(ORDERS, json=order_body(supplier, **harmless))).status_code == 201


async def test_what_is_wrong_in_header_and_lines_is_told_at_once(client_of):
    company, supplier = await trading_pair()
    requester = await client_of(company.requester)
    wrong = {"contract_id": str(new_id()), "site_id": str(new_id()), "supplier_id": str(new_id())}
    body = order_body(supplier, [line(item_id=str(new_id())), line(unit_price="0")]) | wrong

    refused = await requester.post(ORDERS, json=body)

    fields = [error["field"] for error in refused.json()["errors"]]
    assert fields == ["supplier_id", "contract_id", "site_id", "lines.0.item_id", "lines.1.unit_price"]


async def test_an_orders_number_is_of_the_year_that_the_buyer_writes(clock):
    company, supplier = await buying_company(time_zone="Asia/Shanghai"), await selling_company()
    await approve_supplier(company.supplier_manager, supplier.id)
    await clock(datetime(2030, 12, 31, 20, tzinfo=UTC))

    order = await commands.create(company.requester, convert(OrderForm, order_body(supplier)))

    assert order.number.startswith("PO-2031-")
