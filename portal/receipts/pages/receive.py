"""Booking a receipt in a browser, against a delivery that was announced or against an order."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.orders.queries import order_row
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, Invalid, NotFound
from portal.platform.work import View, viewing
from portal.receipts import commands
from portal.receipts.pages.sheet import Sheet, described, fresh, of_delivery, of_order, problems, read
from portal.shipments.queries import advice_row, advices_of_order, open_lines, out_of, row_of
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import read_form

AnyRequest = Request[Any, Any, Any]


@get("/orders/{order_id:uuid}/receive", guards=[may("goods-receipts:create")], include_in_schema=False)
async def on_order(actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        return _blank(actor, await _of_order(view, order_id), await _now(view))


@post("/orders/{order_id:uuid}/receive", guards=[may("goods-receipts:create")], include_in_schema=False)
async def book_on_order(request: AnyRequest, actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        sheet = await _of_order(view, order_id)
    return await _booked(request, actor, sheet)


@get("/despatch-advices/{advice_id:uuid}/receive", guards=[may("goods-receipts:create")], include_in_schema=False)
async def on_delivery(actor: Acting, advice_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        return _blank(actor, await _of_delivery(view, advice_id), await _now(view))


@post("/despatch-advices/{advice_id:uuid}/receive", guards=[may("goods-receipts:create")], include_in_schema=False)
async def book_on_delivery(request: AnyRequest, actor: Acting, advice_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        sheet = await _of_delivery(view, advice_id)
    return await _booked(request, actor, sheet)


async def _of_order(view: View, order_id: UUID) -> Sheet:
    """What is still to be received of an order; `Conflict` if nothing can be received on it now."""
    order = await order_row(view, order_id, "goods-receipts:create")
    lines = await open_lines(view, [order_id], "received")
    if order.buyer_id != view.actor.organisation_id or not lines:
        raise NotFound()
    if lines[0].obstacle:
        raise Conflict(lines[0].obstacle, subject_id=order_id)
    sent = [row_of(record) for record in await advices_of_order(view, order_id)]
    announced = [advice for advice in sent if advice.receipt_status != "complete"]
    title, back = _("Receive goods of {number}", number=order.number), f"/orders/{order_id}"
    crumbs = ((_("Orders"), "/orders"), (order.number, back))
    return Sheet(title, f"{back}/receive", back, order.supplier_name, of_order(lines), crumbs, announced=announced)


async def _of_delivery(view: View, advice_id: UUID) -> Sheet:
    """What has not come yet of a delivery; `Conflict` if all of it has."""
    advice = await advice_row(view, advice_id)
    if advice.shown_to != view.actor.organisation_id:
        raise NotFound()
    if advice.receipt_status == "complete":
        raise Conflict(_("All of {number} was received already.", number=advice.number), subject_id=advice_id)
    whole = await out_of(view, advice)
    at = f"/despatch-advices/{advice_id}"
    title = _("Receive {number}", number=advice.number)
    crumbs = ((_("Deliveries"), "/despatch-advices"), (advice.number, at))
    return Sheet(title, f"{at}/receive", at, advice.supplier_name, of_delivery(whole.lines), crumbs, whole)


async def _booked(request: AnyRequest, actor: Actor, sheet: Sheet) -> Response[Any]:
    """Book it, or show the sheet again with everything that was typed."""
    typed = await read_form(request)
    try:
        receipt = await commands.create(actor, read(typed, sheet, actor.time_zone))
    except (Invalid, Conflict) as refusal:
        form = Form.typed(described(typed.values, sheet), problems(typed, refusal))
        return page("receipts/receive.html", status=refusal.status, form=form, sheet=sheet)
    return go(f"/receipts/{receipt.id}", _("{number} is booked. The supplier sees it now.", number=receipt.number))


def _blank(actor: Actor, sheet: Sheet, now: datetime) -> Response[Any]:
    form = Form(described(fresh(sheet, now, actor.time_zone), sheet))
    return page("receipts/receive.html", form=form, sheet=sheet)


async def _now(view: View) -> datetime:
    return await view.value("select portal.now()")


HANDLERS = [on_order, book_on_order, on_delivery, book_on_delivery]
