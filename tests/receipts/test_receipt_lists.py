"""Lists of goods receipts: narrowed, sorted, page by page, in one statement."""

from datetime import date

from portal.receipts import commands
from tests.harness.deliveries import RECEIPTS, despatched_goods, received_goods
from tests.harness.deliveries_facts import noon, on
from tests.harness.world import accepted_order, trading_pair


async def test_a_list_is_narrowed_by_what_its_reader_looks_for(client_of):
    company, supplier = await trading_pair()
    with on(noon(date(2026, 1, 1))):
        order, other = [await accepted_order(company, supplier) for _ in range(2)]
    advice = await despatched_goods(company, supplier, order, despatch_date="2026-01-01")
    early = await received_goods(company, order, "1", advice=advice, delivered_at="2026-01-05T23:30:00Z")
    late = await received_goods(company, other, "1", delivered_at="2026-01-06T00:30:00Z")
    undone = await received_goods(company, other, "1", delivered_at="2026-01-07T00:00:00Z")
    await commands.reverse(company.receiver, undone.id)
    client = await client_of(supplier.shipping)

    async def found(**wanted: str) -> list[str]:
        answer = await client.get(RECEIPTS, params=wanted)
        assert answer.status_code == 200, answer.text
        return [each["number"] for each in answer.json()["items"]]

    assert await found() == [undone.number, late.number, early.number]
    assert await found(sort="delivered") == [early.number, late.number, undone.number]
    assert await found(state="reversed") == [undone.number]
    assert await found(order_id=str(order.id)) == [early.number]
    assert await found(despatch_advice_id=str(advice.id)) == [early.number]
    assert await found(number=late.number) == [late.number]
    assert await found(delivered_from="2026-01-06", delivered_to="2026-01-06") == [late.number]


async def test_pages_follow_each_other_without_gap_or_repetition(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    made = [(await received_goods(company, order, "1")).number for _ in range(5)]
    client = await client_of(company.receiver)

    seen, cursor = [], ""
    while cursor is not None:
        page = (await client.get(RECEIPTS, params={"limit": 2, "cursor": cursor})).json()
        seen += [each["number"] for each in page["items"]]
        cursor = page["next_cursor"]
    assert seen == made[::-1]


async def test_a_page_of_a_list_is_one_statement(client_of, counted):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    for _ in range(8):
        await received_goods(company, order, "1")
    for actor in (company.receiver, supplier.shipping):
        client = await client_of(actor)
        await client.get("/api/v1/me")
        with counted() as statements:
            assert len((await client.get(RECEIPTS)).json()["items"]) == 8
        assert len(statements) <= 4, statements
