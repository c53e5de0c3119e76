"""Catalogues as UBL: what a supplier asks for leaves right by schema, and comes in as a spreadsheet would."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.catalogue.queries.brought import TITLES
from portal.catalogue.rules.catalogue import COLUMNS, Row, catalogue_of
from portal.catalogue.rules.reading import catalogue_in, rows_of, unfit, untold
from portal.catalogue.rules.ubl import CATALOGUE, Catalogue
from portal.platform.einvoice.incoming import received
from portal.platform.einvoice.syntax import write
from portal.platform.refusals import Invalid
from tests.harness.masters import add_item, set_price
from tests.harness.pages import Reader
from tests.harness.ubl import faults
from tests.harness.world import agreed, approve_supplier, buying_company, selling_company
from tests.operations.desk.nordwerk import API, ran, sent

TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=30)
MAYBE = st.just("") | TEXT
NUMBERS = st.decimals("0.01", "99999", places=2)
DAYS = st.none() | st.dates(date(1900, 1, 1), date(2199, 12, 31))
PARTIES = {"supplier": {"name": "Brightbolt", "country": "DE"}, "buyer": {"name": "Nordwerk", "country": "DE"}}


@st.composite
def rows(draw: Any) -> list[Row]:
    """Items, each with prices for quantities and times; what is said of an item, all of its prices say."""
    found = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        category = draw(st.sampled_from(("S", "Z", "O")))
        of_item = {
            "line": number - 1,
            "item": f"IT-{number}",
            "supplier_item_number": draw(MAYBE),
            "gtin": draw(st.sampled_from(("", "04012345678901"))),
            "name": draw(TEXT),
            "unit": draw(st.sampled_from(("C62", "KGM"))),
            "category": draw(MAYBE),
            "tax_category": category,
            "tax_rate": None if category == "O" else draw(st.sampled_from((Decimal(0), Decimal("19"), Decimal("5.5")))),
        }
        for _price in range(draw(st.integers(1, 3))):
            price = {
                "currency": draw(st.sampled_from(("EUR", "CNY", "JPY"))),
                "unit_price": draw(NUMBERS),
                "base_quantity": draw(st.sampled_from((Decimal(1), Decimal(100)))),
                "price_unit": draw(st.sampled_from(("C62", "KGM"))),
                "minimum_quantity": draw(st.none() | NUMBERS),
                "maximum_quantity": draw(st.none() | NUMBERS),
                "lead_time_days": draw(st.none() | st.integers(0, 9999)),
                "valid_from": draw(DAYS),
                "valid_to": draw(DAYS),
            }
            found.append(Row(**of_item, **price))
    return found


@settings(max_examples=150, deadline=None)
@given(rows())
def test_what_is_written_keeps_the_schema_and_is_read_back_row_by_row(said):
    xml = write(CATALOGUE, catalogue_of("1", date(2026, 11, 1), PARTIES, said))
    assert faults(xml) == []
    root, back = catalogue_in(xml)
    assert list(rows_of(back)) == said
    assert not list(unfit(root, back))
    assert not any(untold(root, back))
    assert write(CATALOGUE, back) == xml


def of_lines(*lines: str, before: str = "") -> bytes:
    """A catalogue of these lines, as another system writes it."""
    spaces = " ".join(f'xmlns{":" * bool(key)}{key}="{name}"' for key, name in CATALOGUE.names.items())
    whole = "".join(
        f"<cac:CatalogueLine><cbc:ID>{number}</cbc:ID>{line}</cac:CatalogueLine>"
        for number, line in enumerate(lines, start=1)
    )
    return f"<Catalogue {spaces}><cbc:ID>1</cbc:ID>{before}{whole}</Catalogue>".encode()


def priced(before: str = "", within: str = "") -> str:
    return (
        f"<cac:RequiredItemLocationQuantity>{before}<cac:Price><cbc:PriceAmount currencyID='EUR'>2</cbc:PriceAmount>"
        f"<cbc:BaseQuantity unitCode='C62'>1</cbc:BaseQuantity>{within}</cac:Price></cac:RequiredItemLocationQuantity>"
    )


BOLT = "<cac:Item><cbc:Description>Bolt</cbc:Description></cac:Item>"


def test_days_stand_on_the_price_the_line_or_the_whole_and_weeks_are_days():
    own = "<cac:ValidityPeriod><cbc:StartDate>2027-01-01</cbc:StartDate></cac:ValidityPeriod>"
    week = priced("<cbc:LeadTimeMeasure unitCode='WEE'>1.5</cbc:LeadTimeMeasure>")
    hours = priced("<cbc:LeadTimeMeasure unitCode='HUR'>25</cbc:LeadTimeMeasure>", own)
    _root, said = catalogue_in(of_lines(week + hours + BOLT, before=own.replace("2027", "2026")))
    first, second = rows_of(said)
    assert (first.name, first.valid_from, first.lead_time_days) == ("Bolt", date(2026, 1, 1), 11)
    assert (second.valid_from, second.lead_time_days) == (date(2027, 1, 1), 2)


def test_quantities_are_told_in_the_unit_of_the_price():
    dozens = "<cbc:MinimumQuantity unitCode='DZN'>2</cbc:MinimumQuantity>"
    whole = "<cbc:MinimumOrderQuantity unitCode='C62'>5</cbc:MinimumOrderQuantity>"
    _root, said = catalogue_in(of_lines(whole + priced() + priced(dozens) + BOLT))
    assert [row.minimum_quantity for row in rows_of(said)] == [Decimal(5), Decimal(24)]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("<cbc:ActionCode>Delete</cbc:ActionCode>" + priced(), "withdraws an item"),
        ("<cbc:OrderableIndicator>false</cbc:OrderableIndicator>" + priced(), "withdraws an item"),
        (priced("<cbc:LeadTimeMeasure unitCode='MON'>1</cbc:LeadTimeMeasure>"), "month cannot be converted"),
        (priced("<cbc:MinimumQuantity unitCode='KGM'>1</cbc:MinimumQuantity>"), "kilogram cannot be converted"),
        (priced(within="<cbc:PriceType>B2B</cbc:PriceType>"), "no place for .*cbc:PriceType .B2B"),
        (priced() + f"<cac:Item><cbc:Name>{'a' * 1001}</cbc:Name></cac:Item>", "longer than 1000"),
    ],
)
def test_what_would_make_a_price_mean_something_else_is_refused(line, why):
    [error] = unfit(*catalogue_in(of_lines(line)))
    assert re.search(why, str(error.message))


@pytest.mark.parametrize("line", ["", priced() * 20_001, "<cbc:Note/>" * 500_000])
def test_a_catalogue_that_would_take_too_long_is_refused_before_it_is_read(line):
    lines = [line] * (1 if line else 20_001)
    with pytest.raises(Invalid) as refused:
        catalogue_in(of_lines(*lines))
    assert "more than 20000 items or prices" in str(refused.value.errors[0].message)


def test_what_a_price_list_has_no_column_for_is_told_beside_its_line():
    seen = "<cac:Item><cbc:Name>Nut</cbc:Name><cbc:Keyword>steel</cbc:Keyword></cac:Item>"
    root, said = catalogue_in(of_lines(priced() + BOLT, priced() + seen, before="<cbc:VersionID>3</cbc:VersionID>"))
    assert not list(unfit(root, said))
    assert list(untold(root, said)) == ["VersionID: 3", "Item/Keyword: steel"]


async def a_supplier(**seller: Any) -> Any:
    company = await buying_company()
    supplier = await selling_company(**{"gln": "4012345000009", **seller})
    await approve_supplier(company.supplier_manager, supplier.id, agreed(supplier_number="S-1"))
    return company, supplier


async def listed(company: Any, supplier: Any) -> Any:
    manager = company.supplier_manager
    item = await add_item(manager, number="IT-1", name="=Hex bolt", gtin="04012345000016")
    for least, price in ((None, "8.25"), ("1000", "7.90")):
        told = {"unit_price": price, "minimum_quantity": least, "supplier_item_number": "B-17", "lead_time_days": 5}
        await set_price(manager, item=item, supplier_id=supplier.id, base_quantity=Decimal(100), **told)
    return item


async def test_a_buyer_saves_what_a_supplier_asks_for(client_of):
    company, supplier = await a_supplier()
    await listed(company, supplier)
    client = await client_of(company.buyer)
    answer = await client.get(f"/api/v1/suppliers/{supplier.id}/catalogue.xml")
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    assert faults(answer.content) == []
    said = received(answer.content, CATALOGUE, Catalogue)
    assert said.specification == "urn:fdc:peppol.eu:poacc:trns:catalogue:3"
    assert said.process == "urn:fdc:peppol.eu:poacc:bis:catalogue_wo_response:3"
    assert [(row.minimum_quantity, row.unit_price) for row in rows_of(said)] == [
        (None, Decimal("8.25")), (Decimal(1000), Decimal("7.9")),
    ]  # fmt: skip
    page = await client.get(f"/suppliers/{supplier.id}")
    assert f"/suppliers/{supplier.id}/catalogue.xml" in page.text
    assert (await client.get(f"/suppliers/{supplier.id}/catalogue.xml")).content == answer.content


async def test_nobody_else_gets_it(client_of):
    company, supplier = await a_supplier()
    await listed(company, supplier)
    path = f"/api/v1/suppliers/{supplier.id}/catalogue.xml"
    assert (await (await client_of(company.receiver)).get(path)).status_code == 403
    stranger, _other = await a_supplier(gln="4012345000016")
    assert (await (await client_of(stranger.buyer)).get(path)).status_code == 404
    assert (await (await client_of(supplier.billing)).get(path)).status_code == 404


async def import_of(client: Any, xml: bytes, kind: str = "prices", name: str = "catalogue.xml") -> dict[str, Any]:
    opened = (await client.post(API, json={})).json()
    put = await client.put(f"{API}/{opened['id']}/files/{name}", content=xml)
    assert put.status_code == 200, put.text
    mapped = await client.put(f"{API}/{opened['id']}/mapping", json={"kind": kind})
    assert mapped.status_code == 200, mapped.text
    return mapped.json()


def written(company: Any, supplier: Any, *rows: Row) -> bytes:
    """A catalogue for the company as the supplier's own system makes it."""
    parties = {"supplier": {"name": supplier.name, "country": "DE"}, "buyer": {"name": company.name, "country": "DE"}}
    return write(CATALOGUE, catalogue_of("1", date(2026, 11, 1), parties, rows))


def bolt(price: str, **told: Any) -> Row:
    shared: dict[str, Any] = {"supplier_item_number": "B-17", "name": "Bolt", "unit": "C62", "tax_category": "S"}
    shared |= {"tax_rate": Decimal(19), "currency": "EUR", "base_quantity": Decimal(100), "price_unit": "C62"}
    shared |= {"unit_price": Decimal(price)} | told
    return Row(**shared)


async def test_a_catalogue_goes_the_way_of_a_spreadsheet_trial_and_differences_first(client_of):
    company, supplier = await a_supplier()
    await add_item(company.supplier_manager, number="IT-1", name="Bolt", gtin="04012345000016")
    buyer, desk = await client_of(company.buyer), await client_of(company.supplier_manager)
    path = f"/api/v1/suppliers/{supplier.id}/catalogue.xml"
    by_gtin = written(company, supplier, bolt("8.25", gtin="04012345000016"))
    first = await import_of(desk, by_gtin)
    assert [file["name"] for file in first["files"]] == ["catalogue.xml.csv"]
    assert (await ran(desk, first["id"], trial=False))["state"] == "imported"
    assert "8.25<" in (await buyer.get(path)).text

    by_number = written(
        company, supplier, bolt("8.125"), bolt("1.234", minimum_quantity=Decimal(1000), price_unit="KGM")
    )
    told = await import_of(desk, by_number)
    tried = await ran(desk, told["id"], trial=True)
    assert tried["state"] == "tried", tried
    assert [tried["counts"]["prices"][each] for each in ("created", "updated", "errors")] == [1, 1, 0]
    assert "8.25<" in (await buyer.get(path)).text
    assert (await ran(desk, told["id"], trial=False))["state"] == "imported"
    said = received((await buyer.get(path)).content, CATALOGUE, Catalogue)
    found = [(row.item, row.unit, row.price_unit, row.minimum_quantity, row.unit_price) for row in rows_of(said)]
    assert found == [
        ("IT-1", "C62", "C62", None, Decimal("8.125")),
        ("IT-1", "C62", "KGM", Decimal(1000), Decimal("1.234")),
    ]


async def test_new_items_come_in_under_the_suppliers_number(client_of):
    company, supplier = await a_supplier()
    xml = written(company, supplier, bolt("0.07", supplier_item_number="-B-99", name="=Washer; M8"))
    desk = await client_of(company.supplier_manager)
    assert (await ran(desk, (await import_of(desk, xml, "items"))["id"], trial=False))["state"] == "imported"
    assert (await ran(desk, (await import_of(desk, xml, "prices"))["id"], trial=False))["state"] == "imported"
    found = (await desk.get("/api/v1/items", params={"query": "-B-99"})).json()["items"]
    assert [each["name"] for each in found] == ["=Washer; M8"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda xml: b"<a/>", "This is no UBL 2.1 Catalogue."),
        (lambda xml: b"no xml", "This is no well-formed XML."),
        (lambda xml: b"<!DOCTYPE a><a/>", "Send it without one."),
        (lambda xml: xml.replace(b"4012345000009", b"4012345000023"), "is none of your suppliers"),
        (lambda xml: xml.replace(b"<cbc:ID>1<", b"<cbc:ActionCode>Delete</cbc:ActionCode><cbc:ID>1<"), "Line 1: This"),
        (lambda xml: xml + b" " * 10_000_000, "catalogue.xml is larger than 10 MB"),
        (lambda xml: xml[: xml.index(b"  <cac:CatalogueLine>")] + b"</Catalogue>", "This catalogue has no line."),
    ],
)
async def test_what_is_no_catalogue_for_this_company_is_refused_with_a_sentence(client_of, change, why):
    company, supplier = await a_supplier(name="Brightbolt of one test")
    await listed(company, supplier)
    buyer, desk = await client_of(company.buyer), await client_of(company.supplier_manager)
    xml = change((await buyer.get(f"/api/v1/suppliers/{supplier.id}/catalogue.xml")).content)
    xml = xml.replace(supplier.name.encode(), b"Somebody")
    opened = (await desk.post(API, json={})).json()
    put = await desk.put(f"{API}/{opened['id']}/files/catalogue.xml", content=xml)
    assert put.status_code == 422
    assert why in put.json()["errors"][0]["message"]


def test_each_column_of_a_price_list_has_its_title():
    assert len(TITLES) == len(COLUMNS) + 2


async def test_a_table_of_the_same_name_is_another_file(client_of):
    company, supplier = await a_supplier()
    await listed(company, supplier)
    desk = await client_of(company.supplier_manager)
    xml = (await (await client_of(company.buyer)).get(f"/api/v1/suppliers/{supplier.id}/catalogue.xml")).content
    table = ("catalogue.csv", b"Supplier,Item number,Unit price\nS-1,IT-1,9.99\n")
    page = await sent(Reader(desk), "/imports/new", "/imports", [table, ("catalogue.xml", xml)], kind="prices")
    assert page.status == 200, page.text
    assert "catalogue.csv" in page.text
    assert "catalogue.xml.csv" in page.text


async def test_a_page_says_what_is_wrong_with_a_catalogue(client_of):
    company, _supplier = await a_supplier()
    desk = await client_of(company.supplier_manager)
    page = await sent(Reader(desk), "/imports/new", "/imports", [("a.xml", b"<a/>"), ("b.xml", b"no")], kind="prices")
    assert page.status == 422
    assert "a.xml: This is no UBL 2.1 Catalogue." in page.text
    assert "b.xml: This is no well-formed XML." in page.text
