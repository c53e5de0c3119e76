"""Rejected goods come again: the supplier may despatch, and the buyer receive, as much more as is to be replaced."""

import contextlib
from decimal import Decimal

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.platform.convert import convert
from portal.platform.refusals import Conflict
from portal.receipts import commands as receipts
from portal.receipts.forms import ReceiptForm
from tests.harness.deliveries import (
    ADVICES,
    RECEIPTS,
    body,
    despatched,
    despatched_goods,
    disagreements,
    figures,
    line_ids,
    received,
)
from tests.harness.pages import Reader
from tests.harness.world import accepted_order, line, trading_pair

LEDGER = ("despatched", "received", "accepted", "rejected", "returned_for_replacement")


async def rejected_in_part(client_of, **said):
    """Ten despatched, six of them accepted and four rejected."""
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order)
    [only] = await line_ids(company, order)
    came = received(only, "6", rejected="4", reason="Bent", **said)
    receiver = await client_of(company.receiver)
    booked = await receiver.post(RECEIPTS, json=body(came, despatch_advice_id=str(advice.id)))
    assert booked.status_code == 201, booked.text
    return company, supplier, order, only, booked.json()


async def test_what_was_rejected_is_despatched_and_received_again(client_of, superuser):
    company, supplier, order, only, _receipt = await rejected_in_part(client_of)
    receiver, shipping = await client_of(company.receiver), await client_of(supplier.shipping)
    seen = (await shipping.get(f"/api/v1/purchase-orders/{order.id}")).json()
    assert (seen["despatch_status"], seen["receipt_status"]) == ("partial", "partial")
    assert seen["lines"][0]["returned_for_replacement"] == "4"

    too_much = await shipping.post(ADVICES, json=body(despatched(only, "4.5")))
    assert too_much.status_code == 409
    again = await shipping.post(ADVICES, json=body(despatched(only, "4")))
    assert again.status_code == 201, again.text
    assert (await shipping.post(f"{ADVICES}/{again.json()['id']}/despatch")).status_code == 200
    came = body(received(only, "4"), despatch_advice_id=again.json()["id"])
    assert (await receiver.post(RECEIPTS, json=came)).status_code == 201
    assert await figures(company, order, *LEDGER) == [("14", "14", "10", "4", "4")]

    seen = (await receiver.get(f"/api/v1/purchase-orders/{order.id}")).json()
    assert (seen["despatch_status"], seen["receipt_status"]) == ("complete", "complete")
    assert (await receiver.post(RECEIPTS, json=body(received(only, "1")))).status_code == 409
    assert disagreements(superuser, company) == []


async def test_goods_that_nobody_wants_again_end_the_line(client_of, superuser):
    company, supplier, order, only, receipt = await rejected_in_part(client_of, replacement=False)
    receiver, shipping = await client_of(company.receiver), await client_of(supplier.shipping)
    assert [each["replacement"] for each in receipt["lines"]] == [False]

    assert (await shipping.post(ADVICES, json=body(despatched(only, "4")))).status_code == 409
    assert (await receiver.post(RECEIPTS, json=body(received(only, "4")))).status_code == 409
    assert await figures(company, order, *LEDGER) == [("10", "10", "6", "4", "0")]
    seen = (await receiver.get(f"/api/v1/purchase-orders/{order.id}")).json()
    assert (seen["despatch_status"], seen["receipt_status"]) == ("complete", "complete")
    assert disagreements(superuser, company) == []


async def test_a_replacement_may_be_rejected_too(client_of, superuser):
    company, _supplier, order, only, _receipt = await rejected_in_part(client_of)
    receiver = await client_of(company.receiver)
    for accepted, rejected in (("1", "3"), ("3", "0")):
        sent = body(received(only, accepted, rejected=rejected, reason="Bent again"))
        assert (await receiver.post(RECEIPTS, json=sent)).status_code == 201
    assert await figures(company, order, *LEDGER[1:]) == [("17", "10", "7", "7")]
    assert (await receiver.post(RECEIPTS, json=body(received(only, "0.000001")))).status_code == 409
    assert disagreements(superuser, company) == []


async def test_a_reversal_takes_the_replacement_back_unless_it_was_used(client_of, superuser):
    company, supplier, order, only, receipt = await rejected_in_part(client_of)
    receiver, shipping = await client_of(company.receiver), await client_of(supplier.shipping)
    undo = f"{RECEIPTS}/{receipt['id']}/reverse"
    again = (await shipping.post(ADVICES, json=body(despatched(only, "4")))).json()
    await shipping.post(f"{ADVICES}/{again['id']}/despatch")
    refused = await receiver.post(undo, json={"reason": "Counted wrongly"})
    assert (refused.status_code, refused.json()["title"]) == (409, "This was replaced already")
    assert len(refused.json()["errors"]) == 1
    assert await figures(company, order, *LEDGER) == [("14", "10", "6", "4", "4")]

    company, _supplier, order, only, receipt = await rejected_in_part(client_of)
    receiver = await client_of(company.receiver)
    undo = f"{RECEIPTS}/{receipt['id']}/reverse"
    second = (await receiver.post(RECEIPTS, json=body(received(only, "4")))).json()
    assert (await receiver.post(undo)).status_code == 409
    assert (await receiver.post(f"{RECEIPTS}/{second['id']}/reverse")).status_code == 200
    assert (await receiver.post(undo)).status_code == 200
    assert await figures(company, order, *LEDGER) == [("10", "0", "0", "0", "0")]
    assert disagreements(superuser, company) == []


async def test_both_sides_read_what_is_to_be_replaced_and_the_receiver_may_say_no(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line())
    receiver, desk = Reader(await client_of(company.receiver)), Reader(await client_of(supplier.order_desk))
    path = f"/orders/{order.id}/receive"
    sheet = await receiver.open(path)
    assert sheet.form(path).values["lines.0.replacement"] == "true"
    typed = {f"lines__{row}__accepted": "6" for row in (0, 1)} | {f"lines__{row}__rejected": "4" for row in (0, 1)}
    typed |= {f"lines__{row}__reason": "Bent" for row in (0, 1)}
    booked = await receiver.send(sheet, path, **typed, lines__1__replacement="false")
    assert (booked.text.count("not to be replaced"), booked.text.count("to be replaced")) == (1, 2)

    for reader in (receiver, desk):
        shown = await reader.open(f"/orders/{order.id}")
        assert shown.text.count("4 to be replaced") == 1
    sheet = await receiver.open(path)
    await receiver.send(sheet, path, lines__0__accepted="4")
    assert "to be replaced" not in (await desk.open(f"/orders/{order.id}")).text


async def test_the_supplier_is_led_to_the_replacement(client_of):
    _company, supplier, order, only, _receipt = await rejected_in_part(client_of)
    shipping = Reader(await client_of(supplier.shipping))
    path = f"/orders/{order.id}/despatch"
    assert path in (await shipping.open("/")).links.values()
    sheet = (await shipping.open(path)).form(path)
    assert (sheet.values["lines.0.order_line_id"], sheet.values["lines.0.quantity"]) == (only, "4")


async def test_the_database_refuses_what_the_ledger_should_have(client_of, superuser):
    _company, _supplier, _order, only, _receipt = await rejected_in_part(client_of)
    for wrong in ("returned_for_replacement = 5", "despatched = 15", "received = 15, accepted = 11"):
        with pytest.raises(psycopg.errors.CheckViolation):
            superuser.execute(f"update purchase_order_line set {wrong} where id = %s".encode(), [only])


ACTS = st.one_of(
    st.tuples(st.just("despatch"), st.integers(1, 7)),
    st.tuples(st.just("receive"), st.integers(0, 7), st.integers(0, 4), st.booleans()).filter(
        lambda act: act[1] + act[2]
    ),
    st.tuples(st.just("reverse"), st.integers(0, 5)),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTS, max_size=10))
async def test_whatever_is_rejected_replaced_and_undone_the_invariants_hold(connected, superuser, acts):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    [only] = await line_ids(company, order)
    booked = []
    for kind, some, *rest in acts:
        with contextlib.suppress(Conflict):
            if kind == "despatch":
                await despatched_goods(company, supplier, order, str(some))
            elif kind == "receive":
                sent = received(only, str(some), rejected=str(rest[0]), replacement=rest[1])
                booked.append((await receipts.create(company.receiver, convert(ReceiptForm, body(sent)))).id)
            elif booked:
                await receipts.reverse(company.receiver, booked[some % len(booked)])
    [texts] = await figures(company, order, *LEDGER)
    gone, came, accepted, rejected, again = map(Decimal, texts)
    assert accepted + rejected == came
    assert max(came, gone) - again <= 10
    assert again <= rejected
    assert disagreements(superuser, company) == []
