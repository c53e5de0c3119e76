"""What is given back in the story: for goods that went back, and for prices that were too high."""

from typing import Any

from portal.demo.scene import Scene, form, part
from portal.demo.steps import number_of
from portal.invoicing import commands as invoices
from portal.invoicing.forms import CreditForm
from portal.platform.work import viewing


async def credit_the_price(scene: Scene) -> None:
    """The supplier gives the difference of its price back after all."""
    scene.wait(5)
    async with viewing(scene.desk) as view:
        billed = await view.value("select id from invoice_line where invoice_id = $1 order by line", scene.invoice_id)
    right = next(good for good, _quantity in scene.plot.goods)
    reason = "Our new list does not hold for this order: the price difference of line 1 is credited."
    asked = {"invoice_line_id": str(billed), "unit_price": right.price_at(scene.plot.begun)}
    await _credit(scene, "price", reason, asked)


async def begin_a_credit(scene: Scene) -> None:
    """A credit note that the supplier has not sent yet."""
    async with viewing(scene.desk) as view:
        billed = await view.value("select id from invoice_line where invoice_id = $1 order by line", scene.invoice_id)
    right = next(good for good, _quantity in scene.plot.goods)
    asked = {"invoice_line_id": str(billed), "unit_price": right.price_at(scene.plot.begun)}
    await _credit(scene, "price", "The price of line 1 was not the one we agreed on.", asked, sends=False)


async def credit_the_goods(scene: Scene) -> None:
    """A tenth of the first line went back after it was billed."""
    scene.wait(4)
    async with viewing(scene.desk) as view:
        billed = (await view.fetch("select * from invoice_line where invoice_id = $1 order by line", scene.invoice_id))[
            0
        ]
    back = {"invoice_line_id": str(billed["id"]), "quantity": str(part(billed["quantity"], 10))}
    await _credit(scene, "goods", "Sent back: these parts do not fit the housings.", back)


async def approve_credit(scene: Scene) -> None:
    scene.wait(1)
    await invoices.approve_credit(scene.buyer_side("payable"), scene.credit_id)


async def _credit(scene: Scene, kind: str, reason: str, line: dict[str, Any], *, sends: bool = True) -> None:
    body = {
        "invoice_id": str(scene.invoice_id),
        "number": f"CN-{number_of(scene)}",
        "issue_date": scene.today.date().isoformat(),
        "kind": kind,
        "reason": reason,
        "lines": [line],
    }
    scene.credit_id = (await invoices.create_credit(scene.desk, form(CreditForm, **body))).id
    if sends:
        await invoices.submit_credit(scene.desk, scene.credit_id)
