"""Lists of despatch advices: narrowed, sorted, page by page, in one statement."""

from tests.harness.deliveries import ADVICES, despatched_goods, drafted_advice
from tests.harness.world import accepted_order, line, trading_pair


async def test_pages_follow_each_other_without_gap_or_repetition(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    made = [str((await despatched_goods(company, supplier, order, "1")).id) for _ in range(5)]
    client = await client_of(company.receiver)

    seen, cursor = [], ""
    while cursor is not None:
        page = (await client.get(ADVICES, params={"limit": 2, "cursor": cursor})).json()
        seen += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
    assert seen == made[::-1]


async def test_a_list_is_narrowed_by_what_its_reader_looks_for(client_of):
    company, supplier = await trading_pair()
    order, other = [await accepted_order(company, supplier, line(quantity="5")) for _ in range(2)]
    draft = await drafted_advice(company, supplier, order, "1", expected_date="2030-05-01")
    early = await despatched_goods(company, supplier, order, "1", expected_date="2030-05-02")
    late = await despatched_goods(company, supplier, other, "1", expected_date="2030-05-09")
    client = await client_of(supplier.shipping)

    async def found(**wanted: str) -> list[str]:
        answer = await client.get(ADVICES, params=wanted)
        assert answer.status_code == 200, answer.text
        return [each["number"] for each in answer.json()["items"]]

    assert await found(sort="expected") == [draft.number, early.number, late.number]
    assert await found(state="draft") == [draft.number]
    assert await found(state="draft,despatched", sort="-created") == [late.number, early.number, draft.number]
    assert await found(order_id=str(other.id)) == [late.number]
    assert await found(number=early.number) == [early.number]
    assert await found(receipt_status="none", expected_before="2030-05-03") == [early.number, draft.number]
    assert await found(buyer_id=str(supplier.id)) == []


async def test_what_cannot_be_read_of_an_address_is_said(client_of):
    _company, supplier = await trading_pair()
    client = await client_of(supplier.shipping)
    for wanted in ({"sort": "price"}, {"cursor": "nonsense"}, {"limit": "201"}, {"order_id": "x"}):
        assert (await client.get(ADVICES, params=wanted)).status_code == 400


async def test_a_page_of_a_list_is_one_statement(client_of, counted):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    for _ in range(8):
        await despatched_goods(company, supplier, order, "1")
    for actor in (company.receiver, supplier.shipping):
        client = await client_of(actor)
        await client.get("/api/v1/me")
        with counted() as statements:
            assert len((await client.get(ADVICES)).json()["items"]) == 8
        assert len(statements) <= 4, statements
