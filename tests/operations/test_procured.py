"""A wide file of another shape: everything out of the same rows in one run, checked by plain Python over the file."""

import csv
from collections import Counter, defaultdict
from typing import Any

import pytest

from portal.operations.imports.mapping import EVERYTHING, load
from portal.operations.imports.run import Asked, run_import
from portal.platform.actor import Actor
from portal.scorecards.queries.definition import FACTS
from tests.harness.world import buying_company
from tests.operations import procured
from tests.operations.nordwerk import records


class Programme:
    """The company that imported the file once, the rows it was made of, and what the import said."""

    def __init__(self, company, folder):
        self.company, self.path = company, folder / "deliveries 2006-2015.csv"
        self.rows = procured.write(self.path)
        self.orders = procured.orders(self.rows)
        self.tried: Any = None
        self.report: Any = None

    async def bring(self, kind=EVERYTHING, path=None, dry_run=False):
        asked = Asked(kind, [path or self.path], load(procured.MAPPING), dry_run)
        return await run_import(Actor.system(self.company.id), asked, lambda _done, _what: None)

    async def ask(self, sql):
        return await records(self.company, sql)


@pytest.fixture(scope="module")
async def programme(connected, tmp_path_factory):
    found = Programme(await buying_company(country="US", currency="USD"), tmp_path_factory.mktemp("procured"))
    found.tried = await found.bring(dry_run=True)
    found.report = await found.bring()
    return found


def items(rows):
    return {f"{row['Brand']} | {row['Item Description']}" for row in rows}


async def test_every_kind_comes_out_of_the_same_rows(programme):
    assert [str(problem.reason) for problem in programme.report.errors] == []
    rows = programme.rows
    expected = {
        "suppliers": len({row["Vendor"] for row in rows}),
        "items": len(items(rows)),
        "prices": len({(row["Vendor"], row["Item Description"]) for row in rows}),
        "orders": len(programme.orders),
        "lines": len(rows),
        "receipts": sum(row["Delivered to Client Date"] != "" for row in rows),
    }
    assert len(rows) >= 3_000
    assert {kind: figures["created"] for kind, figures in programme.report.kinds.items()} == expected
    assert {kind: figures["created"] for kind, figures in programme.tried.kinds.items()} == expected
    assert programme.tried.facts()["outcome"] == "dry_run"


async def test_the_orders_sums_are_those_of_their_rows(programme):
    found = await programme.ask("select number, net, gross from purchase_order")
    net = {
        number: sum(
            procured.cents(procured.plain(row["Pack Price"]) * procured.plain(row["Line Item Quantity"]))
            for row in rows
        )
        for number, rows in programme.orders.items()
    }
    assert {row["number"]: row["net"] for row in found} == net
    stated = {n: sum(procured.plain(row["Line Item Value"]) for row in rows) for n, rows in programme.orders.items()}
    totals = programme.report.totals
    assert (totals["stated"], totals["differ"]) == (len(net), sum(net[number] != stated[number] for number in net))


async def test_what_was_no_value_is_counted(programme):
    counted = {(t.column, t.text, t.became): t.rows for t in programme.report.treated}
    uncaptured = sum(row["Delivered to Client Date"] == procured.UNCAPTURED for row in programme.rows)
    assert counted["Delivered to Client Date", "Date Not Captured", ""] == uncaptured
    assert counted["ID", "(?i)(grand )?total.*", None] == 1
    assert counted["Delivered to Client Date", "", None] == sum(
        row["Delivered to Client Date"] == "" for row in programme.rows
    )


async def test_an_order_without_a_day_of_its_own_takes_the_next_best(programme):
    found = await programme.ask(
        "select number, (created_at at time zone 'Africa/Johannesburg')::date as day from purchase_order"
    )
    for row in found:
        first = programme.orders[row["number"]][0]
        shown = first["PO Sent to Vendor Date"]
        if "/" in shown and shown[0].isdigit():
            assert f"{row['day']:%m/%d/%y}" == shown
        else:
            assert row["day"].year >= 2006


async def test_prices_are_the_last_that_the_file_has(programme):
    last = {(row["Vendor"], row["Item Description"]): procured.plain(row["Pack Price"]) for row in programme.rows}
    found = await programme.ask(
        "select r.supplier_name, i.name, p.unit_price from supplier_price p join item i on i.id = p.item_id "
        "join trading_relationship r on r.supplier_id = p.supplier_id and r.buyer_id = p.buyer_id"
    )
    assert {(row["supplier_name"], row["name"]): row["unit_price"] for row in found} == last


async def test_deliveries_are_goods_receipts_of_their_day_and_note(programme):
    found = await programme.ask(
        "select g.delivery_note, (g.delivered_at at time zone 'Africa/Johannesburg')::date as day, l.order_number, "
        "sum(l.accepted) as accepted from goods_receipt g join goods_receipt_line l on l.receipt_id = g.id "
        "group by g.id, 1, 2, 3"
    )
    expected: Any = Counter()
    for number, rows in programme.orders.items():
        for row in procured.delivered(rows):
            came = procured.day(row["Delivered to Client Date"])
            expected[number, row["ASN/DN #"], came] += procured.plain(row["Line Item Quantity"])
    assert {(row["order_number"], row["delivery_note"], row["day"]): row["accepted"] for row in found} == expected
    [ledger] = await programme.ask("select sum(received) as received from purchase_order_line")
    came = [row for row in programme.rows if row["Delivered to Client Date"]]
    assert ledger["received"] == sum(procured.plain(row["Line Item Quantity"]) for row in came)


async def test_suppliers_are_scored_by_the_days_on_which_goods_came(programme):
    """What came on a day that nobody captured, or has not come, says nothing about punctuality."""
    found = await programme.ask(
        f"select r.supplier_name, sum(base) as judged, sum(achieved) as kept from ({FACTS['on_time_requested']}) f "
        "join trading_relationship r on r.supplier_id = f.supplier_id and r.buyer_id = f.buyer_id group by 1"
    )
    expected = defaultdict(lambda: [0, 0])
    for row in procured.delivered(programme.rows):
        judged = expected[row["Vendor"]]
        judged[0] += 1
        judged[1] += procured.day(row["Delivered to Client Date"]) <= procured.day(row["Scheduled Delivery Date"])
    assert {row["supplier_name"]: [row["judged"], row["kept"]] for row in found} == expected


async def test_the_same_file_again_changes_nothing(programme):
    report = await programme.bring()
    assert report.facts()["outcome"] == "unchanged"
    assert {figures["created"] + figures["updated"] for figures in report.kinds.values()} == {0}
    assert (await programme.ask("select count(*) from goods_receipt"))[0]["count"] > 0


async def test_all_errors_of_all_kinds_come_at_once_and_none_twice(programme, tmp_path, connected):
    """A bad country, a bad quantity, a header that disagrees with itself; and no order complains of a bad supplier."""
    company = await buying_company(country="US", currency="USD")
    path = tmp_path / "deliveries.csv"
    other = Programme(company, tmp_path)
    rows = [dict(row) for row in other.rows[:60]]
    rows[0]["Manufacturing Site"] = "Works, Atlantis"
    rows[7]["Line Item Quantity"] = "many"
    rows[9]["Vendor INCO Term"] = "XXX"
    rows[9] |= {name: rows[8][name] for name in ("Project Code", "PO / SO #", "Vendor")}
    rows[20]["Delivered to Client Date"] = "31-Jun-06"
    _write(path, rows)
    for file in tmp_path.glob("deliveries 2006*"):
        file.unlink()
    report = await other.bring(path=path)
    wrong = {(problem.part, problem.row, problem.column, problem.value) for problem in report.errors}
    assert {part for part, *_ in wrong} == {"suppliers", "lines", "orders", "receipts"}
    assert ("suppliers", 2, "Origin", "Atlantis") in wrong
    assert ("lines", 9, "Line Item Quantity", "many") in wrong
    assert ("receipts", 9, "Line Item Quantity", "many") in wrong
    assert ("orders", 11, "Vendor INCO Term", "XXX") in wrong
    assert ("receipts", 22, "Delivered to Client Date", "31-Jun-06") in wrong
    assert not any("There is no" in str(problem.reason) for problem in report.errors)
    assert await records(company, "select 1 from trading_relationship union all select 1 from item") == []
    assert report.kinds["orders"]["created"] == 0


def _write(path, rows):
    with path.open("w", encoding="latin-1", newline="") as file:
        csv.writer(file).writerows([procured.COLUMNS, *[[row[name] for name in procured.COLUMNS] for row in rows]])
