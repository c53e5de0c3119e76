"""One key, one act: however often a request is sent, and from however many hands at once."""

import asyncio
from typing import Any

import pytest

from portal.access import idempotency
from portal.orders import commands as orders
from portal.orders.api import orders as api
from tests.harness.world import approved_order, order_body, submitted_order, trading_pair


async def test_the_same_key_and_body_give_the_same_bytes_and_one_row(client_of, superuser):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)
    send = {"json": order_body(supplier), "headers": {"idempotency-key": "order-77"}}

    answers = [await client.post("/api/v1/purchase-orders", **send) for _again in range(100)]

    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    made = superuser.execute("select count(*) from purchase_order where buyer_id = %s", [company.id]).fetchone()
    assert made == (1,)


async def test_a_hundred_at_once_make_one_row_and_get_the_same_answer(client_of, superuser):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)
    send = {"json": order_body(supplier), "headers": {"idempotency-key": "once"}}

    answers = await asyncio.gather(*(client.post("/api/v1/purchase-orders", **send) for _each in range(100)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    made = superuser.execute("select count(*) from purchase_order where buyer_id = %s", [company.id]).fetchone()
    assert made == (1,)
    numbers = superuser.execute("select last from document_number where organisation_id = %s", [company.id]).fetchone()
    assert numbers == (1,)


async def test_a_key_used_for_another_body_is_refused(client_of):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)
    key = {"idempotency-key": "k"}
    assert (await client.post("/api/v1/purchase-orders", json=order_body(supplier), headers=key)).status_code == 201

    other = await client.post("/api/v1/purchase-orders", json=order_body(supplier, note="another"), headers=key)

    assert other.status_code == 422
    assert other.json()["errors"]


async def test_a_repeated_verb_answers_as_the_first_time_although_the_state_moved_on(client_of):
    company, supplier = await trading_pair()
    order = await approved_order(company, supplier)
    client = await client_of(company.buyer)
    path, key = f"/api/v1/purchase-orders/{order.id}/issue", {"idempotency-key": "issue-1"}

    first, second = await client.post(path, headers=key), await client.post(path, headers=key)
    third = await client.post(path)

    assert (first.status_code, second.status_code, third.status_code) == (200, 200, 409)
    assert first.content == second.content


async def test_a_refused_request_leaves_its_key_unused(client_of):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)
    key = {"idempotency-key": "again"}
    broken = order_body(supplier) | {"currency": "XXX"}
    assert (await client.post("/api/v1/purchase-orders", json=broken, headers=key)).status_code == 422
    assert (await client.post("/api/v1/purchase-orders", json=order_body(supplier), headers=key)).status_code == 201


async def test_what_the_state_of_things_refused_stays_refused_under_its_key(client_of, superuser):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier)
    client = await client_of(company.buyer)
    path, key = f"/api/v1/purchase-orders/{order.id}/issue", {"idempotency-key": "issue-1"}

    first = await client.post(path, headers=key)
    await orders.approve(company.approver, order.id)
    again = [await client.post(path, headers=key) for _again in range(2)]

    assert {(each.status_code, each.content) for each in (first, *again)} == {(409, first.content)}
    assert [each.headers.get("idempotent-replayed") for each in (first, *again)] == [None, "true", "true"]
    assert again[0].headers["content-type"] == first.headers["content-type"]
    state = superuser.execute("select state from purchase_order where id = %s", [order.id]).fetchone()
    assert state == ("approved",)
    assert (await client.post(path, headers={"idempotency-key": "issue-2"})).status_code == 200


async def test_a_refusal_stands_for_its_request_alone(client_of):
    company, supplier = await trading_pair()
    order, other = await submitted_order(company, supplier), await approved_order(company, supplier)
    client = await client_of(company.buyer)
    key = {"idempotency-key": "issue-1"}

    assert (await client.post(f"/api/v1/purchase-orders/{order.id}/issue", headers=key)).status_code == 409
    assert (await client.post(f"/api/v1/purchase-orders/{other.id}/issue", headers=key)).status_code == 422


async def test_a_repeated_answer_has_the_headers_of_the_first(client_of):
    company, supplier = await trading_pair()
    order = await approved_order(company, supplier)
    client = await client_of(company.buyer)
    path, key = f"/api/v1/purchase-orders/{order.id}/issue", {"idempotency-key": "issue-1"}

    first, second = await client.post(path, headers=key), await client.post(path, headers=key)

    assert second.headers.pop("idempotent-replayed") == "true"
    assert first.headers["etag"] == f'"{first.json()["version"]}"'
    assert dict(second.headers) == dict(first.headers)


@pytest.mark.parametrize("key", ["", "x" * 201, "two\nlines", "Schlüssel", "\x7f"], ids=len)
async def test_a_key_that_cannot_be_kept_is_refused_and_nothing_is_done(client_of, superuser, key):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)

    headers = [(b"idempotency-key", key.encode())]
    answer = await client.post("/api/v1/purchase-orders", json=order_body(supplier), headers=headers)

    assert answer.status_code == 400
    assert "1 and 200" in answer.json()["detail"]
    made = superuser.execute("select count(*) from purchase_order where buyer_id = %s", [company.id]).fetchone()
    assert made == (0,)


@pytest.mark.parametrize("dies", ["while the answer is made", "before the answer is kept"])
async def test_an_act_whose_answer_is_lost_did_not_happen_and_can_be_sent_again(
    client_of, superuser, monkeypatch, dies
):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)
    send = {"json": order_body(supplier), "headers": {"idempotency-key": "lost"}}

    async def die(*_given: object) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patch:
        patch.setattr(*((api.queries, "order_out") if dies.startswith("while") else (idempotency, "_keep")), die)
        assert (await client.post("/api/v1/purchase-orders", **send)).status_code == 500
    counts = "select (select count(*) from purchase_order where buyer_id = %(id)s), (select count(*) from "
    counts += "idempotency_key where organisation_id = %(id)s)"
    assert superuser.execute(counts, {"id": company.id}).fetchone() == (0, 0)

    first, second = [await client.post("/api/v1/purchase-orders", **send) for _again in range(2)]

    assert (first.status_code, second.content) == (201, first.content)
    assert first.json()["number"].endswith("-00001")
    assert superuser.execute(counts, {"id": company.id}).fetchone() == (1, 1)


async def test_nobody_ever_sees_a_key_without_its_answer(client_of, superuser):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)
    bare = "select count(*) from idempotency_key where organisation_id = %s and status is null"
    seen = []

    async def look() -> None:
        for _look in range(50):
            seen.append(superuser.execute(bare, [company.id]).fetchone())
            await asyncio.sleep(0.01)

    sent = [
        client.post(
            "/api/v1/purchase-orders", json=order_body(supplier), headers={"idempotency-key": f"k-{number % 10}"}
        )
        for number in range(40)
    ]
    answers: list[Any] = await asyncio.gather(look(), *sent)

    assert {answer.status_code for answer in answers[1:]} == {201}
    assert set(seen) == {(0,)}
