"""Searching the log: by what became of an act, by kind and time, page after page, and taken out as a file."""

import csv
import io
import json

from portal.audit import queries
from portal.orders import commands as orders
from portal.platform.work import viewing
from tests.harness.pages import Reader
from tests.harness.world import draft_order, issued_order, trading_pair


async def test_an_auditor_asks_for_what_was_refused(client_of):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    meddler = await client_of(company.receiver)
    assert (await meddler.post(f"/api/v1/purchase-orders/{order.id}/submit")).status_code == 403
    client = await client_of(company.auditor)

    refused = (await client.get("/api/v1/audit-entries?outcome=refused")).json()["items"]
    done = (await client.get("/api/v1/audit-entries?outcome=done&kind=purchase-order")).json()["items"]

    assert [entry["event"] for entry in refused] == ["access.refused"]
    assert [entry["event"] for entry in done] == ["purchase-order.created"]
    assert (await client.get("/api/v1/audit-entries?outcome=perhaps")).status_code == 400


async def test_pages_go_on_where_the_last_one_ended_whatever_comes_meanwhile():
    company, supplier = await trading_pair()
    await issued_order(company, supplier)
    chosen = queries.EntryFilter(outcome="done")
    async with viewing(company.auditor) as view:
        whole = [entry.id for entry in (await queries.entries(view, chosen, limit=200)).items]
        first = await queries.entries(view, chosen, limit=3)
    await draft_order(company, supplier)
    found, cursor = [entry.id for entry in first.items], first.next_cursor
    async with viewing(company.auditor) as view:
        while cursor:
            page = await queries.entries(view, chosen, cursor=cursor, limit=3)
            found, cursor = found + [entry.id for entry in page.items], page.next_cursor

    assert found == whole
    assert len(found) > 6


async def test_what_a_search_finds_leaves_as_csv_and_json_with_the_leaf_of_each_entry(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    client = await client_of(company.auditor)

    table = await client.get("/audit.csv", params={"query": order.number})
    lines = (await client.get("/audit.jsonl", params={"query": order.number})).text.splitlines()

    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert [row["event"] for row in rows][::-1][:2] == ["purchase-order.created", "purchase-order.submitted"]
    told = [json.loads(line) for line in lines]
    assert told[0]["query"]["object"] == order.number
    assert told[-1]["count"] == len(rows) == len(told) - 2
    assert told[1]["entry"]["event"] == rows[0]["event"]


async def test_the_search_is_an_address_that_can_be_sent_on(client_of):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    await orders.submit(company.requester, order.id)
    reader = Reader(await client_of(company.auditor))

    page = await reader.open("/audit", outcome="done", kind="purchase-order", actor=company.requester.email)

    assert page.status == 200
    assert "Submitted the order" in page.text or "for approval" in page.text
    assert page.links["Download as CSV"].startswith("/audit.csv?outcome=done")
