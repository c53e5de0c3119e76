"""Bad input gets a clear answer: every problem named, nothing above 499, nothing rendered."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.harness.world import issued_order, line, order_body, trading_pair

CORPUS: list[Any] = [
    "\x00", "a\x00b", "1" * 44, "1e400", "NaN", "Infinity", "-Infinity", "-1", "+1", " 1", "1_000", "１２",
    "\u202eevil", "' or 1=1 --", "{{7*7}}", "<script>alert(1)</script>", "../../etc/passwd", "", " ", "x" * 100_000,
    10**44, -1, 1.5, True, None, [], {}, [[]], {"a": {"b": []}},
]  # fmt: skip
RAW = [
    b"", b"{", b"null", b"[]", b'"x"', b"\xff\xfe", b'{"a": NaN}', b'{"supplier_id": "\\ud800"}',
    b'{"lines": ' + b"[" * 1000 + b"]" * 1000 + b"}", b'{"a":' * 1000 + b"1" + b"}" * 1000,
]  # fmt: skip


def places(body: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a body where something else could stand."""
    items = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


def replaced(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(body)
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return changed


def check(answer: Any, sent: Any) -> None:
    assert answer.status_code < 500, (answer.status_code, str(sent)[:300], answer.text)
    if answer.status_code >= 400:
        assert answer.headers["content-type"].startswith("application/problem+json"), str(sent)[:300]
    if answer.status_code == 422:
        assert answer.json()["errors"], str(sent)[:300]


FULL = line(
    base_quantity="1", price_unit="C62", discount="5", kind="goods", ship_to={"city": "Berlin", "country": "DE"}
)
OPTIONAL = {"note": "n", "internal_note": "i", "ship_to": {"name": "Gate 3"}, "cost_centre": "c", "incoterm": "DAP"}


@pytest.mark.parametrize("bad", CORPUS, ids=lambda value: repr(value)[:24])
async def test_every_field_of_an_order_refuses_nonsense_with_a_sentence(client_of, bad):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)
    body = order_body(supplier, [FULL], **OPTIONAL)
    for place in places(body):
        sent = replaced(body, place, bad)
        check(await client.post("/api/v1/purchase-orders", content=json.dumps(sent)), sent)


@pytest.mark.parametrize("raw", RAW, ids=lambda value: repr(value)[:24])
async def test_bodies_that_are_no_orders_are_422_or_400(client_of, raw):
    company, _supplier = await trading_pair()
    client = await client_of(company.requester)
    answer = await client.post("/api/v1/purchase-orders", content=raw, headers={"content-type": "application/json"})
    check(answer, raw)
    assert answer.status_code == 422


async def test_all_problems_of_an_order_are_named_at_once(client_of):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)
    wrong = [line(quantity="-1", unit="QQQ"), line(unit_price="0.123456789", tax_rate="0", colour="red")]
    answer = await client.post("/api/v1/purchase-orders", json=order_body(supplier, wrong, currency="EURO"))

    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} >= {
        "currency", "lines.0.quantity", "lines.0.unit", "lines.1.unit_price", "lines.1.colour",
    }  # fmt: skip


async def test_a_response_with_nonsense_is_refused_and_the_order_stays(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    client = await client_of(supplier.order_desk)
    path = f"/api/v1/purchase-orders/{order.id}"
    body = {"code": "CA", "reason": "r", "lines": [{"line": 1, "code": "3", "quantity": "8", "reason": "x"}]}
    for bad in CORPUS:
        for place in places(body):
            if bad is None or (place[-1] == "reason" and isinstance(bad, str) and "\x00" not in bad):
                continue  # a reason may be absent, and may be any sentence
            sent = replaced(body, place, bad)
            answer = await client.post(f"{path}/responses", content=json.dumps(sent))
            check(answer, sent)
            assert answer.status_code == 422, sent
    assert (await client.get(path)).json()["state"] == "issued"


async def test_too_large_a_body_is_413(client_of):
    company, _supplier = await trading_pair()
    client = await client_of(company.requester)
    answer = await client.post("/api/v1/purchase-orders", content=b"[" + b"1," * 6_000_000 + b"1]")
    assert answer.status_code == 413


QUERIES = (
    "limit=0", "limit=201", "limit=" + "9" * 44, "cursor=%00", "cursor=zzz", "sort=x", "supplier_id=1",
    "created_from=yesterday", "state=%00", "query=%00%25_",
)  # fmt: skip
NOWHERE = ("/api/v1/nothing", "/api/v1/purchase-orders/1", "/api/v1/purchase-orders/" + "9" * 44)


@pytest.mark.parametrize("query", QUERIES)
async def test_a_query_that_cannot_be_read_is_400_and_never_500(client_of, query):
    company, _supplier = await trading_pair()
    answer = await (await client_of(company.buyer)).get(f"/api/v1/purchase-orders?{query}")
    assert answer.status_code in (200, 400), answer.text
    if answer.status_code == 400:
        assert answer.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize("path", NOWHERE)
async def test_an_address_that_does_not_exist_is_404_as_json(client_of, path):
    company, _supplier = await trading_pair()
    answer = await (await client_of(company.buyer)).get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_a_method_that_an_address_does_not_take_is_405(client_of):
    company, _supplier = await trading_pair()
    answer = await (await client_of(company.buyer)).put("/api/v1/purchase-orders")
    assert answer.status_code == 405
