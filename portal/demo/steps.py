"""What people do in the story, one step each: the same commands that pages and API call."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from portal.demo.scene import Scene, form, part
from portal.invoicing import commands as invoices
from portal.invoicing.forms import Acceptance, InvoiceForm, Settlement
from portal.invoicing.queries import open_exceptions
from portal.orders import commands as orders
from portal.orders.forms import OrderForm, ResponseForm
from portal.platform.work import viewing
from portal.receipts import commands as receipts
from portal.receipts.forms import ReceiptForm
from portal.services import commands as services
from portal.services.forms import ServiceEntryForm
from portal.shipments import commands as shipments
from portal.shipments.forms import DespatchForm

CARRIERS = ("Northern Freight", "Harbour Line Cargo", "Swift Pallet")


async def enter(scene: Scene) -> None:
    supplier = scene.plot.supplier
    body = {"supplier_id": str(scene.stage.organisations[supplier.name]), "currency": supplier.currency}
    lines = [line_of(scene, good, quantity) for good, quantity in scene.plot.goods]
    order = await orders.create(scene.buyer_side("requester"), form(OrderForm, **body, lines=lines))
    scene.order_id = order.id


async def submit(scene: Scene) -> None:
    scene.wait(0.2)
    await orders.submit(scene.buyer_side("requester"), scene.order_id)


async def approve(scene: Scene) -> None:
    scene.wait(0.5)
    await orders.approve(scene.buyer_side("head-of-purchasing"), scene.order_id)


async def issue(scene: Scene) -> None:
    scene.wait(0.3)
    await orders.issue(scene.buyer_side("buyer"), scene.order_id)


async def acknowledge(scene: Scene) -> None:
    scene.wait(0.2)
    await orders.respond(scene.desk, scene.order_id, form(ResponseForm, code="AB"))


async def accept(scene: Scene) -> None:
    scene.wait(0.8)
    await orders.respond(scene.desk, scene.order_id, form(ResponseForm, code="AP"))


async def answer_too_late(scene: Scene) -> None:
    scene.wait(7)
    await orders.respond(scene.desk, scene.order_id, form(ResponseForm, code="AP"))


async def refuse(scene: Scene) -> None:
    scene.wait(1)
    reason = "This article is being replaced; we will offer you its successor."
    await orders.respond(scene.desk, scene.order_id, form(ResponseForm, code="RE", reason=reason))


async def counter(scene: Scene) -> None:
    """Later and less than was ordered of the first line."""
    scene.wait(0.9)
    first = (await scene.lines())[0]
    offered = {
        "line": 1,
        "code": "3",
        "quantity": str(part(first.quantity, 75)),
        "promised_date": (day_of(first) + timedelta(days=9)).isoformat(),
        "reason": "Our stock is short; the rest can come with your next order.",
    }
    await orders.respond(scene.desk, scene.order_id, form(ResponseForm, code="CA", lines=[offered]))


async def agree(scene: Scene) -> None:
    scene.wait(0.6)
    pending = next(response for response in (await scene.order()).responses if response.state == "pending")
    await orders.accept_counter_offer(scene.buyer_side("buyer"), scene.order_id, pending.id)


async def hold(scene: Scene) -> None:
    scene.wait(0.2)
    await orders.hold(scene.buyer_side("buyer"), scene.order_id, "The drawing of this part is being revised.")


async def cancel(scene: Scene) -> None:
    scene.wait(1)
    await orders.cancel(scene.buyer_side("buyer"), scene.order_id, "The project was put off to next year.")


async def close(scene: Scene) -> None:
    scene.wait(2)
    await orders.close(scene.buyer_side("buyer"), scene.order_id)


async def despatch(scene: Scene) -> None:
    await _despatch(scene, percent=100, late=-3)


async def despatch_late(scene: Scene) -> None:
    await _despatch(scene, percent=100, late=6)


async def despatch_a_part(scene: Scene) -> None:
    await _despatch(scene, percent=60, late=-3)


async def prepare_despatch(scene: Scene) -> None:
    await _despatch(scene, percent=100, late=-3, leaves=False)


async def receive(scene: Scene) -> None:
    await _receive(scene, rejected=0)


async def receive_with_rejects(scene: Scene) -> None:
    await _receive(scene, rejected=10)


async def bill(scene: Scene) -> None:
    await invoices.submit(scene.desk, await invoice_of(scene))


async def prepare_bill(scene: Scene) -> None:
    await invoice_of(scene)


async def bill_dearer(scene: Scene) -> None:
    """The first line costs 4 % more than was ordered: a price difference to be decided on."""
    lines = [line for line in await scene.lines() if line.accepted > line.invoiced]
    told = [
        {
            "order_line_id": str(line.id),
            "quantity": str(line.accepted - line.invoiced),
            "unit_price": str(_dearer(line.unit_price) if number == 0 else line.unit_price),
        }
        for number, line in enumerate(lines)
    ]
    await invoices.submit(scene.desk, await invoice_of(scene, lines=told))


async def approve_invoice(scene: Scene) -> None:
    scene.wait(2)
    await invoices.approve(scene.buyer_side("payable"), scene.invoice_id)


async def give_in(scene: Scene) -> None:
    """Purchasing agreed on the other price, so it takes the difference; then accounts payable approves."""
    scene.wait(4)
    buyer = scene.buyer_side("buyer")
    why = form(Acceptance, reason="The supplier's price change of this quarter was agreed by telephone.")
    async with viewing(buyer) as view:
        found = await open_exceptions(view, scene.invoice_id)
    for each in found:
        await invoices.accept_exception(buyer, scene.invoice_id, each.id, why)
    await invoices.approve(scene.buyer_side("payable"), scene.invoice_id)


async def dispute(scene: Scene) -> None:
    scene.wait(1)
    reason = "The price of line 1 is not the one we ordered at."
    await invoices.dispute(scene.buyer_side("payable"), scene.invoice_id, reason)


async def reject_invoice(scene: Scene) -> None:
    scene.wait(2)
    await invoices.reject(scene.buyer_side("payable"), scene.invoice_id, "Please send it at the agreed price.")


async def settle(scene: Scene) -> None:
    scene.wait(scene.plot.supplier.terms["payment_days"] - 3)
    day = scene.today.date().isoformat()
    paid = form(Settlement, date=day, reference=f"TRF-{scene.today:%y%m%d}-{scene.invoice_id.hex[-4:].upper()}")
    await invoices.settle(scene.buyer_side("payable"), scene.invoice_id, paid)


async def perform(scene: Scene) -> None:
    """Three days of work, entered on the evening of the last."""
    scene.wait_until(day_of((await scene.lines())[0]), late=0.4)
    done = {
        "performed_from": (scene.today - timedelta(days=2)).date().isoformat(),
        "performed_until": scene.today.date().isoformat(),
        "note": "Spindles checked, coolant changed, guides greased.",
    }
    lines = [
        {
            "order_line_id": str(line.id),
            "quantity": str(part(line.confirmed, 35) if line.kind == "limit" else line.confirmed),
        }
        for line in await scene.lines()
    ]
    entry = form(ServiceEntryForm, order_id=str(scene.order_id), lines=lines, **done)
    scene.entry_id = (await services.create(scene.desk, entry, submits=True)).id


async def accept_services(scene: Scene) -> None:
    scene.wait(1)
    await services.accept(scene.buyer_side("receiver"), scene.entry_id)


def line_of(scene: Scene, good: Any, quantity: int) -> dict[str, Any]:
    """So much of a good at the price of the day, wanted some days after its usual time."""
    item = scene.stage.items[good.number]
    return {
        "item_id": str(item.id),
        "description": good.name,
        "quantity": str(quantity),
        "unit": good.unit,
        "kind": good.kind,
        "unit_price": good.price_at(scene.days_ago),
        "base_quantity": good.base_quantity,
        "requested_date": (scene.today + timedelta(days=good.lead_time_days + 3)).date().isoformat(),
        "tax_category": item.tax_category,
        "tax_rate": str(item.tax_rate),
    }


async def _despatch(scene: Scene, *, percent: int, late: float, leaves: bool = True) -> None:
    due = [line for line in await scene.lines() if line.confirmed > line.despatched]
    scene.wait_until(min(map(day_of, due)), late=late)
    told = [
        {"order_line_id": str(line.id), "quantity": str(part(line.confirmed - line.despatched, percent))}
        for line in due
    ]
    number = f"{scene.order_id.int % 10**10:010d}"
    body = {"lines": told, "carrier": CARRIERS[scene.order_id.int % 3], "tracking_number": number}
    expected = (scene.today + timedelta(days=2)).date().isoformat()
    advice = form(DespatchForm, **body, expected_date=expected)
    scene.advice_id = (await shipments.create(scene.desk, advice, rest_follows=percent < 100, leaves=leaves)).id


async def _receive(scene: Scene, *, rejected: int) -> None:
    scene.wait(1.5)
    came = [(line, line.despatched - line.received) for line in await scene.lines() if line.despatched > line.received]
    told = []
    for number, (line, quantity) in enumerate(came):
        bad = part(quantity, rejected) if rejected and number == 0 else Decimal(0)
        told.append({"order_line_id": str(line.id), "accepted": str(quantity - bad), "rejected": str(bad)})
        if bad:
            told[-1]["reason"] = "Damaged in transport: the packaging was torn and the parts are scratched."
    booked = form(
        ReceiptForm, lines=told, despatch_advice_id=str(scene.advice_id), delivery_note=f"LS-{number_of(scene)}"
    )
    await receipts.create(scene.buyer_side("receiver"), booked)


async def invoice_of(scene: Scene, *, lines: Any = None, advice: bool = False, **more: Any) -> Any:
    """The supplier's next invoice over the order, or over its despatch advice."""
    scene.wait(1)
    scene.invoices += 1
    number = f"{scene.plot.supplier.name[:2].upper()}-{number_of(scene)}-{scene.invoices}"
    of = {"despatch_advice_id": str(scene.advice_id)} if advice else {"order_id": str(scene.order_id)}
    bill = form(InvoiceForm, number=number, issue_date=scene.today.date().isoformat(), lines=lines, **of, **more)
    scene.invoice_id = (await invoices.create(scene.desk, bill)).id
    return scene.invoice_id


def number_of(scene: Scene) -> str:
    """A number that follows from the order's place in the story."""
    return f"{scene.stage.now.year % 100}{int(1000 - scene.plot.begun):04d}"


def day_of(line: Any) -> Any:
    return line.promised_date or line.requested_date


def _dearer(price: Decimal | None) -> Decimal:
    return ((price or Decimal(0)) * Decimal("1.04")).quantize(Decimal("0.0001"))
