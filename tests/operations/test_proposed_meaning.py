"""What a proposal makes of columns whose names may mean several things: a wish is no delivery, a name is no number."""

import pytest

from portal.operations.imports.kinds import PARTS
from portal.operations.imports.mapping import EVERYTHING, Field, Format
from portal.operations.imports.propose import propose
from portal.operations.imports.sources import look
from tests.operations.nordwerk import write

WISHED = (
    "Delivery date", "Requested delivery date", "Requested delivery", "Requested", "Liefertermin", "Lieferdatum", "Due",
    "Due date", "Scheduled Delivery Date", "Delivery Due", "交货日期", "要求交货日期", "Wunschliefertermin",
    "Date de livraison", "Need by date", "Required Delivery Date", "Planned delivery date",
)  # fmt: skip
PROMISED = (
    "Promised",
    "Promised delivery date",
    "Confirmed delivery date",
    "ETA",
    "Expected Delivery Date",
    "承诺交期",
)
CAME = ("Delivered", "Delivered on", "Received Date", "Goods receipt date", "Wareneingangsdatum", "收货日期",
        "实际交货日期", "Actual delivery date", "Delivered to Client Date")  # fmt: skip


def proposed(folder, text, kind=None):
    [path] = write(folder, "utf-8", Datei=text)
    return propose(look(path, Format()), kind)


def by_field(found):
    return {field.name: field.column for field in found.fields}


def orders_with(header):
    rows = "X1;S-1001;02-Jun-06;FA-0812;10;12,34;12-Jun-06;open\nX2;S-1001;03-Jun-06;FA-0812;20;1,5;14-Jun-06;closed\n"
    return f"PO Number;Supplier;Order date;Item;Qty;Unit price;{header};Status\n{rows}"


@pytest.mark.parametrize("kind", ["orders", EVERYTHING])
@pytest.mark.parametrize("header", WISHED)
def test_the_day_that_was_asked_for_is_never_proposed_as_the_day_of_delivery(tmp_path, header, kind):
    columns = by_field(proposed(tmp_path, orders_with(header), kind))
    assert columns["lines.requested_date"] == header
    assert not [name for name in columns if name.endswith("delivered_at")]


@pytest.mark.parametrize("header", PROMISED)
def test_nor_is_a_promise(tmp_path, header):
    columns = by_field(proposed(tmp_path, orders_with(header), "orders"))
    assert columns["lines.promised_date"] == header
    assert "lines.delivered_at" not in columns


@pytest.mark.parametrize("header", CAME)
def test_what_says_that_goods_came_is_proposed_as_their_delivery(tmp_path, header):
    columns = by_field(proposed(tmp_path, orders_with(header), "orders"))
    assert columns["lines.delivered_at"] == header
    assert "lines.requested_date" not in columns


def test_beside_a_requested_day_an_unclear_one_is_left_to_people(tmp_path):
    text = "PO;Supplier;Order date;Item;Qty;Price;Requested date;Delivery date\n"
    text += "1;S-1;02-Jun-06;A-1;1;2,5;1-Jul-06;2-Jul-06\n"
    found = proposed(tmp_path, text, "orders")
    assert by_field(found)["lines.requested_date"] == "Requested date"
    assert "Delivery date" in found.unused


@pytest.mark.parametrize(
    ("header", "cells", "kind", "expected"),
    [
        (
            "Lieferant;Lieferant-Nr;Land",
            "Müller GmbH;70001;DE\nFoo AG;70002;AT",
            "suppliers",
            {"number": "Lieferant-Nr", "name": "Lieferant"},
        ),
        (
            "Vendor;Vendor Code;Country",
            "Foo Ltd;V-1;UK\nBar Inc;V-2;USA",
            "suppliers",
            {"number": "Vendor Code", "name": "Vendor", "country": "Country"},
        ),
        (
            "PO Number;Vendor Name;Part;Part Description;UOM",
            "1;Foo Ltd;A-1;Bolt M8;Stk\n2;Bar Inc;A-2;Nut M8;Stk",
            "items",
            {"number": "Part", "name": "Part Description"},
        ),
        (
            "PO Number;Line;Qty;Order Date;Received;Received Date",
            "1;10;5;01.06.2026;4;03.06.2026\n1;20;6;01.06.2026;6;04.06.2026",
            "receipts",
            {"received": "Received", "delivered_at": "Received Date"},
        ),
        (
            "Order;Vendor;Vendor #;Order date;Item;Qty;Unit price",
            "X1;Foo Ltd;V-1;02-Jun-06;A-1;1;2,5\nX2;Bar Inc;V-2;02-Jun-06;A-2;1;2,5",
            "orders",
            {"number": "Order", "lines.order_number": "Order", "supplier": "Vendor #", "lines.item": "Item"},
        ),
    ],
)
def test_numbers_go_before_names(tmp_path, header, cells, kind, expected):
    assert by_field(proposed(tmp_path, f"{header}\n{cells}\n", kind)).items() >= expected.items()


def test_everything_out_of_one_file_never_books_the_same_goods_twice(tmp_path):
    text = (
        "PO;Vendor;Vendor Code;Country;Order date;Line;Part;Part Name;UOM;Qty;Unit price;Received;Received Date\n"
        "1;Foo Ltd;V-1;UK;02-Jun-06;10;A-1;Bolt;Stk;5;2,5;5;5-Jun-06\n"
        "1;Foo Ltd;V-1;UK;02-Jun-06;20;A-2;Nut;Stk;5;2,5;4;5-Jun-06\n"
    )
    mapping = proposed(tmp_path, text, EVERYTHING).mapping
    assert (mapping.receipts, mapping.orders is not None, mapping.suppliers is not None) == (None, True, True)
    assert mapping.orders is not None
    assert {"received", "delivered_at"} <= {*mapping.orders.lines.fields}


@pytest.mark.parametrize("dropped", ["PO", "Qty", "Unit price", "Vendor Code", "Order date", "Country"])
def test_everything_proposes_no_part_that_lacks_what_it_needs(tmp_path, dropped):
    header = [
        "PO",
        "Vendor Code",
        "Vendor",
        "Country",
        "Order date",
        "Part",
        "Part Description",
        "UOM",
        "Qty",
        "Unit price",
    ]
    cells = ["1", "V-1", "Foo Ltd", "UK", "02-Jun-06", "A-1", "Bolt M8", "Stk", "5", "2,5"]
    kept = [place for place, name in enumerate(header) if name != dropped]
    text = "".join(";".join(row[place] for place in kept) + "\n" for row in (header, cells))
    mapping = proposed(tmp_path, text, EVERYTHING).mapping
    for part, table in mapping.parts(EVERYTHING).items():
        assert PARTS[part].required <= table.fields.keys(), part


def test_countries_are_known_however_people_write_them(tmp_path):
    said = {
        "UK": "GB", "USA": "US", "U.S.A.": "US", "中国": "CN", "Germany": "DE", "Deutschland": "DE", "Viet Nam": "VN",
        "South Korea": "KR", "Korea, Republic of": "KR", "Côte d'Ivoire": "CI", "CHN": "CN", "P.R. China": "CN",
    }  # fmt: skip
    rows = "".join(f'{n};Firm {n};"{name}"\n' for n, name in enumerate(said))
    found = proposed(tmp_path, f"Vendor No;Vendor;Country\n{rows}", "suppliers").mapping.suppliers
    assert found is not None
    assert found.fields["country"] == Field(column="Country", map=said)
