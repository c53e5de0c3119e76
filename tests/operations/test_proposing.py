"""What is proposed for a file that nobody mapped yet."""

import pytest

from portal.operations.imports.mapping import EVERYTHING, Field, Format, decode, encode
from portal.operations.imports.propose import propose
from portal.operations.imports.sources import look
from tests.operations.nordwerk import ITEMS, LINES, ORDERS, SUPPLIERS, write

PROCURED = (
    "ID;Project Code;PO / SO #;Vendor;Item Description;Order Date;Scheduled Delivery Date;Delivered to Client Date;"
    "Line Item Quantity;Unit Price;Line Item Value;Freight Cost (USD);Country;Brand\n"
    '1;100-CI-T01;SCMS-4;RANBAXY;"Test kit, HIV";02-May-06;02-Jun-06;05-Jun-06;19;29,00;551,00;780,34;Vietnam;Reveal\n'
    "3;108-VN-T01;SCMS-13;ABBVIE;Nevirapine 10mg;14-Nov-06;n/a;Date Not Captured;1.000;6,20;6.200,00;Freight Included;"
    "Nigeria;Generic\n"
    "4;100-CI-T01;SCMS-20;ABBVIE;Lamivudine 150mg;27-Aug-06;28-Aug-06;27-Aug-06;500;80,00;40.000,00;1.653,78;"
    "Côte d'Ivoire;Generic\n"
)
CHINESE = (
    "采购订单号,供应商编号,下单日期,订单状态,行号,物料编码,物料描述,数量,单位,单价,交货日期,币种\n"
    "4500001,70001,2026年6月2日,已完成,10,A-1,螺栓 M8,1000,个,0.12,2026年6月30日,CNY\n"
    "4500002,70002,2026年6月3日,已发出,10,A-2,钢板,2.5,公斤,8.10,2026年7月1日,CNY\n"
)


def proposed(folder, text, kind=None, encoding="utf-8"):
    [path] = write(folder, encoding, Datei=text)
    return propose(look(path, Format()), kind)


def by_field(found):
    return {field.name: field.column for field in found.fields}


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        (SUPPLIERS, "suppliers", {"number": "Nr", "name": "Name", "country": "Land", "city": "Ort"}),
        (ITEMS, "items", {"number": "Nr", "name": "Bezeichnung", "unit": "ME"}),
        (ORDERS, "orders", {"number": "Nr", "supplier": "Lieferant", "ordered_at": "Datum", "state": "Status"}),
        (
            "Lieferant;Artikel;Preis;Per;ME;Ab;Gueltig\n70001;A-1;1,5;100;Stk;1;01.01.2026\n",
            "prices",
            {"supplier": "Lieferant", "item": "Artikel", "unit_price": "Preis", "valid_from": "Gueltig"},
        ),
        (
            "Bestellung;Pos;Gut;Schlecht;Lieferschein\n2;10;4;1;LS-1\n",
            "receipts",
            {"order_number": "Bestellung", "line": "Pos", "accepted": "Gut", "delivery_note": "Lieferschein"},
        ),
    ],
)
def test_a_files_kind_and_columns_are_known_by_their_names(tmp_path, text, kind, expected):
    found = proposed(tmp_path, text)
    assert found.kind == kind
    assert by_field(found).items() >= expected.items()
    assert all(0 < field.confidence <= 1 for field in found.fields)


def test_numbers_dates_and_what_is_missing_are_read_off_the_cells(tmp_path):
    found = proposed(tmp_path, PROCURED, "orders")
    written = found.mapping.format
    assert (written.decimal, written.thousands, written.dates) == (",", ".", ("%d-%b-%y",))
    assert written.empty == ("n/a",)
    columns = by_field(found)
    assert columns["number"] == columns["lines.order_number"] == "PO / SO #"
    assert columns["supplier"] == "Vendor"
    assert columns["lines.quantity"] == "Line Item Quantity"
    assert columns["lines.unit_price"] == "Unit Price"
    assert columns["lines.requested_date"] == "Scheduled Delivery Date"
    assert columns["lines.delivered_at"] == "Delivered to Client Date"
    assert columns["lines.description"] == "Item Description"
    assert {"Project Code", "Brand"} <= {*found.unused}
    assert found.mapping.orders is not None
    assert found.mapping.orders.repeated == "first", "one order is on several rows"


def test_chinese_headers_units_and_states_are_understood(tmp_path):
    found = proposed(tmp_path, CHINESE)
    orders = found.mapping.orders
    assert found.kind == "orders"
    assert orders is not None
    assert by_field(found)["lines.item"] == "物料编码"
    assert orders.fields["state"] == Field(column="订单状态", map={"已发出": "issued", "已完成": "closed"})
    assert orders.lines.fields["unit"] == Field(column="单位", map={"个": "H87", "公斤": "KGM"})
    assert found.mapping.format.dates == ("%Y年%m月%d日",)


def test_what_cells_are_no_dates_is_proposed_as_no_date(tmp_path):
    found = proposed(tmp_path, "PO;Supplier;Order Date\n1;70001;12,50\n2;70002;13,50\n", "orders")
    sure = {field.name: field.confidence for field in found.fields}
    assert sure.get("ordered_at", 0) < 0.5


def test_several_kinds_can_come_from_one_wide_file(tmp_path):
    found = proposed(tmp_path, PROCURED, EVERYTHING)
    assert found.mapping.items is not None
    columns = by_field(found)
    assert columns["items.name"] == columns["items.number"] == columns["lines.item"] == "Item Description"
    assert columns["suppliers.number"] == columns["orders.supplier"] == columns["suppliers.name"] == "Vendor"
    assert columns["orders.number"] == "PO / SO #"


def test_texts_that_stand_again_and_again_for_a_missing_value_are_proposed_as_such(tmp_path):
    rows = "".join(f"{n};7000{n};0{n}.06.2026;1.000;{n}.500\n" for n in range(1, 10))
    odd = "10;70010;Date Not Captured;see offer;1\n11;70011;Date Not Captured;see offer;1\n"
    found = proposed(tmp_path, f"PO;Supplier;Order Date;Price;Qty\n{rows}{odd}", "orders")
    orders = found.mapping.orders
    assert orders is not None
    assert orders.fields["ordered_at"] == Field(column="Order Date", empty=("Date Not Captured",))
    assert orders.lines.fields["unit_price"] == Field(column="Price", empty=("see offer",))
    assert (found.mapping.format.decimal, found.mapping.format.thousands) == (",", ".")


@pytest.mark.parametrize("text", [SUPPLIERS, ITEMS, ORDERS, LINES, PROCURED, CHINESE])
@pytest.mark.parametrize("kind", [None, "suppliers", "items", "prices", "orders", "receipts", EVERYTHING])
def test_every_draft_is_a_mapping(tmp_path, text, kind):
    mapping = proposed(tmp_path, text, kind).mapping
    assert decode(encode(mapping).encode()) == mapping


def test_dates_in_several_shapes_are_proposed_together_with_days_as_spreadsheets_count_them(tmp_path):
    rows = "1;7;02-Jun-06\n2;7;15.07.2025\n3;7;45810\n4;7;2026-06-02\n"
    written = proposed(tmp_path, f"PO;Supplier;Order Date\n{rows}", "orders").mapping.format
    assert {*written.dates} == {"%d-%b-%y", "%d.%m.%Y", "excel"}
    serials = proposed(tmp_path, "PO;Supplier;Order Date\n1;7;45810\n2;7;45811\n", "orders")
    assert serials.mapping.format.dates == ("excel",)
    assert by_field(serials)["ordered_at"] == "Order Date"


def test_day_and_month_are_never_proposed_in_either_order(tmp_path):
    rows = "1;7;13/01/2025\n2;7;14/01/2025\n3;7;01/15/2025\n"
    written = proposed(tmp_path, f"PO;Supplier;Order Date\n{rows}", "orders").mapping.format
    assert written.dates == ("%d/%m/%Y",)


@pytest.mark.parametrize(
    ("header", "cells", "field", "column"),
    [
        ("Article No;Description", "A-1;Bolt", "number", "Article No"),
        ("Item;Name;Unit of Measure (Per Pack)", "A-1;Bolt;60\nA-2;Nut;240", "unit", ""),
    ],
)
def test_columns_of_items(tmp_path, header, cells, field, column):
    assert by_field(proposed(tmp_path, f"{header}\n{cells}\n", "items"))[field] == column


def test_a_day_of_delivery_is_no_quantity(tmp_path):
    text = "Bestellnr;Artikelnr;Menge;Wareneingang\n1;A-1;5;15.07.2025\n2;A-1;6;16.07.2025\n"
    columns = by_field(proposed(tmp_path, text, "orders"))
    assert columns["lines.delivered_at"] == "Wareneingang"
    assert "lines.received" not in columns


def test_the_very_name_of_a_column_counts_also_where_few_of_its_cells_are_dates(tmp_path):
    missing = "".join(f"{n};V;N/A - From RDC;0{n}-Jun-06;0{n}-Jul-06;5;2,5\n" for n in range(3, 9))
    rows = f"1;V;02-May-06;02-Jun-06;05-Jun-06;19;2,5\n2;V;03-May-06;02-Jun-06;05-Jun-06;19;2,5\n{missing}"
    header = "PO Number;Vendor;PO Sent to Vendor Date;Scheduled Delivery Date;Delivered to Client Date;Quantity;Price"
    columns = by_field(proposed(tmp_path, f"{header}\n{rows}"))
    assert columns["ordered_at"] == "PO Sent to Vendor Date"
    assert columns["lines.requested_date"] == "Scheduled Delivery Date"
    assert columns["lines.delivered_at"] == "Delivered to Client Date"


def test_order_numbers_with_quantities_are_no_items(tmp_path):
    text = "PO Number;Item No;Item Name;Unit;Qty;Net Price\n1;A-1;Bolt;PCE;5;1,20\n1;A-2;Nut;PCE;7;2,50\n"
    assert proposed(tmp_path, text).kind == "orders"
