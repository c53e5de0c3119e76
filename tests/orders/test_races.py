"""Many hands at once: exactly one wins, the others are told what happened."""

import asyncio

import pytest

from tests.harness.world import approved_order, issued_order, submitted_order, trading_pair


async def test_fifty_simultaneous_approvals_approve_once(client_of, superuser):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier)
    client = await client_of(company.approver)

    path = f"/api/v1/purchase-orders/{order.id}/approve"
    answers = await asyncio.gather(*(client.post(path) for _each in range(50)))

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 49
    approvals = superuser.execute(
        "select count(*) from audit_entry where subject_id = %s and event = 'purchase-order.approved'", [order.id]
    ).fetchone()
    assert approvals == (1,)


async def test_fifty_simultaneous_answers_answer_once(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    client = await client_of(supplier.order_desk)

    path = f"/api/v1/purchase-orders/{order.id}/responses"
    answers = await asyncio.gather(*(client.post(path, json={"code": "AP"}) for _each in range(50)))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 49


async def test_a_version_that_moved_on_is_412_and_changes_nothing(client_of):
    company, supplier = await trading_pair()
    order = await approved_order(company, supplier)
    client = await client_of(company.buyer)
    path = f"/api/v1/purchase-orders/{order.id}"
    tag = (await client.get(path)).headers["etag"]
    assert (await client.post(f"{path}/hold", json={"reason": "budget"}, headers={"if-match": tag})).status_code == 200

    late = await client.post(f"{path}/release", headers={"if-match": tag})

    assert late.status_code == 412
    assert (await client.get(path)).json()["on_hold"]


@pytest.mark.parametrize("writers", [20])
async def test_numbers_have_no_gaps_although_every_fifth_writer_fails(client_of, superuser, writers):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)
    from tests.harness.world import line, order_body

    good, bad = order_body(supplier), order_body(supplier, [line(item_id="01a2001a-0000-7000-8000-000000000000")])
    bodies = [bad if number % 5 == 0 else good for number in range(writers)]
    await asyncio.gather(*(client.post("/api/v1/purchase-orders", json=body) for body in bodies))

    numbers = superuser.execute(
        "select array_agg(right(number, 5)::int order by number) from purchase_order where buyer_id = %s", [company.id]
    ).fetchone()
    assert numbers == (list(range(1, 17)),)


@pytest.mark.parametrize("empty", ["", '""', 'W/""', " "])
async def test_a_version_that_names_nothing_is_not_taken_for_none(client_of, empty):
    company, supplier = await trading_pair()
    order = await approved_order(company, supplier)
    client = await client_of(company.buyer)

    answer = await client.post(f"/api/v1/purchase-orders/{order.id}/issue", headers={"if-match": empty})

    assert (answer.status_code, "If-Match is empty" in answer.json()["detail"]) == (400, True)
    anything = await client.post(f"/api/v1/purchase-orders/{order.id}/issue", headers={"if-match": "*"})
    assert anything.status_code == 200
