"""Preparing a despatch in a browser, from an order or from a draft: save it, or let the goods go."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may, require
from portal.platform.actor import Actor
from portal.platform.calendar import local_date
from portal.platform.i18n import Message, _
from portal.platform.refusals import Conflict, Invalid, NotFound, Refusal
from portal.platform.work import View, viewing
from portal.shipments import commands, queries
from portal.shipments.forms import AdviceOut
from portal.shipments.pages.sheet import Sheet, described, filled_with, fresh, problems, read
from portal.shipments.states import S
from portal.shipments.tables import DespatchAdvice
from portal.shipments.verbs import ON_ITS_WAY
from portal.web import Form, page
from portal.web.flash import go
from portal.web.forms import grown
from portal.web.input import Typed, as_seen, read_form

AnyRequest = Request[Any, Any, Any]


@get("/orders/{order_id:uuid}/despatch", guards=[may("despatch-advices:create")], include_in_schema=False)
async def begin(actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        sheet = await _of_order(view, order_id)
        now = await view.value("select portal.now()")
    return _page(sheet, fresh(sheet.lines, local_date(now, actor.time_zone)))


@post("/orders/{order_id:uuid}/despatch", guards=[may("despatch-advices:create")], include_in_schema=False)
async def create(request: AnyRequest, actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    """Save a draft, or despatch at once (`act`): then both happen in one transaction."""
    typed = await read_form(request)
    async with viewing(actor) as view:
        sheet = await _of_order(view, order_id)
    if again := grown(typed.values):
        return _page(sheet, again)
    try:
        form, rest_follows = read(typed)
        leaves = typed.values.get("act") == "despatch"
        advice = await commands.create(actor, form, rest_follows=rest_follows, leaves=leaves)
    except (Invalid, Conflict) as refusal:
        return _again(sheet, typed, refusal)
    return go(f"/despatch-advices/{advice.id}", _left(advice) if leaves else _saved(advice))


@get("/despatch-advices/{advice_id:uuid}/edit", guards=[may("despatch-advices:edit")], include_in_schema=False)
async def change(actor: Acting, advice_id: FromPath[UUID]) -> Response[Any]:
    sheet, advice = await _of_draft(actor, advice_id)
    return _page(sheet, filled_with(advice, sheet.lines))


@post("/despatch-advices/{advice_id:uuid}/edit", guards=[may("despatch-advices:edit")], include_in_schema=False)
async def replace(request: AnyRequest, actor: Acting, advice_id: FromPath[UUID]) -> Response[Any]:
    """Save the draft as it is now; to despatch it is the next step, with the refusals of its own."""
    typed = await read_form(request)
    sheet, _before = await _of_draft(actor, advice_id)
    if again := grown(typed.values):
        return _page(sheet, again)
    try:
        form, rest_follows = read(typed)
        advice = await commands.edit(as_seen(actor, typed), advice_id, form, rest_follows=rest_follows)
    except (Invalid, Conflict) as refusal:
        return _again(sheet, typed, refusal)
    if typed.values.get("act") == "despatch":
        advice = await commands.despatch(actor, advice_id)
        return go(f"/despatch-advices/{advice_id}", _left(advice))
    return go(f"/despatch-advices/{advice_id}", _saved(advice))


async def _of_order(view: View, order_id: UUID) -> Sheet:
    """The sheet for an order's goods; `Conflict` if nothing of it may leave now."""
    lines = await queries.despatchable_of(view, [order_id])
    if not lines:
        raise NotFound()
    if lines[0].obstacle:
        raise Conflict(lines[0].obstacle, subject_id=order_id)
    number = lines[0].order_number
    title = _("Despatch goods of {number}", number=number)
    crumbs = ((_("Orders"), "/orders"), (number, f"/orders/{order_id}"))
    return Sheet(title, f"/orders/{order_id}/despatch", f"/orders/{order_id}", lines[0].buyer_name, lines, crumbs)


async def _of_draft(actor: Actor, advice_id: UUID) -> tuple[Sheet, AdviceOut]:
    async with viewing(actor) as view:
        row = await queries.advice_row(view, advice_id)
        require(actor, "despatch-advices:edit", row)
        advice = await queries.out_of(view, row)
        lines = await queries.despatchable_of(view, [order.id for order in advice.orders])
    if row.state != S.DRAFT:
        raise Conflict(_("What was despatched cannot be changed any more."), subject_id=advice_id)
    at = f"/despatch-advices/{advice_id}"
    title = _("Edit {number}", number=advice.number)
    crumbs = ((_("Deliveries"), "/despatch-advices"), (advice.number, at))
    return Sheet(title, f"{at}/edit", at, advice.buyer.name, lines, crumbs, advice.version), advice


def _page(sheet: Sheet, values: dict[str, Any]) -> Response[Any]:
    return page("shipments/prepare.html", form=Form(described(values, sheet.lines)), sheet=sheet)


def _again(sheet: Sheet, typed: Typed, refusal: Refusal) -> Response[Any]:
    """Nothing that was typed is lost."""
    form = Form.typed(described(typed.values, sheet.lines), problems(typed, refusal))
    return page("shipments/prepare.html", status=refusal.status, form=form, sheet=sheet)


def _left(advice: DespatchAdvice) -> Message:
    return Message(ON_ITS_WAY.text, {"number": advice.number})


def _saved(advice: DespatchAdvice) -> Any:
    return _("{number} is saved as a draft, which only you see.", number=advice.number)


HANDLERS = [begin, create, change, replace]
