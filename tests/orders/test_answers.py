"""What a supplier's answer cannot say: refused at its fields, all at once, to pages and programs alike."""

from typing import Any

import pytest

from tests.harness.deliveries import despatched_goods
from tests.harness.pages import Reader
from tests.harness.world import issued_order, line, trading_pair

LATER = "2030-06-01"
PART = {"line": 1, "code": "3"}


async def refused(client_of: Any, *lines: dict[str, Any], ordered: int = 2) -> list[str]:
    """The fields at fault."""
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, *[line() for _each in range(ordered)])
    desk = await client_of(supplier.order_desk)
    path = f"/api/v1/purchase-orders/{order.id}"
    answer = await desk.post(f"{path}/responses", json={"code": "CA", "lines": list(lines)})
    assert answer.status_code == 422, answer.text
    assert (await desk.get(path)).json()["state"] == "issued"
    return [error["field"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("lines", "fields"),
    [
        pytest.param([PART, PART], ["lines.0.quantity", "lines.1.quantity"], id="a split without quantities"),
        pytest.param([PART | {"quantity": "4"}, PART], ["lines.1.quantity"], id="a split with one quantity"),
        pytest.param(
            [PART | {"quantity": "4", "unit_price": "12"}, PART | {"quantity": "6", "unit_price": "13"}],
            ["lines.1.unit_price"],
            id="a line at two prices",
        ),
        pytest.param(
            [PART | {"quantity": "4", "substitute_item": "A"}, PART | {"quantity": "6", "substitute_item": "B"}],
            ["lines.1.substitute_item"],
            id="a line of two items",
        ),
        pytest.param(
            [PART | {"quantity": "4"}, {"line": 1, "code": "7"}], ["lines.1.code"], id="a line rejected in part"
        ),
        pytest.param([{"line": 1, "code": "7"}] * 2, ["lines.0.code", "lines.1.code"], id="a line rejected twice"),
        pytest.param([{"line": 1, "code": "5"}] * 2, ["lines.0.code", "lines.1.code"], id="a line accepted twice"),
        pytest.param(
            [{"line": 1, "code": "5", "quantity": "8", "promised_date": LATER}],
            ["lines.0.quantity", "lines.0.promised_date"],
            id="accepted, but otherwise",
        ),
        pytest.param([{"line": 1, "code": "7", "unit_price": "1"}], ["lines.0.unit_price"], id="rejected at a price"),
        pytest.param([{"line": 1, "code": "7"}, {"line": 2, "code": "7"}], ["lines"], id="all lines rejected"),
        pytest.param([PART | {"quantity": "999999999999"}] * 2, ["lines.0.quantity"], id="more than any line holds"),
        pytest.param(
            [PART | {"quantity": "999999999999", "unit_price": "999999999999"}],
            ["lines.0.unit_price"],
            id="more than any document carries",
        ),
        pytest.param(
            [{"line": each, "code": code, "quantity": "1"} for each, code in ((9, "3"), (1, "5"), (2, "7"))],
            ["lines.0.line", "lines.1.quantity", "lines.2.quantity"],
            id="everything at once",
        ),
    ],
)  # fmt: skip
async def test_an_answer_that_cannot_be_meant_is_refused_at_its_fields(client_of, lines, fields):
    assert await refused(client_of, *lines) == fields


async def test_amounts_that_no_document_carries_together_are_refused(client_of):
    large = {"code": "3", "quantity": "999999999999", "unit_price": "900"}
    assert await refused(client_of, large | {"line": 1}, large | {"line": 2}) == ["lines"]


async def test_less_than_what_left_already_is_not_offered(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(), line())
    await despatched_goods(company, supplier, order, "4", "4")
    desk = await client_of(supplier.order_desk)
    path = f"/api/v1/purchase-orders/{order.id}/responses"
    less = [{"line": 1, "code": "3", "quantity": "3"}, {"line": 2, "code": "7"}]

    answer = await desk.post(path, json={"code": "CA", "lines": less})

    assert [error["field"] for error in answer.json()["errors"]] == ["lines.0.quantity", "lines.1.code"]
    enough = [{"line": 1, "code": "3", "quantity": "4"}]
    assert (await desk.post(path, json={"code": "CA", "lines": enough})).status_code == 201


async def test_a_split_at_one_price_in_all_its_parts_is_an_offer(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    desk = await client_of(supplier.order_desk)
    parts = [PART | {"quantity": "4", "unit_price": "12"}, PART | {"quantity": "6", "promised_date": LATER}]

    answer = await desk.post(f"/api/v1/purchase-orders/{order.id}/responses", json={"code": "CA", "lines": parts})

    assert answer.status_code == 201
    assert answer.json()["order"]["responses"][0]["gross"] == "142.80"


async def test_the_page_tells_it_at_the_rows_that_were_typed(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(description="Nut"), line(), line())
    desk = Reader(await client_of(supplier.order_desk))
    form = await desk.open(f"/orders/{order.id}/respond")
    split = await desk.send(form, "/respond", split="1")

    two_prices = await desk.send(split, "/respond", lines__2__unit_price="13")
    assert (two_prices.status, "A line has one price" in two_prices.text) == (422, True)
    half = await desk.send(split, "/respond", lines__2__code="7", lines__2__reason="No steel")
    assert (half.status, "Leave out what will not come" in half.text) == (422, True)
    assert half.form("/respond").values["lines.2.code"] == "7"

    million = await desk.send(form, "/respond", lines__2__quantity="999999999999", lines__2__unit_price="999999999999")
    assert million.status == 422
    asked = next(each for each in million.html.split("<input") if 'name="lines.2.unit_price"' in each)
    assert "is-wrong" in asked
