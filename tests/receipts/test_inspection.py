"""Goods that came are looked at later: they count as received at once, and as accepted when somebody says so."""

from decimal import Decimal

import pytest

from portal.platform.refusals import Conflict
from portal.platform.work import viewing
from portal.receipts import commands as receipts
from portal.receipts.pages.queues import INSPECT
from tests.harness.deliveries import (
    RECEIPTS,
    despatched_goods,
    disagreements,
    events_of,
    figures,
    inspected_goods,
    ledger,
    waiting_receipt,
)
from tests.harness.deliveries_facts import facts_of
from tests.harness.invoices import billed, lines_of, submitted_invoice
from tests.harness.jobs import run_jobs
from tests.harness.world import accepted_order, line, trading_pair

CAME = ("received", "in_inspection", "accepted", "rejected", "returned_for_replacement")


async def inspection_of(company, receipt, place=0):
    async with viewing(company.receiver) as view:
        rows = await view.fetch("select id from goods_inspection where receipt_id = $1 order by id", receipt.id)
    return rows[place]["id"]


async def matched(client_of, company, invoice):
    payable = await client_of(company.payable)
    return (await payable.get(f"/api/v1/invoices/{invoice.id}/matching")).json()["state"]


async def test_what_waits_is_received_and_is_accepted_or_rejected_part_by_part(connected, superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    receipt = await waiting_receipt(company, order, "10")
    assert await figures(company, order, *CAME) == [("10", "10", "0", "0", "0")]

    await inspected_goods(company, receipt.id, "6")
    await inspected_goods(company, receipt.id, "1", "2")
    assert await figures(company, order, *CAME) == [("10", "1", "7", "2", "2")]
    assert disagreements(superuser, company) == []
    with pytest.raises(Conflict, match="1 pcs wait in inspection"):
        await inspected_goods(company, receipt.id, "2")
    assert (await events_of(supplier.order_desk, order.id)).count("goods-inspection.booked") == 2

    await receipts.reverse_inspection(
        company.receiver, receipt.id, await inspection_of(company, receipt, 1), "Wrong box"
    )
    assert await figures(company, order, *CAME) == [("10", "4", "6", "0", "0")]
    assert disagreements(superuser, company) == []
    with pytest.raises(Conflict, match="Take the inspections back first"):
        await receipts.reverse(company.receiver, receipt.id, "Counted twice")
    await receipts.reverse_inspection(company.receiver, receipt.id, await inspection_of(company, receipt), "Wrong box")
    await receipts.reverse(company.receiver, receipt.id, "Counted twice")
    assert await figures(company, order, *CAME) == [("0", "0", "0", "0", "0")]
    assert disagreements(superuser, company) == []


async def test_what_waits_arrived_as_far_as_its_delivery_is_concerned(connected, superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order)
    await waiting_receipt(company, order, "10", despatch_advice_id=str(advice.id))
    status = "select receipt_status from despatch_advice where id = %s"
    assert superuser.execute(status, [advice.id]).fetchone() == ("complete",)
    assert disagreements(superuser, company) == []


@pytest.mark.parametrize(("basis", "before"), [("three_way", "matched"), ("four_way", "exceptions")])
async def test_an_invoice_waits_for_the_inspection_where_acceptance_counts(client_of, basis, before):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(match_basis=basis))
    receipt = await waiting_receipt(company, order, "10")
    [ordered] = await lines_of(supplier.billing, order.id)
    invoice = await submitted_invoice(supplier, order, billed(ordered, "10"))
    assert await matched(client_of, company, invoice) == before

    await inspected_goods(company, receipt.id, "10")
    await run_jobs("invoicing.rematch")
    assert await matched(client_of, company, invoice) == "matched"
    if basis == "four_way":
        with pytest.raises(Conflict, match="invoiced already"):
            await receipts.reverse_inspection(company.receiver, receipt.id, await inspection_of(company, receipt), "No")


async def test_quality_is_judged_when_the_inspection_decides(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    receipt = await waiting_receipt(company, order, "10")
    [fact] = await facts_of(company.buyer, order.id)
    assert (fact["received"], fact["accepted"], fact["rejected"], fact["filled_quantity"]) == (10, 0, 0, 10)
    assert fact["requested_in_time"] == 10, "it came, whatever it is worth"

    await inspected_goods(company, receipt.id, "7", "3", replacement=False)
    [fact] = await facts_of(company.buyer, order.id)
    assert (fact["received"], fact["accepted"], fact["rejected"]) == (10, 7, 3)
    async with viewing(company.buyer) as view:
        [came] = await view.fetch("select accepted, rejected, in_inspection from delivery_fact")
    assert tuple(came) == (Decimal(7), Decimal(3), Decimal(0))
    assert (await ledger(company, order))[0].returned_for_replacement == 0


async def test_a_receiver_finds_what_waits_and_decides_on_the_page(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    receipt = await waiting_receipt(company, order, "10")
    receiver, shipping = await client_of(company.receiver), await client_of(supplier.shipping)
    async with viewing(company.receiver) as view:
        count, [waits] = await INSPECT.load(view)
    assert (count, waits.title) == (1, receipt.number)
    assert receipt.number in (await receiver.get("/receipts?open=inspect")).text
    at = f"/receipts/{receipt.id}"
    assert f'action="{at}/inspect"' in (await receiver.get(at)).text
    assert f'action="{at}/inspect"' not in (await shipping.get(at)).text

    line_id = (await receiver.get(f"{RECEIPTS}/{receipt.id}")).json()["lines"][0]["id"]
    typed = {"lines.0.receipt_line_id": line_id, "lines.0.accepted": "7", "lines.0.rejected": "2", "lines.0.reason": ""}
    wrong = await receiver.post(f"{at}/inspect", data=typed)
    assert (wrong.status_code, "Say what is wrong with the rejected goods." in wrong.text) == (422, True)
    done = await receiver.post(f"{at}/inspect", data=typed | {"lines.0.reason": "Bent"})
    assert done.status_code == 303
    shown = (await shipping.get(f"{RECEIPTS}/{receipt.id}")).json()
    assert (shown["lines"][0]["in_inspection"], shown["inspections"][0]["reason"]) == ("1", "Bent")
    undo = f"{at}/inspections/{shown['inspections'][0]['id']}/reverse"
    assert f'action="{undo}"' in (await receiver.get(at)).text
    assert (await receiver.post(undo, data={"reason": "Wrong box"})).status_code == 303
    assert (await receiver.get(f"{RECEIPTS}/{receipt.id}")).json()["lines"][0]["in_inspection"] == "10"
