"""Goods receipts as UBL: what came of a despatch advice is told line by line, and is right by schema."""

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.platform.einvoice.incoming import received as read
from portal.platform.einvoice.ordering import Note
from portal.platform.einvoice.syntax import write
from portal.receipts.rules.ubl import RECEIPT_ADVICE, ReceiptAdvice, ReceivedLine
from portal.shipments.commands import end
from tests.harness.deliveries import (
    RECEIPTS,
    despatched_goods,
    inspected_goods,
    line_ids,
    received,
    received_goods,
    waiting_receipt,
)
from tests.harness.ubl import faults
from tests.harness.world import accepted_order, line, selling_company, trading_pair

TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=30)
AMOUNT = st.decimals("0.01", "99999", places=2)
SAID = st.builds(
    ReceiptAdvice,
    number=TEXT,
    issue_date=st.dates(),
    issue_time=st.just("12:00:00+01:00"),
    notes=st.lists(st.builds(Note, text=TEXT), max_size=2).map(tuple),
    order=st.just("") | TEXT,
    advice=TEXT,
    advised_date=st.dates(),
    advised_time=st.just("08:30:00+00:00"),
    shipment=TEXT,
    delivered=st.none() | st.dates(),
    lines=st.lists(
        st.builds(
            ReceivedLine,
            id=TEXT,
            quantity=AMOUNT,
            unit=st.just("C62"),
            rejected=AMOUNT,
            rejected_unit=st.just("C62"),
            reason_code=st.just("99"),
            reason=TEXT,
            action=st.sampled_from("12"),
            order_line=TEXT,
            order=st.just("") | TEXT,
            despatch_line=TEXT,
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
)


@settings(max_examples=100, deadline=None)
@given(SAID)
def test_a_receipt_advice_that_is_written_is_read_back_whole(told: ReceiptAdvice):
    xml = write(RECEIPT_ADVICE, told)
    found = read(xml, RECEIPT_ADVICE, ReceiptAdvice, ("cbc:IssueTime",))
    assert (found, write(RECEIPT_ADVICE, found)) == (told, xml)
    assert faults(xml) == []


async def document(client: Any, receipt_id: Any) -> ReceiptAdvice:
    answer = await client.get(f"{RECEIPTS}/{receipt_id}/document.xml")
    assert (answer.status_code, faults(answer.content)) == (200, [])
    return read(answer.content, RECEIPT_ADVICE, ReceiptAdvice)


async def test_both_sides_get_what_came_of_each_line_with_reason_and_action(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line())
    advice = await despatched_goods(company, supplier, order, "10", "10")
    one, other = await line_ids(company, order)
    receiver, shipping = await client_of(company.receiver), await client_of(supplier.shipping)
    lines = [
        received(one, "7", rejected="3", reason="Bent"),
        received(other, "0", rejected="10", reason="Too short", replacement=False),
    ]
    body = {"despatch_advice_id": str(advice.id), "lines": lines, "delivery_note": "DN-7"}
    receipt = (await receiver.post(RECEIPTS, json=body)).json()
    told = await document(shipping, receipt["id"])
    assert (told.number, told.advice, told.type_code, told.order) == (
        receipt["number"],
        advice.number,
        "S",
        order.number,
    )
    assert (told.shipment, [note.text for note in told.notes]) == (advice.number, ["DN-7"])
    assert [
        (each.despatch_line, each.order_line, each.quantity, each.rejected, each.reason_code, each.reason, each.action)
        for each in told.lines
    ] == [
        ("1", "1", Decimal(10), Decimal(3), "99", "Bent", "1"),
        ("2", "2", Decimal(10), Decimal(10), "99", "Too short", "2"),
    ]
    assert await document(receiver, receipt["id"]) == told
    page = await receiver.get(f"/receipts/{receipt['id']}")
    assert f'href="/receipts/{receipt["id"]}/document.xml"' in page.text
    assert (await receiver.get(f"/receipts/{receipt['id']}/document.xml")).status_code == 200
    stranger = await client_of((await selling_company()).shipping)
    assert (await stranger.get(f"{RECEIPTS}/{receipt['id']}/document.xml")).status_code == 404


async def test_what_never_came_is_short_and_what_waits_is_a_note(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order, "10")
    receipt = await waiting_receipt(company, order, "8", despatch_advice_id=str(advice.id))
    receiver = await client_of(company.receiver)
    (waits,) = (await document(receiver, receipt.id)).lines
    assert (waits.quantity, waits.short, [note.text for note in waits.notes]) == (
        Decimal(8),
        None,
        ["8 C62 in inspection"],
    )
    await end(company.receiver, advice.id, "Lost.")
    await inspected_goods(company, receipt.id, "5", "2", reason="Bent")
    whole, bad = (await document(receiver, receipt.id)).lines
    assert (whole.short, whole.short_unit, whole.short_action) == (Decimal(2), "C62", "1")
    assert [note.text for note in whole.notes] == ["1 C62 in inspection"]
    assert (bad.id, bad.quantity, bad.rejected, bad.reason) == ("1.1", None, Decimal(2), "Bent")


async def test_goods_that_were_not_announced_or_are_reversed_have_no_receipt_advice(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    receiver = await client_of(company.receiver)
    unannounced = await received_goods(company, order, "4")
    answer = await receiver.get(f"{RECEIPTS}/{unannounced.id}/document.xml")
    assert (answer.status_code, "not announced" in answer.text) == (409, True)
    assert "document.xml" not in (await receiver.get(f"/receipts/{unannounced.id}")).text
    advice = await despatched_goods(company, supplier, order, "6")
    receipt = await received_goods(company, order, "6", advice=advice)
    await receiver.post(f"{RECEIPTS}/{receipt.id}/reverse", json={"reason": "Another pallet."})
    assert (await receiver.get(f"{RECEIPTS}/{receipt.id}/document.xml")).status_code == 409
