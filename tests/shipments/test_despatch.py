"""What a supplier says of its despatches, and what the order's ledger makes of it."""

import pytest

from portal.orders import commands as orders
from portal.organisations.commands import approve_supplier
from portal.platform.work import viewing
from portal.shipments.queries import snapshot_of_advice
from tests.harness.deliveries import (
    ADVICES,
    UNKNOWN,
    body,
    despatched,
    despatched_goods,
    disagreements,
    drafted_advice,
    events_of,
    figures,
    line_ids,
)
from tests.harness.world import accepted_order, line, selling_company, trading_pair


async def test_a_supplier_despatches_a_part_and_the_order_counts_it(client_of, superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line(quantity="7"))
    first, second = await line_ids(company, order)
    shipping, receiver = await client_of(supplier.shipping), await client_of(company.receiver)

    sent = body(despatched(first, "4", batch="B-17", outstanding_quantity="6"), despatched(second, "7"))
    created = await shipping.post(ADVICES, json=sent | {"carrier": "Northern Freight", "expected_date": "2030-05-14"})
    assert created.status_code == 201, created.text
    draft = created.json()
    assert (draft["state"], draft["number"][:3], draft["despatch_date"]) == ("draft", "DA-", None)
    assert await figures(company, order, "despatched") == [("0",), ("0",)]

    answer = await shipping.post(f"{ADVICES}/{draft['id']}/despatch")
    assert answer.status_code == 200, answer.text
    assert await figures(company, order, "despatched") == [("4",), ("7",)]
    seen = (await receiver.get(f"{ADVICES}/{draft['id']}")).json()
    assert (seen["state"], seen["carrier"], seen["receipt_status"]) == ("despatched", "Northern Freight", "none")
    assert seen["despatch_date"] is not None
    assert [(each["quantity"], each["batch"], each["outstanding_quantity"]) for each in seen["lines"]] == [
        ("4", "B-17", "6"),
        ("7", "", None),
    ]
    assert (await receiver.get(f"/api/v1/purchase-orders/{order.id}")).json()["despatch_status"] == "partial"
    assert (await events_of(company.buyer, order.id))[-1] == "despatch-advice.despatched"
    assert disagreements(superuser, company) == []


async def test_a_program_despatches_at_once_what_it_tells(client_of, counted):
    company, supplier = await trading_pair()
    order, other = await accepted_order(company, supplier), await accepted_order(company, supplier)
    lines = [*await line_ids(company, order), *await line_ids(company, other)]
    shipping, receiver = await client_of(supplier.shipping), await client_of(company.receiver)
    await shipping.get("/api/v1/me")

    with counted() as statements:
        created = await shipping.post(ADVICES, json=body(*(despatched(each, "4") for each in lines)) | {"leaves": True})
    assert (created.status_code, created.json()["state"]) == (201, "despatched"), created.text
    assert len(statements) == 6  # opening with its locks, goods and ledgers, terms, number, flush, commit
    assert await figures(company, order, "despatched") == [("4",)]
    assert (await receiver.get(f"{ADVICES}/{created.json()['id']}")).json() == created.json()
    assert (await events_of(company.buyer, order.id))[-1] == "despatch-advice.despatched"

    await orders.hold(company.buyer, other.id, "Wait for the new drawing.")
    held = await shipping.post(ADVICES, json=body(*(despatched(each, "1") for each in lines)) | {"leaves": True})
    assert held.status_code == 409
    assert await figures(company, order, "despatched") == [("4",)]


async def test_several_despatches_complete_a_line(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    for quantity in ("3", "3", "4"):
        await despatched_goods(company, supplier, order, quantity)

    client = await client_of(company.receiver)
    assert (await client.get(f"/api/v1/purchase-orders/{order.id}")).json()["despatch_status"] == "complete"
    listed = (await client.get(ADVICES, params={"order_id": str(order.id), "sort": "created"})).json()["items"]
    assert [each["number"][-5:] for each in listed] == ["00001", "00002", "00003"]


@pytest.mark.parametrize(
    ("tolerances", "most", "too_much"), [({}, "10", "10.000001"), ({"percent": "5"}, "10.5", "10.500001")]
)
async def test_not_a_millionth_more_than_the_order_allows_is_despatched(client_of, tolerances, most, too_much):
    company, supplier = await trading_pair(tolerances={"despatch": tolerances})
    order = await accepted_order(company, supplier)
    [only] = await line_ids(company, order)
    shipping = await client_of(supplier.shipping)

    refused = await shipping.post(ADVICES, json=body(despatched(only, too_much)))
    assert refused.status_code == 409
    assert [each["field"] for each in refused.json()["errors"]] == ["lines.0.quantity"]
    assert (await shipping.post(ADVICES, json=body(despatched(only, most)))).status_code == 201


async def test_a_draft_that_became_too_much_is_refused_when_the_goods_would_leave(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line())
    late = await drafted_advice(company, supplier, order, "6", "5")
    await despatched_goods(company, supplier, order, "6", "6")

    refused = await (await client_of(supplier.shipping)).post(f"{ADVICES}/{late.id}/despatch")
    assert refused.status_code == 409
    assert [each["field"] for each in refused.json()["errors"]] == ["lines.0.quantity", "lines.1.quantity"]
    assert await figures(company, order, "despatched") == [("6",), ("6",)]


async def test_one_lorry_brings_goods_of_several_orders_and_each_order_tells_its_part(client_of, superuser):
    company, supplier = await trading_pair()
    one, other = [await accepted_order(company, supplier) for _ in range(2)]
    [of_one], [of_other] = await line_ids(company, one), await line_ids(company, other)
    shipping = await client_of(supplier.shipping)

    draft = (await shipping.post(ADVICES, json=body(despatched(of_one, "2"), despatched(of_other, "3")))).json()
    assert {each["number"] for each in draft["orders"]} == {one.number, other.number}
    await shipping.post(f"{ADVICES}/{draft['id']}/despatch")
    for order, quantity in ((one, "2"), (other, "3")):
        assert await figures(company, order, "despatched") == [(quantity,)]
        assert (await events_of(company.buyer, order.id)).count("despatch-advice.despatched") == 1
    assert disagreements(superuser, company) == []


async def test_two_batches_of_one_line_count_together(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    [only] = await line_ids(company, order)
    shipping = await client_of(supplier.shipping)

    sent = [despatched(only, "6", batch="A"), despatched(only, "5", batch="B")]
    refused = await shipping.post(ADVICES, json=body(*sent))
    assert [each["field"] for each in refused.json()["errors"]] == ["lines.1.quantity"]
    sent[1]["quantity"] = "4"
    assert (await shipping.post(ADVICES, json=body(*sent))).status_code == 201


async def test_a_line_that_is_not_the_suppliers_is_named_whatever_else_is_wrong(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    [own] = await line_ids(company, order)
    _other_company, rival = await trading_pair()
    shipping = await client_of(rival.shipping)

    refused = await shipping.post(ADVICES, json=body(despatched(UNKNOWN), despatched(own)))
    assert refused.status_code == 422
    assert [each["field"] for each in refused.json()["errors"]] == ["lines.0.order_line_id", "lines.1.order_line_id"]
    assert len({each["message"] for each in refused.json()["errors"]}) == 1


async def test_malformed_lines_are_all_named_at_once(client_of):
    _company, supplier = await trading_pair()
    sent = body(
        despatched("nonsense", "-1"),
        {"quantity": "1e3", "batch": " blank", "price": "1"},
        packages=[{"sscc": "340123450000000018"}, {"weight": "0"}],
        expected_date="2030-02-30",
    )
    refused = await (await client_of(supplier.shipping)).post(ADVICES, json=sent)
    assert refused.status_code == 422
    assert {each["field"] for each in refused.json()["errors"]} == {
        *("lines.0.order_line_id", "lines.0.quantity", "lines.1.order_line_id", "lines.1.quantity", "lines.1.batch"),
        *("lines.1.price", "packages.0.sscc", "packages.1.weight", "expected_date"),
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"despatch_date": "2030-05-10", "expected_date": "2030-05-09"}, "expected_date"),
        ({"packages": [{"sscc": "340123450000000017"}] * 2}, "packages.1.sscc"),
        ({"lines": []}, "lines"),
    ],
)
async def test_what_cannot_be_is_refused(client_of, changes, field):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    sent = body(*map(despatched, await line_ids(company, order))) | changes
    refused = await (await client_of(supplier.shipping)).post(ADVICES, json=sent)
    assert (refused.status_code, [each["field"] for each in refused.json()["errors"]]) == (422, [field])


async def test_one_despatch_advice_goes_to_one_buyer(client_of):
    company, supplier = await trading_pair()
    other, _rival = await trading_pair()
    await approve_supplier(other.supplier_manager, supplier.id)
    orders_ = [await accepted_order(buyer, supplier) for buyer in (company, other)]
    lines = [*(await line_ids(company, orders_[0])), *(await line_ids(other, orders_[1]))]
    refused = await (await client_of(supplier.shipping)).post(ADVICES, json=body(*map(despatched, lines)))
    assert (refused.status_code, [each["field"] for each in refused.json()["errors"]]) == (
        422,
        ["lines.1.order_line_id"],
    )


async def test_nothing_leaves_for_an_order_on_hold_or_over(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    draft = await drafted_advice(company, supplier, order)
    [only] = await line_ids(company, order)
    shipping = await client_of(supplier.shipping)

    await orders.hold(company.buyer, order.id, "The certificate is missing")
    for refused in (
        await shipping.post(f"{ADVICES}/{draft.id}/despatch"),
        await shipping.post(ADVICES, json=body(despatched(only))),
    ):
        assert refused.status_code == 409
        assert "The certificate is missing" in refused.json()["detail"]

    await orders.release(company.buyer, order.id)
    await orders.close(company.buyer, order.id)
    assert (await shipping.post(f"{ADVICES}/{draft.id}/despatch")).status_code == 409
    assert (await shipping.post(ADVICES, json=body(despatched(only)))).status_code == 409
    assert await figures(company, order, "despatched") == [("0",)]


async def test_a_draft_is_written_anew_until_the_goods_leave(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line())
    first, second = await line_ids(company, order)
    draft = await drafted_advice(company, supplier, order, "10", tracking_number="T-1")
    shipping = await client_of(supplier.shipping)

    changed = await shipping.put(
        f"{ADVICES}/{draft.id}", json=body(despatched(second, "2")), headers={"if-match": '"1"'}
    )
    assert changed.status_code == 200, changed.text
    assert [each["order_line_id"] for each in changed.json()["lines"]] == [second]
    assert changed.json()["tracking_number"] == ""
    stale = await shipping.put(f"{ADVICES}/{draft.id}", json=body(despatched(first)), headers={"if-match": '"1"'})
    assert stale.status_code == 412

    await shipping.post(f"{ADVICES}/{draft.id}/despatch")
    assert (await shipping.put(f"{ADVICES}/{draft.id}", json=body(despatched(first)))).status_code == 409
    assert (await shipping.post(f"{ADVICES}/{draft.id}/cancel")).status_code == 409
    assert await figures(company, order, "despatched") == [("0",), ("2",)]


async def test_a_dropped_draft_never_leaves(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    draft = await drafted_advice(company, supplier, order)
    shipping = await client_of(supplier.shipping)

    dropped = await shipping.post(f"{ADVICES}/{draft.id}/cancel", json={"reason": "Lorry broke down"})
    assert (dropped.json()["state"], dropped.json()["reason"]) == ("cancelled", "Lorry broke down")
    assert (await shipping.post(f"{ADVICES}/{draft.id}/despatch")).status_code == 409


async def test_the_same_key_makes_one_despatch_advice(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    sent = body(*map(despatched, await line_ids(company, order)))
    shipping = await client_of(supplier.shipping)

    first, again = [await shipping.post(ADVICES, json=sent, headers={"idempotency-key": "once"}) for _ in range(2)]
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert len((await shipping.get(ADVICES)).json()["items"]) == 1
    other = await shipping.post(ADVICES, json=sent | {"carrier": "Other"}, headers={"idempotency-key": "once"})
    assert other.status_code == 422


async def test_the_advice_says_who_the_parties_were_when_the_goods_left(superuser, connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(ship_to={"name": "Gate 4", "city": "Leeds"}))
    advice = await despatched_goods(company, supplier, order)
    superuser.execute("update organisation set name = 'Renamed' where id = %s", [supplier.id])

    async with viewing(company.receiver) as view:
        said = await snapshot_of_advice(view, advice.id)
    assert (said["supplier"]["name"], said["buyer"]["name"]) == (supplier.name, company.name)
    assert said["lines"][0]["ship_to"] == {"name": "Gate 4", "city": "Leeds"}
    assert "received" not in said["lines"][0]


async def test_who_has_no_orders_has_nothing_to_despatch(client_of):
    supplier = await selling_company()
    shipping = await client_of(supplier.shipping)
    assert (await shipping.get(ADVICES)).json() == {"items": [], "next_cursor": None}
    assert (await shipping.post(f"{ADVICES}/{UNKNOWN}/despatch")).status_code == 404
