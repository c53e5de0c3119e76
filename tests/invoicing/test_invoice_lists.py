"""Lists of invoices: each side its own, filtered and paged, in one statement."""

import msgspec

from portal.invoicing.queries import BUYING, SELLING, InvoiceFilter, invoices, waiting_invoices
from portal.platform.work import viewing
from tests.harness.invoices import (
    billed,
    delivered,
    delivered_order,
    draft_invoice,
    lines_of,
    submitted_invoice,
)
from tests.harness.world import accepted_order, line

INVOICES = "/api/v1/invoices"


async def numbers(client, **parameters: str) -> list[str]:
    answer = await client.get(INVOICES, params=parameters)
    assert answer.status_code == 200, answer.text
    return [each["number"] for each in answer.json()["items"]]


async def test_a_buyer_lists_what_was_sent_and_a_supplier_its_drafts_too(client_of):
    company, supplier, order = await delivered_order(accepted=(4,))
    (key,) = await lines_of(supplier.billing, order.id)
    matched = await submitted_invoice(supplier, order, billed(key, "1"))
    differing = await submitted_invoice(supplier, order, billed(key, "2", "15.00"))
    draft = await draft_invoice(supplier, order)
    billing, payable = await client_of(supplier.billing), await client_of(company.payable)

    assert await numbers(billing) == [draft.number, differing.number, matched.number]
    assert await numbers(payable) == [differing.number, matched.number]
    assert await numbers(payable, match_state="exceptions") == [differing.number]
    assert await numbers(billing, state="draft") == [draft.number]
    assert await numbers(billing, state="draft,submitted", sort="gross") == [
        matched.number,
        draft.number,
        differing.number,
    ]
    assert await numbers(payable, query=matched.number.lower()) == [matched.number]
    assert await numbers(payable, query=f"{supplier.name[:4]} {order.number}") == [differing.number, matched.number]
    assert await numbers(payable, order_id=str(order.id)) == [differing.number, matched.number]
    assert await numbers(payable, supplier_id=str(company.id)) == []


async def test_pages_follow_each_other_without_a_gap_or_a_double(client_of):
    company, supplier, order = await delivered_order()
    (key,) = await lines_of(supplier.billing, order.id)
    made = [(await submitted_invoice(supplier, order, billed(key, "1"))).number for _each in range(5)]
    payable = await client_of(company.payable)
    for sort in ("-created", "due", "-gross"):
        seen, cursor = [], None
        while cursor is not None or not seen:
            page = (
                await payable.get(INVOICES, params={"limit": 2, "sort": sort} | ({"cursor": cursor} if cursor else {}))
            ).json()
            seen += [each["number"] for each in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert sorted(seen) == sorted(made), sort


async def test_a_list_is_one_statement_however_many_orders_it_spans(client_of, counted):
    company, supplier, first = await delivered_order()
    for _each in range(4):
        order = await accepted_order(company, supplier, line())
        await delivered(company.receiver, order, 10)
        await submitted_invoice(supplier, order)
    await submitted_invoice(supplier, first)
    payable = await client_of(company.payable)
    await payable.get(INVOICES)
    with counted() as statements:
        answer = await payable.get(INVOICES)
    assert len(answer.json()["items"]) == 5
    assert len(statements) <= 4, statements


async def test_an_unknown_sort_says_which_there_are(client_of):
    company, _supplier, _order = await delivered_order()
    refused = await (await client_of(company.payable)).get(INVOICES, params={"sort": "colour"})
    assert (refused.status_code, "created" in refused.json()["detail"]) == (400, True)


async def test_who_is_buyer_and_supplier_looks_at_one_side_at_a_time(client_of):
    _company, supplier, order = await delivered_order()
    sold = await submitted_invoice(supplier, order)
    both = msgspec.structs.replace(
        supplier.billing, organisation_kind="both", roles=frozenset({"billing", "payable", "anyone"})
    )
    async with viewing(both) as view:
        for chosen, found in (
            (InvoiceFilter(), [sold.number]),
            (InvoiceFilter(supplier_id=supplier.id), [sold.number]),
            (InvoiceFilter(buyer_id=supplier.id), []),
        ):
            assert [row.number for row in (await invoices(view, chosen)).items] == found, chosen
        assert (await waiting_invoices(view, "i.state = 'submitted'", side=BUYING))[0] == 0
        assert (await waiting_invoices(view, "i.state = 'submitted'", side=SELLING))[0] == 1
