"""An answer that no document could carry is refused where it is given, and one that was stored still shows."""

from decimal import Decimal

import pytest

from portal.orders import commands
from tests.harness.world import answer, issued_order, line, order_body, trading_pair

MOST = "999999999999"


async def answered(client_of, *entries, lines=(line(quantity="10000", unit_price="1.00"),)):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, *lines)
    desk = await client_of(supplier.order_desk)
    path = f"/api/v1/purchase-orders/{order.id}"
    given = await desk.post(f"{path}/responses", json={"code": "CA", "lines": list(entries)})
    state = (await desk.get(path)).json()["state"]
    return given, state


def fields(given) -> list[str]:
    return [error["field"] for error in given.json()["errors"]]


async def test_a_price_that_no_document_can_carry_is_refused_at_its_field(client_of):
    given, state = await answered(client_of, {"line": 1, "code": "3", "unit_price": MOST})
    assert (given.status_code, state) == (422, "issued")
    assert fields(given) == ["lines.0.unit_price"]


async def test_a_price_is_judged_by_the_quantity_ordered_too(client_of):
    given, state = await answered(client_of, {"line": 1, "code": "3", "unit_price": MOST, "quantity": "1"})
    assert (given.status_code, state) == (422, "issued")
    assert fields(given) == ["lines.0.unit_price"]


async def test_a_split_into_more_than_any_line_can_hold_is_refused_at_its_field(client_of):
    given, state = await answered(client_of, *[{"line": 1, "code": "3", "quantity": MOST}] * 4000)
    assert (given.status_code, state) == (422, "issued")
    assert fields(given) == ["lines.0.quantity"]


async def test_lines_that_come_to_too_much_together_are_refused(client_of):
    lines = [line(quantity="1000", unit_price="1.00")] * 4
    entries = [{"line": 2, "code": "5"}]
    entries += [{"line": number, "code": "3", "unit_price": "300000000000"} for number in (1, 2, 3, 4)]
    given, state = await answered(client_of, *entries, lines=lines)
    assert (given.status_code, state) == (422, "issued")
    assert fields(given) == ["lines"]


async def test_every_line_at_fault_is_named_at_once(client_of):
    entries = [{"line": 1, "code": "3", "unit_price": MOST}, {"line": 2, "code": "5"}]
    entries += [{"line": 3, "code": "3", "quantity": MOST}] * 2
    given, _state = await answered(client_of, *entries, lines=[line(quantity="10000", unit_price="1")] * 3)
    assert fields(given) == ["lines.0.unit_price", "lines.2.quantity"]


@pytest.mark.parametrize("price", ["0", "0.0001"])
async def test_a_supplier_does_not_make_a_line_free_of_charge_by_its_price(client_of, price):
    given, state = await answered(client_of, {"line": 1, "code": "3", "unit_price": price}, lines=[line(quantity="2")])
    assert (given.status_code, state) == (422, "issued")
    assert fields(given) == ["lines.0.unit_price"]


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
