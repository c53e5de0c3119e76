"""A whole company comes in as its files are, through the command line; its figures equal those of the files."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from portal.orders.rules import net_of, totals_of
from portal.orders.tables import PurchaseOrderLine
from portal.platform.actor import Actor
from portal.platform.work import viewing
from tests.harness.totals import history_of
from tests.operations.adventureworks import cents, lines_by_order, needs_data, rounded_net, rows

pytestmark = needs_data


def test_everything_comes_in(imported):
    figures = {name: found for report in imported.reports.values() for name, found in report["kinds"].items()}
    created = {name: found["created"] for name, found in figures.items()}
    assert created == {"suppliers": 104, "items": 504, "prices": 460, "orders": 4012, "lines": 8845, "receipts": 0}
    assert figures["receipts"]["unchanged"] == 8845, "orders bring along what was received of them"
    assert sum(found["errors"] for found in figures.values()) == 0
    assert [report["outcome"] for report in imported.reports.values()] == ["imported"] * 4 + ["unchanged"]


def test_it_takes_little_time_and_memory(imported):
    seconds = sum(report["seconds"] for report in imported.reports.values())
    memory = max(report["peak_memory_mb"] for report in imported.reports.values())
    print(f"\nAdventureWorks: {seconds:.1f} s, {memory} MB")
    assert seconds < 60
    assert memory < 500


def test_suppliers_live_where_three_other_files_say(imported):
    state, address = (
        {row[key]: row for row in rows(name)}
        for name, key in (("StateProvince", "StateProvinceID"), ("Address", "AddressID"))
    )
    lives = {row["BusinessEntityID"]: address[row["AddressID"]] for row in rows("BusinessEntityAddress")}
    expected = {}
    for vendor in rows("Vendor"):
        home = lives[vendor["BusinessEntityID"]]
        region = state[home["StateProvinceID"]]
        street = ", ".join(part for part in (home["AddressLine1"], home["AddressLine2"]) if part)
        expected[vendor["AccountNumber"]] = (
            vendor["Name"],
            {
                "street": street,
                "city": home["City"],
                "postal_code": home["PostalCode"],
                "region": region["StateProvinceCode"],
                "country": region["CountryRegionCode"],
            },
            "approved" if vendor["ActiveFlag"] == "1" else "ended",
        )
    found = imported.ask(
        "select r.supplier_number, o.name, o.address, r.state from trading_relationship r "
        "join organisation o on o.id = r.supplier_id where r.buyer_id = %(buyer)s"
    )
    assert {row["supplier_number"]: (row["name"], row["address"], row["state"]) for row in found} == expected


def test_prices_keep_lead_time_quantities_and_unit(imported):
    units = {"CAN": "XCI", "CS": "XCS", "CTN": "XCN", "DZ": "DZN", "EA": "EA", "GAL": "GLL", "PAK": "NMP"}
    vendor = {row["BusinessEntityID"]: row["AccountNumber"] for row in rows("Vendor")}
    product = {row["ProductID"]: row["ProductNumber"] for row in rows("Product")}
    numbers = ("StandardPrice", "MinOrderQty", "MaxOrderQty", "AverageLeadTime")
    expected = {
        (
            vendor[row["BusinessEntityID"]],
            product[row["ProductID"]],
            units[row["UnitMeasureCode"]],
            *(Decimal(row[name]) for name in numbers),
        )
        for row in rows("ProductVendor")
    }
    found = imported.ask(
        "select r.supplier_number, i.number, p.unit, p.unit_price, p.minimum_quantity, p.maximum_quantity, "
        "p.lead_time_days from supplier_price p join item i on i.id = p.item_id "
        "join trading_relationship r on r.supplier_id = p.supplier_id where p.buyer_id = %(buyer)s"
    )
    assert {tuple(row.values()) for row in found} == expected


def test_totals_are_the_sums_of_rounded_lines(imported):
    """Before rounding, price × quantity is the source's SubTotal to the last digit; line by line it is not always."""
    lines = lines_by_order()
    headers = {f"AW-{row['PurchaseOrderID']}": row for row in rows("PurchaseOrderHeader")}
    expected = {number: rounded_net(lines[number[3:]]) for number in headers}
    found = {
        row["number"]: row
        for row in imported.ask("select number, net, tax, gross from purchase_order where buyer_id = %(buyer)s")
    }
    assert {number: row["net"] for number, row in found.items()} == expected
    assert all(
        row["tax"] == cents(row["net"] * Decimal("0.08")) and row["gross"] == row["net"] + row["tax"]
        for row in found.values()
    )
    differing = sum(expected[number] != cents(Decimal(row["SubTotal"])) for number, row in headers.items())
    totals = imported.reports["orders"]["totals"]
    assert totals == {"stated": 4012, "differ": 1229, "largest_difference": "0.04", "differ_before_rounding": 0}
    assert differing == 1229


def test_sums_in_sql_are_those_of_the_portals_own_arithmetic(imported):
    found = imported.ask("select * from purchase_order_line where buyer_id = %(buyer)s")
    lines = [PurchaseOrderLine.of(row) for row in found]
    assert all(line.net == net_of(line, "USD") for line in lines)
    by_order: dict[Any, list[Any]] = {}
    for line in lines:
        by_order.setdefault(line.order_id, []).append(line)
    for order in imported.ask("select id, net, tax, gross, gross_minor from purchase_order where buyer_id = %(buyer)s"):
        sums = totals_of(by_order[order["id"]], "USD")
        assert (order["net"], order["tax"], order["gross"]) == (sums.net, sums.tax, sums.gross)
        assert order["gross_minor"] == sums.gross * 100


def test_the_ledger_holds_what_came(imported):
    expected = {
        row["PurchaseOrderDetailID"]: tuple(
            Decimal(row[name]) for name in ("OrderQty", "ReceivedQty", "StockedQty", "RejectedQty")
        )
        for row in rows("PurchaseOrderDetail")
    }
    found = imported.ask(
        "select l.source->>'key' as key, quantity, received, accepted, rejected, despatch_ceiling, receive_ceiling, "
        "invoice_ceiling, received - returned_for_replacement as kept, o.state from purchase_order_line l "
        "join purchase_order o on o.id = l.order_id where l.buyer_id = %(buyer)s"
    )
    assert {
        row["key"]: (row["quantity"], row["received"], row["accepted"], row["rejected"]) for row in found
    } == expected
    assert all(row["despatch_ceiling"] == row["invoice_ceiling"] == row["quantity"] for row in found)
    assert all(row["receive_ceiling"] == max(row["quantity"], row["kept"]) for row in found)
    again = sum(row["received"] - row["kept"] for row in found)
    assert again == sum(row["rejected"] for row in found if row["state"] in ("issued", "accepted"))
    short = sum(row["received"] < row["quantity"] for row in found)
    assert (short, sum(row["rejected"] > 0 for row in found)) == (380, 563)


async def test_the_scores_of_every_supplier_follow_from_the_files(imported):
    """Quality is Σ accepted ÷ ordered over Σ received ÷ ordered, the fill rate the mean of min(received, ordered) ÷
    ordered."""
    vendor = {row["BusinessEntityID"]: row["AccountNumber"] for row in rows("Vendor")}
    of_order = {row["PurchaseOrderID"]: vendor[row["VendorID"]] for row in rows("PurchaseOrderHeader")}
    sums: dict[str, dict[str, Decimal]] = {}
    filled: dict[str, list[Fraction]] = {}
    good: dict[str, list[tuple[Fraction, Fraction]]] = {}
    for line in rows("PurchaseOrderDetail"):
        received, ordered = Decimal(line["ReceivedQty"]), Decimal(line["OrderQty"])
        came = {"lines": Decimal(1), "received": received, "rejected": Decimal(line["RejectedQty"])}
        mine = sums.setdefault(of_order[line["PurchaseOrderID"]], dict.fromkeys(came, Decimal(0)))
        filled.setdefault(of_order[line["PurchaseOrderID"]], []).append(
            Fraction(min(received, ordered)) / Fraction(ordered)
        )
        shares = Fraction(received - came["rejected"]) / Fraction(ordered), Fraction(received) / Fraction(ordered)
        good.setdefault(of_order[line["PurchaseOrderID"]], []).append(shares)
        mine.update({name: mine[name] + more for name, more in came.items()})
    expected = {
        name: (
            sum(accepted for accepted, _came in good[name]) / sum(came for _accepted, came in good[name]),
            sum(filled[name]) / len(filled[name]),
        )
        for name in sums
    }
    named = imported.ask("select supplier_id, supplier_number from trading_relationship where buyer_id = %(buyer)s")
    numbers = {row["supplier_id"]: row["supplier_number"] for row in named}
    async with viewing(Actor.system(imported.company.id)) as view:
        told = {number: await history_of(view, supplier) for supplier, number in numbers.items()}
    found = {number: totals for number, totals in told.items() if totals is not None}

    assert len(found) == 86
    assert {name: {part: getattr(totals, part) for part in sums[name]} for name, totals in found.items()} == sums
    for name, totals in found.items():
        assert totals.quality is not None
        assert totals.fill_rate is not None
        quality, fill_rate = expected[name]
        assert abs(Fraction(totals.quality) - quality) < Fraction(1, 10**15)
        assert abs(Fraction(totals.fill_rate) - fill_rate) < Fraction(1, 10**15)


def test_an_order_with_receipts_is_issued_or_later_and_keeps_its_source_status(imported):
    found = imported.ask(
        "select source->>'status' as status, state, shown_to = supplier_id as shown, issued_at is not null as issued, "
        "count(*) from purchase_order where buyer_id = %(buyer)s group by 1, 2, 3, 4"
    )
    assert {(row["status"], row["state"]): row["count"] for row in found} == {
        ("1", "accepted"): 225,
        ("2", "accepted"): 12,
        ("3", "accepted"): 86,
        ("4", "closed"): 3689,
    }
    assert all(row["shown"] and row["issued"] for row in found)
    lines = imported.ask(
        "select count(*) from purchase_order_line l join purchase_order o on o.id = l.order_id "
        "where o.buyer_id = %(buyer)s and l.received > 0 and o.source->>'status' <> '4'"
    )
    assert lines == [{"count": 676}]


def test_history_warns_where_a_line_was_due_before_it_was_ordered(imported):
    ordered = {row["PurchaseOrderID"]: row["OrderDate"] for row in rows("PurchaseOrderHeader")}
    early = {
        number
        for number, row in enumerate(rows("PurchaseOrderDetail"), start=2)
        if row["DueDate"] < ordered[row["PurchaseOrderID"]]
    }
    warnings = imported.reports["orders"]["warnings"]
    assert {warning["row"] for warning in warnings} == early
    assert len(early) == len(warnings) == 7


def test_every_record_says_where_it_came_from(imported):
    hashes = {file["name"]: file["sha256"] for report in imported.reports.values() for file in report["files"]}
    for table, column in (
        ("organisation", "host_id"),
        ("trading_relationship", "buyer_id"),
        ("item", "organisation_id"),
        ("supplier_price", "buyer_id"),
        ("purchase_order", "buyer_id"),
        ("purchase_order_line", "buyer_id"),
    ):
        found = imported.ask(
            f"select source->>'file' as file, source->>'sha256' as hash, "
            f"count(distinct source->>'row') as rows, count(*) from {table} where {column} = %(buyer)s group by 1, 2"
        )
        assert [hashes[row["file"]] == row["hash"] for row in found] == [True]
        assert found[0]["rows"] == found[0]["count"]
