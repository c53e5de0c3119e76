"""Goods of several orders on one lorry, and of one order on several: prepared, received, raced for."""

import asyncio
from collections import Counter

from tests.harness.deliveries import (
    RECEIPTS,
    body,
    despatched_goods,
    disagreements,
    figures,
    line_ids,
    received,
)
from tests.harness.pages import Page
from tests.harness.world import accepted_order, issued_order, line, trading_pair


async def two_orders(company, supplier):
    return await accepted_order(company, supplier), await accepted_order(company, supplier, line(quantity="7"))


async def test_a_clerk_adds_another_order_of_the_same_customer_to_the_lorry(client_of, superuser):
    company, supplier = await trading_pair()
    first, second = await two_orders(company, supplier)
    elsewhere = await accepted_order(company, supplier, ship_to={"name": "Works 2", "city": "Hamburg", "country": "DE"})
    unanswered = await issued_order(company, supplier)
    clerk, receiver = await client_of(supplier.shipping), await client_of(company.receiver)
    at = f"/orders/{first.id}/despatch"

    begun = Page(await clerk.get(at))
    assert second.number in begun.text
    assert elsewhere.number not in begun.text, "it goes to another place"
    assert unanswered.number not in begun.text
    typed = begun.form("/despatch").values | {"lines.0.quantity": "4", "carrier": "Nordfracht"}
    chosen = Page(await clerk.post(at, data=typed | {"also": str(second.id), "act": "choose"}))
    values = chosen.form("/despatch").values
    assert [values[f"lines.{n}.quantity"] for n in (0, 1)] == ["4", "7"], (
        "what was typed stays, the other order is open"
    )
    assert values["carrier"] == "Nordfracht"
    sent = await clerk.post(at, data=values | {"act": "despatch"})
    assert sent.status_code == 303, sent.text
    advice = sent.headers["location"]

    both = Page(await receiver.get(advice))
    assert (first.number in both.text, second.number in both.text) == (True, True)
    sheet = Page(await receiver.get(f"{advice}/receive")).form("/receive").values
    assert (await receiver.post(f"{advice}/receive", data=sheet)).status_code == 303
    assert await figures(company, first, "despatched", "accepted") == [("4", "4")]
    assert await figures(company, second, "despatched", "accepted") == [("7", "7")]
    assert disagreements(superuser, company) == []


async def test_a_draft_takes_in_another_order_and_the_address_names_it_too(client_of):
    company, supplier = await trading_pair()
    first, second = await two_orders(company, supplier)
    clerk = await client_of(supplier.shipping)
    at = f"/orders/{first.id}/despatch"

    named = Page(await clerk.get(f"{at}?also={second.id}&also=nonsense"))
    assert named.form("/despatch").values["lines.1.quantity"] == "7"
    saved = await clerk.post(at, data=Page(await clerk.get(at)).form("/despatch").values | {"act": "save"})
    draft = saved.headers["location"]
    values = Page(await clerk.get(f"{draft}/edit")).form("/edit").values
    more = Page(await clerk.post(f"{draft}/edit", data=values | {"also": str(second.id), "act": "choose"}))
    kept = await clerk.post(f"{draft}/edit", data=more.form("/edit").values | {"act": "despatch"})
    assert kept.headers["location"] == draft
    assert await figures(company, second, "despatched") == [("7",)]


async def test_a_stranger_to_the_orders_brings_none_of_them_along(client_of):
    company, supplier = await trading_pair()
    other_company, _other = await trading_pair()
    first, _second = await two_orders(company, supplier)
    foreign = await accepted_order(other_company, _other)
    clerk = await client_of(supplier.shipping)

    shown = Page(await clerk.get(f"/orders/{first.id}/despatch?also={foreign.id}"))
    assert foreign.number not in shown.form("/despatch").values.values()
    assert "lines.1.quantity" not in shown.form("/despatch").values


async def test_twenty_receivers_of_one_lorry_with_two_orders_book_it_once(client_of, superuser):
    company, supplier = await trading_pair()
    first, second = await two_orders(company, supplier)
    clerk, receiver = await client_of(supplier.shipping), await client_of(company.receiver)
    lines = [*await line_ids(company, first), *await line_ids(company, second)]
    sent = {"lines": [{"order_line_id": each, "quantity": "5"} for each in lines]}
    advice = (await clerk.post("/api/v1/despatch-advices", json=sent)).json()
    await clerk.post(f"/api/v1/despatch-advices/{advice['id']}/despatch")

    turned = [
        body(*(received(each, "5") for each in way), despatch_advice_id=advice["id"]) for way in (lines, lines[::-1])
    ]
    answers = await asyncio.gather(*(receiver.post(RECEIPTS, json=turned[n % 2]) for n in range(20)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    assert [await figures(company, order, "accepted") for order in (first, second)] == [[("5",)], [("5",)]]
    assert disagreements(superuser, company) == []


async def test_one_order_comes_on_several_lorries_and_each_is_received_for_itself(client_of, superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    lorries = [await despatched_goods(company, supplier, order, part) for part in ("2", "3", "5")]
    receiver = await client_of(company.receiver)
    (line_id,) = await line_ids(company, order)

    for advice, part in zip(reversed(lorries), ("5", "3", "2"), strict=True):
        booked = body(received(line_id, part), despatch_advice_id=str(advice.id))
        assert (await receiver.post(RECEIPTS, json=booked)).status_code == 201
    assert await figures(company, order, "despatched", "accepted") == [("10", "10")]
    assert disagreements(superuser, company) == []
