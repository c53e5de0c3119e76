"""Despatch advices as UBL: what leaves is right by schema, what comes does what the page does."""

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.organisations.commands import approve_supplier
from portal.platform.einvoice.incoming import received
from portal.platform.einvoice.model import Party
from portal.platform.einvoice.ordering import Days, Item
from portal.platform.einvoice.syntax import write
from portal.shipments.rules.ubl import DESPATCH_ADVICE, Advice, DespatchedLine, Package
from tests.harness.deliveries import ADVICES, despatched_goods, drafted_advice, figures
from tests.harness.ubl import faults
from tests.harness.world import SOON, accepted_order, agreed, buying_company, line, selling_company, trading_pair

XML = {"content-type": "application/xml"}
SSCC = "340123450000000017"
TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=30)
AMOUNT = st.decimals("0.01", "99999", places=2)
ADVICES_SAID = st.builds(
    Advice,
    number=TEXT,
    issue_date=st.dates(),
    order=st.just("") | TEXT,
    tracking=TEXT,
    carrier=st.just("") | TEXT,
    expected=st.none() | st.builds(Days, since=st.dates(), until=st.dates()),
    left=st.none() | st.dates(),
    packages=st.lists(st.builds(Package, sscc=TEXT, type=st.just("") | TEXT, weight=st.none() | AMOUNT)).map(tuple),
    lines=st.lists(
        st.builds(
            DespatchedLine,
            id=TEXT,
            quantity=AMOUNT,
            unit=st.just("C62"),
            outstanding=st.none(),
            order_line=TEXT,
            order=st.just("") | TEXT,
            item=st.builds(Item, name=TEXT),
            batch=st.just("") | TEXT,
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
)


def said(*lines: DespatchedLine, **changes: Any) -> bytes:
    told = {"number": "D-1", "issue_date": SOON, "left": SOON, "expected": Days(until=SOON), "lines": lines}
    return write(DESPATCH_ADVICE, Advice(**told | changes))


def gone(order: Any, quantity: str, number: str = "1", **changes: Any) -> DespatchedLine:
    told = {"id": f"{order.number}/{number}", "quantity": Decimal(quantity), "unit": "C62", "order": order.number}
    return DespatchedLine(**told | {"order_line": number, "item": Item(name="Hex bolt M8")} | changes)


@settings(max_examples=150, deadline=None)
@given(ADVICES_SAID)
def test_an_advice_that_is_written_is_read_back_whole(told: Advice):
    xml = write(DESPATCH_ADVICE, told)
    found = received(xml, DESPATCH_ADVICE, Advice)
    assert (found, write(DESPATCH_ADVICE, found)) == (told, xml)
    assert faults(xml) == []


async def test_a_document_sends_goods_of_two_orders_and_what_it_does_not_declare_will_not_come(client_of):
    company, supplier = await trading_pair()
    one, other = (
        await accepted_order(company, supplier, line()),
        await accepted_order(company, supplier, line(), line()),
    )
    xml = said(
        gone(one, "4", batch="B-7"),
        gone(other, "6", outstanding=Decimal(4), outstanding_unit="C62"),
        gone(other, "10", "2"),
        packages=(Package(sscc=SSCC, type="PX", weight=Decimal("12.5")), Package(sscc="NA", type="CT")),
        carrier="Northern Freight",
        tracking="NF-1",
    )
    shipping, receiver = await client_of(supplier.shipping), await client_of(company.receiver)
    sent = await shipping.post(f"{ADVICES}/document.xml", content=xml, headers=XML)
    assert sent.status_code == 201
    told = sent.json()
    assert (told["state"], told["carrier"], told["tracking_number"]) == ("despatched", "Northern Freight", "NF-1")
    assert [(each["quantity"], each["batch"], each["outstanding_quantity"]) for each in told["lines"]] == [
        ("4", "B-7", "0"),
        ("6", "", "4"),
        ("10", "", "0"),
    ]
    assert [package.get("sscc") for package in told["packages"]] == [SSCC, None]
    assert await figures(company, other, "despatched") == [("6",), ("10",)]
    saved = await receiver.get(f"{ADVICES}/{told['id']}/document.xml")
    assert (saved.status_code, faults(saved.content)) == (200, [])
    again = received(saved.content, DESPATCH_ADVICE, Advice)
    assert [(each.order, each.quantity) for each in again.lines] == [
        (one.number, Decimal(4)),
        (other.number, Decimal(6)),
        (other.number, Decimal(10)),
    ]
    assert again.packages[0] == Package(sscc=SSCC, type="PX", weight=Decimal("12.5"))


async def test_goods_that_are_told_twice_leave_once(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    shipping, headers = await client_of(supplier.shipping), XML | {"idempotency-key": "once"}
    xml = said(gone(order, "4"))
    first, again = [await shipping.post(f"{ADVICES}/document.xml", content=xml, headers=headers) for _ in range(2)]
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert await figures(company, order, "despatched") == [("4",)]


async def test_everything_that_is_wrong_with_a_document_is_told_at_once_and_nothing_leaves(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    elsewhere = await accepted_order(*await trading_pair())
    wrong = said(
        gone(order, "4", unit="KGM"),
        gone(order, "4", "9"),
        gone(elsewhere, "1", id="x", order_line="7"),
        packages=(Package(sscc="1"),),
    )
    shipping = await client_of(supplier.shipping)
    sent = await shipping.post(f"{ADVICES}/document.xml", content=wrong, headers=XML)
    fields = {each["field"] for each in sent.json()["errors"]}
    assert sent.status_code == 422
    assert {"lines.0.quantity", "lines.1.order_line_id", "lines.2.order_line_id", "packages.0.sscc"} <= fields
    assert await figures(company, order, "despatched") == [("0",)]


async def test_a_document_of_other_customers_or_of_a_stranger_finds_no_order(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    xml = said(gone(order, "4"))
    stranger = await client_of((await selling_company()).shipping)
    assert (await stranger.post(f"{ADVICES}/document.xml", content=xml, headers=XML)).status_code == 422
    billing = await client_of(supplier.billing)
    assert (await billing.post(f"{ADVICES}/document.xml", content=xml, headers=XML)).status_code == 403
    too_much = await (await client_of(supplier.shipping)).post(
        f"{ADVICES}/document.xml", content=said(gone(order, "11")), headers=XML
    )
    assert (too_much.status_code, too_much.json()["errors"][0]["field"]) == (409, "lines.0.quantity")


async def test_a_document_that_names_another_customer_finds_no_order(client_of):
    company, supplier = await buying_company(vat_number="DE811569869"), await selling_company()
    await approve_supplier(company.supplier_manager, supplier.id, agreed())
    order = await accepted_order(company, supplier)
    shipping = await client_of(supplier.shipping)
    another, right = Party(name="Other", vat_number="DE129273398"), Party(name="Right", vat_number="DE 811569869")
    refused = await shipping.post(f"{ADVICES}/document.xml", content=said(gone(order, "4"), buyer=another), headers=XML)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "lines.0.order_line_id")
    taken = await shipping.post(f"{ADVICES}/document.xml", content=said(gone(order, "4"), buyer=right), headers=XML)
    assert taken.status_code == 201


async def test_a_draft_has_no_document_and_a_page_takes_a_file(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    draft = await drafted_advice(company, supplier, order, "1")
    shipping = await client_of(supplier.shipping)
    assert (await shipping.get(f"{ADVICES}/{draft.id}/document.xml")).status_code == 409
    left = await despatched_goods(company, supplier, order, "2")
    page = await (await client_of(company.receiver)).get(f"/despatch-advices/{left.id}")
    assert f"/despatch-advices/{left.id}/document.xml" in page.text
    path = "/despatch-advices/document"
    assert (await shipping.get(path)).status_code == 200
    wrong = await shipping.post(path, files={"file": ("d.xml", b"<a/>", "application/xml")})
    assert (wrong.status_code, "DespatchAdvice" in wrong.text) == (422, True)
    done = await shipping.post(path, files={"file": ("d.xml", said(gone(order, "3")), "application/xml")})
    assert done.status_code == 303
    assert await figures(company, order, "despatched") == [("5",)]
