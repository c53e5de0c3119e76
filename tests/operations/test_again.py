"""Importing again: the same, something newer, something that contradicts history; receipts in files of their own."""

import asyncio
from decimal import Decimal

from portal.catalogue.events import ItemAdded
from portal.catalogue.tables import Item
from portal.orders.tables import PurchaseOrder
from portal.organisations.events import StandingChanged
from portal.organisations.tables import TradingRelationship
from portal.platform.actor import Actor
from portal.platform.work import changing
from tests.harness.world import buying_company, draft_order, trading_pair
from tests.operations.nordwerk import ITEMS, LINES, MAPPING, ORDERS, SUPPLIERS, bring, records, said, settled, write

RECEIPTS = "Bestellung;Pos;Gut;Schlecht\n2;10;4;1\n2;10;3;\n"


async def test_orders_come_with_the_portals_arithmetic_in_another_companys_format(connected, tmp_path):
    """12.345 per 100 of 1,000 pieces; 810 a tonne, less 2.5 %, for 2,500 kg; 0.99 × 10 at the item's own tax rate."""
    company = await buying_company()
    await settled(company, tmp_path)
    report = await bring(company, "orders", write(tmp_path, Bestellungen=ORDERS, Positionen=LINES))
    assert [str(warning.reason) for warning in report.warnings] == ["Due before its order date, 2026-06-02."]
    found = await records(
        company, "select number, state, net, tax, gross, shown_to is null as hidden from purchase_order order by number"
    )
    amounts = [tuple(row.values()) for row in found]
    assert amounts == [
        ("NW-1", "in_approval", Decimal("2097.82"), Decimal("398.59"), Decimal("2496.41"), True),
        ("NW-2", "issued", Decimal("9.90"), Decimal("1.88"), Decimal("11.78"), False),
    ]
    lines = await records(
        company, "select net, price_factor, line, unit, price_unit from purchase_order_line order by net"
    )
    assert [tuple(row.values()) for row in lines] == [
        (Decimal("9.90"), Decimal(1), 10, "KGM", "KGM"),
        (Decimal("123.45"), Decimal(1), 10, "H87", "H87"),
        (Decimal("1974.37"), Decimal("0.001"), 20, "KGM", "TNE"),
    ]
    assert len(await records(company, "select 1 from schedule_line")) == 3
    assert len(await records(company, "select 1 from order_revision")) == 1


async def test_master_data_that_changed_at_the_source_is_updated(connected, tmp_path):
    company = await buying_company()
    await settled(company, tmp_path)
    newer = SUPPLIERS.replace("Åkesson AB", "Åkesson & Co AB") + "70003;Neu GmbH;;\n"
    report = await bring(company, "suppliers", write(tmp_path, Lieferanten=newer))
    assert report.kinds["suppliers"] == {"created": 1, "updated": 1, "unchanged": 1, "warnings": 0, "errors": 0}
    found = await records(company, "select supplier_name, version from trading_relationship order by supplier_number")
    assert [tuple(row.values()) for row in found] == [("Müller & Söhne", 1), ("Åkesson & Co AB", 2), ("Neu GmbH", 1)]
    assert await records(company, "select name from organisation where name like 'Åkesson%'") == [
        {"name": "Åkesson & Co AB"}
    ]


async def test_what_was_corrected_in_the_portal_stays_until_the_source_changes(connected, tmp_path):
    company = await buying_company()
    await settled(company, tmp_path)
    [row] = await records(company, "select id from item where number = 'A-1'")
    async with changing(Actor.system(company.id), Item, row["id"]) as (change, item):
        item.name, item.category = "Sechskantschraube M8", "Fasteners"
        change.write(item)
        change.record(ItemAdded(item.id), item)
    sql = "select name, category from item where number = 'A-1'"

    report = await bring(company, "items", write(tmp_path, Artikel=ITEMS))
    assert report.facts()["outcome"] == "unchanged"
    assert await records(company, sql) == [{"name": "Sechskantschraube M8", "category": "Fasteners"}]

    await bring(company, "items", write(tmp_path, Artikel=ITEMS.replace("Schraube M8", "Schraube M8 verzinkt")))
    assert await records(company, sql) == [{"name": "Schraube M8 verzinkt", "category": "Fasteners"}]


async def test_history_does_not_change(connected, tmp_path):
    """A new order in the file would be welcome; one that says something else than before keeps the whole file out."""
    company = await buying_company()
    await settled(company, tmp_path)
    await bring(company, "orders", write(tmp_path, Bestellungen=ORDERS, Positionen=LINES))
    more = {"Bestellungen": ORDERS + "3;70001;04.06.2026;fertig\n", "Positionen": LINES + "3;10;A-1;1;1;;;;\n"}

    report = await bring(
        company, "orders", write(tmp_path, **more | {"Positionen": more["Positionen"].replace("0,99", "0,98")})
    )
    assert [place[:4] for place in said(report)] == [("Bestellungen.csv", 3, "Nr", "NW-2")]
    assert "history does not change" in said(report)[0][4]

    shuffled = "\n".join([LINES.splitlines()[0], *LINES.splitlines()[:0:-1], "3;10;A-1;1;1;;;;"])
    report = await bring(company, "orders", write(tmp_path, **more | {"Positionen": shuffled}))
    assert report.kinds["orders"] == {"created": 1, "updated": 0, "unchanged": 2, "warnings": 0, "errors": 0}


async def test_an_order_entered_in_the_portal_is_never_touched(connected, tmp_path):
    company, supplier = await trading_pair(supplier_number="70001")
    await bring(company, "items", write(tmp_path, Artikel=ITEMS))
    order = await draft_order(company, supplier)
    orders = f"Nr;Lieferant;Datum;Status\n{order.number};70001;02.06.2026;fertig\n"
    lines = f"Bestellung;Pos;Artikel;Menge;Preis;Per;PreisME;Rabatt;Termin\n{order.number};10;A-1;1;1;;;;\n"
    report = await bring(
        company,
        "orders",
        write(tmp_path, Bestellungen=orders, Positionen=lines),
        by=MAPPING.replace(', prefix = "NW-"', ""),
    )
    reasons = [reason for *_place, reason in said(report)]
    assert ["gives numbers of this form" in reasons[0], "entered in the portal itself" in reasons[1]] == [True, True]
    assert await records(company, "select state from purchase_order") == [{"state": "draft"}]


async def test_receipts_of_their_own_file_are_booked_once(connected, tmp_path):
    """Two deliveries of one line come together; the same file again books nothing, another figure is refused."""
    company = await buying_company()
    await settled(company, tmp_path)
    await bring(company, "orders", write(tmp_path, Bestellungen=ORDERS, Positionen=LINES))
    report = await bring(company, "receipts", write(tmp_path, Eingaenge=RECEIPTS))
    assert report.kinds["receipts"]["created"] == 2
    ledger = "select received, accepted, rejected from purchase_order_line where received > 0"
    assert [tuple(row.values()) for row in await records(company, ledger)] == [(8, 7, 1)]
    assert await records(company, "select receipt_status, version from purchase_order where number = 'NW-2'") == [
        {"receipt_status": "partial", "version": 2}
    ]
    assert (await bring(company, "receipts", write(tmp_path, Eingaenge=RECEIPTS))).facts()["outcome"] == "unchanged"
    report = await bring(company, "receipts", write(tmp_path, Eingaenge=RECEIPTS.replace("10;4", "10;5")))
    assert {reason for *_place, reason in said(report)} == {
        "Other receipts of this line are booked already: 7 accepted."
    }


async def test_receipts_need_an_imported_order_that_was_out(connected, tmp_path):
    company, supplier = await trading_pair()
    await settled(company, tmp_path)
    await bring(company, "orders", write(tmp_path, Bestellungen=ORDERS, Positionen=LINES))
    order: PurchaseOrder = await draft_order(company, supplier)
    receipts = f"Bestellung;Pos;Gut;Schlecht\n1;10;1;\n2;30;1;\n9;10;1;\n{order.number};1;1;\n"
    by = MAPPING.replace(', prefix = "NW-"', ', map = { "1" = "NW-1", "2" = "NW-2", "9" = "NW-9", "N" = "N" }')
    by = by.replace('"N" = "N"', f'"{order.number}" = "{order.number}"')
    report = await bring(company, "receipts", write(tmp_path, Eingaenge=receipts), by=by)
    assert [(row, column) for _file, row, column, *_rest in said(report)] == [
        (2, "Bestellung"),
        (3, "Pos"),
        (4, "Bestellung"),
        (5, "Bestellung"),
    ]
    assert "in_approval" in said(report)[0][4]


async def test_two_imports_at_once_take_turns(connected, tmp_path):
    company = await buying_company()
    paths = write(tmp_path, Artikel=ITEMS)
    reports = await asyncio.gather(*(bring(company, "items", paths) for _ in range(5)))
    assert sorted(report.facts()["outcome"] for report in reports) == ["imported", *["unchanged"] * 4]


async def test_a_hold_that_people_set_survives_an_import(connected, tmp_path):
    company = await buying_company()
    by = MAPPING.replace('city = "Ort"', 'city = "Ort"\nstate = { constant = "approved" }')
    await bring(company, "suppliers", write(tmp_path, Lieferanten=SUPPLIERS), by=by)
    [row] = await records(company, "select id from trading_relationship where supplier_number = '70001'")
    async with changing(Actor.system(company.id), TradingRelationship, row["id"]) as (change, relationship):
        relationship.state = "on_hold"
        change.write(relationship)
        change.record(StandingChanged(relationship.supplier_id, "no_data"), relationship)
    report = await bring(company, "suppliers", write(tmp_path, Lieferanten=SUPPLIERS.replace("Köln", "Bonn")), by=by)
    assert report.kinds["suppliers"]["updated"] == 1
    found = await records(company, "select state from trading_relationship where supplier_number = '70001'")
    assert found == [{"state": "on_hold"}]
