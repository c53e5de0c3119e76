"""What comes to too much for any document, or to nothing."""

from decimal import Decimal

import pytest

from portal.orders import commands
from tests.harness.world import answer, issued_order, line, order_body, trading_pair

MOST = "999999999999"


def fields(given) -> list[str]:
    return [error["field"] for error in given.json()["errors"]]


async def test_a_stored_answer_of_that_kind_still_shows_and_can_be_declined(client_of, superuser):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(quantity="10000", unit_price="1.00"))
    given = await commands.respond(
        supplier.order_desk, order.id, answer("CA", {"line": 1, "code": "3", "unit_price": "1.10"})
    )
    superuser.execute("set session_replication_role = replica")
    superuser.execute(
        "update order_response_line set unit_price = %s where response_id = %s", [Decimal(MOST), given.response.id]
    )
    superuser.execute("set session_replication_role = origin")
    buyer, desk = await client_of(company.buyer), await client_of(supplier.order_desk)

    for client in (buyer, desk):
        assert (await client.get(f"/orders/{order.id}")).status_code == 200
    accepted = await buyer.post(f"/api/v1/purchase-orders/{order.id}/responses/{given.response.id}/accept")
    assert accepted.status_code == 409, accepted.text
    declined = await buyer.post(f"/api/v1/purchase-orders/{order.id}/responses/{given.response.id}/decline")
    assert declined.json()["state"] == "issued"
    for client in (buyer, desk):
        assert (await client.get(f"/orders/{order.id}")).status_code == 200


FREE = [{"discount": "100"}, {"base_quantity": MOST}, {"unit_price": "0"}, {"discount": "100", "unit_price": "0"}]


@pytest.mark.parametrize("changes", FREE)
async def test_a_line_that_comes_to_nothing_says_that_it_is_free_of_charge(client_of, changes):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)

    refused = await client.post("/api/v1/purchase-orders", json=order_body(supplier, [line(**changes)]))
    assert refused.status_code == 422
    assert fields(refused) == [f"lines.0.{next(iter(changes))}"]

    said = await client.post(
        "/api/v1/purchase-orders", json=order_body(supplier, [line(**changes, free_of_charge=True)])
    )
    assert said.status_code == 201, said.text
    assert said.json()["totals"]["gross"] == "0.00"


async def test_a_line_that_costs_something_is_not_free_of_charge(client_of):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)
    refused = await client.post(
        "/api/v1/purchase-orders", json=order_body(supplier, [line(unit_price="5", free_of_charge=True)])
    )
    assert refused.status_code == 422
    assert fields(refused) == ["lines.0.free_of_charge"]
