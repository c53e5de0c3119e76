"""Orders, answers and cancellations as UBL: what leaves is right by schema, what comes does what the page does."""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.orders.rules.ubl.answer import ORDER_RESPONSE, Answer, AnswerLine, Substitute
from portal.orders.rules.ubl.order import ORDER, ORDER_CANCELLATION, Order, OrderCancellation
from portal.platform.einvoice.incoming import received
from portal.platform.einvoice.ordering import Days, Item, Note, Price
from portal.platform.einvoice.syntax import write
from tests.harness.deliveries import figures
from tests.harness.ubl import faults
from tests.harness.world import SOON, accepted_order, issued_order, line, selling_company, trading_pair

XML = {"content-type": "application/xml"}


def at(order: Any, rest: str = "document.xml") -> str:
    return f"/api/v1/purchase-orders/{order.id}/{rest}"


def answer(about: Any, code: str = "AP", *lines: AnswerLine, **changes: Any) -> bytes:
    said = Answer(number="A-1", issue_date=SOON, code=code, currency="EUR", order=about.number, lines=lines)
    return write(ORDER_RESPONSE, msgspec.structs.replace(said, **changes))


def answered(number: str = "1", **changes: Any) -> AnswerLine:
    told = AnswerLine(id=number, status="3", order_line=number, item=Item(name="Hex bolt M8"))
    return msgspec.structs.replace(told, **changes)


def known(name: str) -> Any:
    """A value of a field by its kind, as documents can hold it."""
    if name in ("quantity", "base_quantity", "amount"):
        return st.decimals("0.01", "99999", places=2)
    if name == "promised":
        return st.builds(Days, since=st.dates(), until=st.dates())
    return st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=30)


TEXT = known("text")
NOTES = st.lists(st.builds(Note, text=TEXT), max_size=2).map(tuple)
ITEMS = st.builds(Item, name=TEXT, buyer_item=st.just("") | TEXT, seller_item=st.just("") | TEXT)
ANSWERED = st.builds(
    AnswerLine,
    id=TEXT,
    notes=NOTES,
    status=st.sampled_from(("1", "3", "5", "7", "42")),
    quantity=known("quantity"),
    unit=st.just("C62"),
    promised=st.none() | known("promised"),
    price=st.none() | st.builds(Price, amount=known("amount")),
    item=ITEMS,
    substitute=st.none() | st.builds(Substitute, id=TEXT, item=ITEMS),
    order_line=TEXT,
)
ANSWERS = st.builds(
    Answer,
    number=TEXT,
    issue_date=st.dates(),
    code=st.sampled_from(("AB", "AP", "CA", "RE")),
    notes=NOTES,
    currency=st.just("EUR"),
    sales_order=st.just("") | TEXT,
    order=TEXT,
    issued=st.none() | st.dates(),
    lines=st.lists(ANSWERED, max_size=3).map(tuple),
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ANSWERS)
def test_an_answer_that_is_written_is_read_back_whole(said: Answer):
    xml = write(ORDER_RESPONSE, said)
    found = received(xml, ORDER_RESPONSE, Answer)
    assert (found, write(ORDER_RESPONSE, found)) == (said, xml)
    assert faults(xml) == []


async def test_both_sides_save_an_order_as_ubl(client_of):
    company, supplier = await trading_pair()
    lines = [
        line(description="六角螺栓", discount="5"),
        line(tax_rate="7", unit_price="3.125", ship_to={"city": "Hagen", "name": "Gate 2"}),
    ]
    order = await accepted_order(company, supplier, *lines, note="Ring twice.", incoterm="DAP Berlin")
    desk, buyer = await client_of(supplier.order_desk), await client_of(company.buyer)
    answered_by = await desk.get(at(order))
    assert (answered_by.status_code, answered_by.headers["content-type"]) == (200, "application/xml")
    assert (await buyer.get(f"/orders/{order.id}/document.xml")).content == answered_by.content
    assert faults(answered_by.content) == []
    said = received(answered_by.content, ORDER, Order)
    assert (said.number, said.currency, said.gross, said.incoterm) == (order.number, "EUR", order.gross, "DAP Berlin")
    assert [each.item.name for each in said.lines] == ["六角螺栓", "Hex bolt M8 × 40, zinc plated"]
    assert (said.lines[0].adjustments[0].percent, said.lines[0].net) == (Decimal(5), Decimal("118.75"))
    assert said.lines[1].deliveries[0].address.city == "Hagen"
    assert said.lines[0].deliveries[0].wanted == Days(since=SOON, until=SOON)
    assert write(ORDER, said) == answered_by.content


async def test_a_draft_has_no_document_prices_are_not_for_all_and_strangers_find_none(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    assert (await (await client_of(company.receiver)).get(at(order))).status_code == 403
    assert (await (await client_of((await selling_company()).order_desk)).get(at(order))).status_code == 404
    assert (await (await client_of(supplier.order_desk)).get(at(order, "cancellation.xml"))).status_code == 409


@pytest.mark.parametrize(("code", "state"), [("AB", "issued"), ("AP", "accepted"), ("RE", "rejected")])
async def test_a_document_answers_the_whole_order(client_of, code: str, state: str):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    notes = (Note(text="As agreed."),)
    desk = await client_of(supplier.order_desk)
    sent = await desk.post(at(order, "responses/document.xml"), content=answer(order, code, notes=notes), headers=XML)
    assert (sent.status_code, sent.json()["code"], sent.json()["order"]["state"]) == (201, code, state)
    assert sent.json()["order"]["responses"][0]["reason"] == "As agreed."


async def test_a_document_splits_a_line_names_a_substitute_and_a_price_and_is_the_same_when_it_is_saved(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(), line(), line())
    instead = Substitute(id="9", item=Item(seller_item="S-9", name="Bolt, stainless"))
    lines = (
        answered("1", id="a", quantity=Decimal(4), unit="C62", promised=Days(since=SOON, until=SOON)),
        answered("1", id="b", quantity=Decimal(5), unit="C62", promised=Days(until=date(2030, 6, 1))),
        answered("2", substitute=instead, price=Price(amount=Decimal("11.25")), notes=(Note(text="Out of stock"),)),
        answered("3", status="7", notes=(Note(text="Discontinued"),)),
    )
    desk, buyer = await client_of(supplier.order_desk), await client_of(company.buyer)
    sent = await desk.post(
        at(order, "responses/document.xml"), content=answer(order, "CA", *lines, sales_order="SO-7"), headers=XML
    )
    assert sent.status_code == 201
    told = sent.json()["order"]["responses"][0]
    assert (sent.json()["order"]["state"], told["state"], told["reason"]) == (
        *("conditionally_accepted", "pending"),
        "SalesOrderID: SO-7",
    )
    assert [(each["line"], each["quantity"], each["promised_date"]) for each in told["lines"][:2]] == [
        (1, "4", "2030-05-15"),
        (1, "5", "2030-06-01"),
    ]
    assert (told["lines"][2]["substitute_item"], told["lines"][2]["unit_price"]) == ("S-9 Bolt, stainless", "11.25")
    saved = await buyer.get(at(order, f"responses/{told['id']}/document.xml"))
    assert faults(saved.content) == []
    again = received(saved.content, ORDER_RESPONSE, Answer)
    assert [each.order_line for each in again.lines] == ["1", "1", "2", "3"]
    await buyer.post(at(order, f"responses/{told['id']}/accept"))
    assert await figures(company, order, "confirmed") == [("9",), ("10",), ("0",)]


async def test_a_document_may_repeat_what_was_ordered_and_leave_its_currency_to_its_amounts(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(), line())
    repeated = {"quantity": Decimal(10), "unit": "C62", "price": Price(amount=Decimal("12.50"))}
    lines = (
        answered("1", status="5", promised=Days(since=SOON, until=SOON), **repeated),
        answered("2", price=Price(amount=Decimal("11.25"))),
    )
    named = answer(order, "CA", *lines)
    currency = b"<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
    assert currency in named
    desk = await client_of(supplier.order_desk)
    at_odds = named.replace(currency, b"").replace(b'currencyID="EUR"', b'currencyID="USD"')
    refused = await desk.post(at(order, "responses/document.xml"), content=at_odds, headers=XML)
    assert (refused.status_code, [each["field"] for each in refused.json()["errors"]]) == (422, ["currency"])
    sent = await desk.post(at(order, "responses/document.xml"), content=named.replace(currency, b""), headers=XML)
    assert sent.status_code == 201, sent.text
    told = sent.json()["order"]["responses"][0]["lines"]
    assert [(each["code"], each["quantity"], each["unit_price"]) for each in told] == [
        ("5", None, None),
        ("3", None, "11.25"),
    ]


async def test_everything_that_an_answer_cannot_say_is_told_at_once(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(), line())
    lines = (
        answered("1", id="x", quantity=Decimal(4), unit="KGM"),
        answered("2", id="x", status="42"),
        answered("9", id="y", status="1"),
    )
    desk = await client_of(supplier.order_desk)
    wrong = answer(order, "CA", *lines, order="PO-other", currency="USD", issued=date(2020, 1, 1))
    sent = await desk.post(at(order, "responses/document.xml"), content=wrong, headers=XML)
    assert sent.status_code == 422
    fields = {each["field"] for each in sent.json()["errors"]}
    assert {"order", "issued", "currency", "lines.0.quantity", "lines.0.id", "lines.1.code", "lines.2.code"} <= fields


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        (b"<cac:OrderReference>", b"<cbc:Rumour>x</cbc:Rumour><cac:OrderReference>", "cbc:Rumour"),
        (b"OrderResponse-2", b"OrderResponse-3", ""),
        (b"<cac:OrderReference>", b"<cac:OrderReference", ""),
        (b"<OrderResponse", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><OrderResponse', ""),
        (b"<OrderResponse", b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;">]><OrderResponse', ""),
        (b"2030-05-15", b"tomorrow", "cbc:IssueDate"),
    ],
)
async def test_what_is_no_answer_or_says_more_is_refused(client_of, before: bytes, after: bytes, field: str):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    xml = answer(order).replace(before, after, 1)
    desk = await client_of(supplier.order_desk)
    sent = await desk.post(at(order, "responses/document.xml"), content=xml, headers=XML)
    assert (sent.status_code, sent.json()["errors"][0]["field"]) == (422, field)
    present = await desk.get(f"/api/v1/purchase-orders/{order.id}")
    assert present.json()["state"] == "issued"


async def test_an_answer_that_is_sent_twice_is_given_once(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    desk, headers = await client_of(supplier.order_desk), XML | {"idempotency-key": "once"}
    first, again = [
        await desk.post(at(order, "responses/document.xml"), content=answer(order), headers=headers) for _ in range(2)
    ]
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    other = await desk.post(at(order, "responses/document.xml"), content=answer(order, "RE"), headers=headers)
    assert other.status_code == 422
    anew = await desk.post(at(order, "responses/document.xml"), content=answer(order), headers=XML)
    assert anew.status_code == 409


async def test_only_xml_is_taken_and_only_of_ones_own_orders(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    path = at(order, "responses/document.xml")
    stranger = await client_of((await selling_company()).order_desk)
    assert (await stranger.post(path, content=answer(order), headers=XML)).status_code == 404
    assert (await (await client_of(company.buyer)).post(path, content=answer(order), headers=XML)).status_code == 403
    assert (await (await client_of(supplier.order_desk)).post(path, json={})).status_code == 415


async def test_a_buyer_cancels_by_a_document_and_both_save_one(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    said = OrderCancellation(
        number="C-1", issue_date=SOON, reasons=(Note(text="No longer needed"),), order=order.number
    )
    buyer, desk = await client_of(company.buyer), await client_of(supplier.order_desk)
    other = msgspec.structs.replace(said, order="PO-other")
    path = at(order, "cancel/document.xml")
    refused = await buyer.post(path, content=write(ORDER_CANCELLATION, other), headers=XML)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "order")
    done = await buyer.post(path, content=write(ORDER_CANCELLATION, said), headers=XML)
    assert (done.status_code, done.json()["state"], done.json()["reason"]) == (200, "cancelled", "No longer needed")
    saved = await desk.get(at(order, "cancellation.xml"))
    assert faults(saved.content) == []
    found = received(saved.content, ORDER_CANCELLATION, OrderCancellation)
    assert (found.order, found.reasons) == (order.number, (Note(text="No longer needed"),))


async def test_a_supplier_answers_by_a_file_on_a_page(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    desk = await client_of(supplier.order_desk)
    path = f"/orders/{order.id}/respond/document"
    assert (await desk.get(path)).status_code == 200
    wrong = await desk.post(path, files={"file": ("a.xml", answer(order, order="PO-other"), "application/xml")})
    assert (wrong.status_code, "PO-other" in wrong.text) == (422, True)
    done = await desk.post(path, files={"file": ("a.xml", answer(order), "application/xml")})
    assert (done.status_code, done.headers["location"]) == (303, f"/orders/{order.id}")
    assert (await desk.get(f"/api/v1/purchase-orders/{order.id}")).json()["state"] == "accepted"
    assert f"/orders/{order.id}/document.xml" in (await desk.get(f"/orders/{order.id}")).text
