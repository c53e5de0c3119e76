"""What does not go straight in the story: goods that are inspected, freight, parts, short closes, late invoices."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from portal.demo.scene import Scene, form, part
from portal.demo.stage import Stage
from portal.demo.steps import invoice_of, number_of
from portal.invoicing import commands as invoices
from portal.invoicing.forms import Settlement
from portal.orders import commands as orders
from portal.platform.work import viewing
from portal.receipts import commands as receipts
from portal.receipts.forms import InspectionForm, ReceiptForm
from portal.shipments import commands as shipments
from portal.shipments.forms import DespatchForm

SHARED = "petrel@demo.test"
FREIGHT = {"description": "Express freight", "amount": "18.50"}
_PAID_FIRST = Decimal("0.4")


async def receive_to_inspect(scene: Scene) -> None:
    """Everything came, and nothing of it is accepted before somebody has looked at it."""
    scene.wait(1.5)
    came = [(line, line.despatched - line.received) for line in await scene.lines() if line.despatched > line.received]
    lines = [
        {"order_line_id": str(line.id), "accepted": "0", "in_inspection": str(quantity)} for line, quantity in came
    ]
    note = f"LS-{number_of(scene)}"
    booked = form(ReceiptForm, lines=lines, despatch_advice_id=str(scene.advice_id), delivery_note=note)
    scene.receipt_id = (await receipts.create(scene.buyer_side("receiver"), booked)).id


async def inspect(scene: Scene) -> None:
    """A twentieth of the first line is no good."""
    scene.wait(1)
    waiting = await _waiting(scene)
    told = []
    for number, (line_id, quantity) in enumerate(waiting):
        bad = part(quantity, 5) if number == 0 else Decimal(0)
        said = {"receipt_line_id": str(line_id), "accepted": str(quantity - bad), "rejected": str(bad)}
        told.append(said | ({"reason": "Out of tolerance: the thread gauge does not pass."} if bad else {}))
    await receipts.inspect(scene.buyer_side("receiver"), scene.receipt_id, form(InspectionForm, lines=told))


async def receive_by_mistake(scene: Scene) -> None:
    """Booked on the wrong day's pallet, undone, and booked again."""
    await receive_to_inspect(scene)
    scene.wait(0.1)
    why = "Counted the pallet of another delivery."
    await receipts.reverse(scene.buyer_side("receiver"), scene.receipt_id, why)


async def bill_the_delivery(scene: Scene) -> None:
    """What the despatch advice says is billed, and express freight that purchasing had asked for."""
    lines = await scene.lines()
    tax = {"tax_category": lines[0].tax_category, "tax_rate": str(lines[0].tax_rate)}
    await invoices.submit(scene.desk, await invoice_of(scene, advice=True, charges=[FREIGHT | tax]))


async def bill_with_rebate(scene: Scene) -> None:
    """Two per cent less on all of it, for the quantity of the year."""
    lines = await scene.lines()
    tax = {"tax_category": lines[0].tax_category, "tax_rate": str(lines[0].tax_rate)}
    rebate = {"description": "Rebate on the year's quantity", "percent": "2"} | tax
    await invoices.submit(scene.desk, await invoice_of(scene, allowances=[rebate]))


async def pay_a_part(scene: Scene) -> None:
    """Forty per cent at once, the rest when it is due."""
    scene.wait(3)
    async with viewing(scene.buyer_side("payable")) as view:
        gross = await view.value("select gross from invoice where id = $1", scene.invoice_id)
    part_of_it = str((gross * _PAID_FIRST).quantize(Decimal("0.01")))
    await _pay(scene, f"PART-{number_of(scene)}", amount=part_of_it)


async def pay_the_rest(scene: Scene) -> None:
    scene.wait(scene.plot.supplier.terms["payment_days"] - 6)
    await _pay(scene, f"REST-{number_of(scene)}")


async def close_short(scene: Scene) -> None:
    """What has not come by now is not waited for any longer."""
    scene.wait(6)
    why = "The rest is made in our own works from now on."
    for line in await scene.lines():
        if line.confirmed > line.despatched:
            await orders.close_line(scene.buyer_side("buyer"), scene.order_id, line.id, why)


async def bill_after_the_close(scene: Scene) -> None:
    """The order was closed, and its invoice came three weeks later all the same."""
    scene.wait(20)
    await invoices.submit(scene.desk, await invoice_of(scene))


async def share_a_lorry(stage: Stage) -> None:
    """What is left of two orders goes off together, under one despatch advice."""
    desk = stage.people[SHARED]
    stage.at(0.5)
    async with viewing(desk) as view:
        rows = await view.fetch(_TO_SEND)
    lines = [{"order_line_id": str(row["id"]), "quantity": str(row["quantity"])} for row in rows]
    expected = (stage.now + timedelta(days=1)).date().isoformat()
    advice = form(DespatchForm, lines=lines, carrier="Northern Freight", expected_date=expected)
    await shipments.create(desk, advice, leaves=True)


_TO_SEND = """
select l.id, l.confirmed - l.despatched as quantity from purchase_order_line l where l.confirmed > l.despatched
  and l.order_id in (select id from purchase_order where state = 'accepted' and not on_hold and kind = 'standard'
    and despatch_status = 'none' order by created_at limit 2) order by l.order_id, l.line
"""


async def _waiting(scene: Scene) -> list[tuple[Any, Decimal]]:
    async with viewing(scene.buyer_side("receiver")) as view:
        sql = "select id, to_inspect from goods_receipt_line where receipt_id = $1 order by position"
        return [(row["id"], row["to_inspect"]) for row in await view.fetch(sql, scene.receipt_id)]


async def _pay(scene: Scene, reference: str, **more: Any) -> None:
    day = scene.today.date().isoformat()
    paid = form(Settlement, date=day, reference=reference, **more)
    await invoices.settle(scene.buyer_side("payable"), scene.invoice_id, paid)
