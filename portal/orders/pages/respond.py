"""The supplier's answer, and the buyer's decision on a counter-offer."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.access.verbs import asked_again
from portal.orders import commands, queries
from portal.orders.forms import OrderOut, ResponseForm
from portal.orders.pages.acts import ACTS, possible
from portal.orders.pages.answer import answer_of, rows_of, split, switched, united
from portal.orders.pages.show import shown
from portal.orders.states import ORDER, S
from portal.orders.tables import PurchaseOrder
from portal.orders.verbs import WHY
from portal.platform.actor import Actor
from portal.platform.calendar import local_date
from portal.platform.i18n import Message, _
from portal.platform.refusals import Conflict, Invalid
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.grid import placed
from portal.web.input import read_form, reason_of
from portal.web.preferences import local_path

AnyRequest = Request[Any, Any, Any]
_ANSWERED: dict[str, Message] = {
    "AB": _("The receipt of {number} is confirmed. Your answer is still awaited."),
    "AP": _("{number} is confirmed as ordered."),
    "RE": _("{number} is rejected. The buyer has been told."),
    "CA": _("Your counter-offer for {number} is with the buyer. Lines that you changed: {lines}."),
}
_TAKEN = _("{number} is confirmed: your changes lie within what the buyer agreed to in advance.")


@get("/orders/{order_id:uuid}/respond", guards=[may("orders:respond")], include_in_schema=False)
async def respond_page(actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    asked = await asked_of(actor, order_id)
    return _page(actor, asked, Form(rows_of(asked.order)))


@post("/orders/{order_id:uuid}/respond", guards=[may("orders:respond")], include_in_schema=False)
async def respond_line_by_line(request: AnyRequest, actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    """Send what was filled in; pressing “Split” or “Unite” only shows the form again with a line more or less."""
    asked = await asked_of(actor, order_id)
    values = switched((await read_form(request)).values, asked.order)
    if again := split(values) or united(values):
        return _page(actor, asked, Form(again))
    try:
        form, rows = answer_of(values, asked.order, asked.today)
    except Invalid as refusal:
        return _page(actor, asked, Form(values, refusal.errors), status=422)
    try:
        return await _sent(actor, order_id, form)
    except Invalid as refusal:
        return _page(actor, asked, Form(values, placed(refusal.errors, "lines", rows)), status=422)


@post("/orders/{order_id:uuid}/responses", guards=[may("orders:respond")], include_in_schema=False)
async def respond_to_all(request: AnyRequest, actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    """One click for the whole order: confirm all, confirm receipt, or reject with a reason."""
    typed = await read_form(request)
    try:
        form = typed.convert(ResponseForm, only=("code", "reason"))
        reason_of(typed, WHY if form.code == "RE" else None)
    except Invalid as refusal:
        return await asked_again(request, "/orders", shown, actor, order_id, typed, refusal)
    return await _sent(actor, order_id, form, typed.values.get("back", ""))


@post(
    "/orders/{order_id:uuid}/responses/{response_id:uuid}/accept",
    guards=[may("orders:decide")],
    include_in_schema=False,
)
async def accept(actor: Acting, order_id: FromPath[UUID], response_id: FromPath[UUID]) -> Response[Any]:
    order = await commands.accept_counter_offer(actor, order_id, response_id)
    return go(f"/orders/{order_id}", _("The changes are part of {number} now.", number=order.number))


@post(
    "/orders/{order_id:uuid}/responses/{response_id:uuid}/decline",
    guards=[may("orders:decide")],
    include_in_schema=False,
)
async def decline(
    request: AnyRequest, actor: Acting, order_id: FromPath[UUID], response_id: FromPath[UUID]
) -> Response[Any]:
    typed = await read_form(request)
    try:
        why = reason_of(typed, WHY)
    except Invalid as refusal:
        return await asked_again(request, "/orders", shown, actor, order_id, typed, refusal)
    order = await commands.decline_counter_offer(actor, order_id, response_id, why)
    return go(
        f"/orders/{order_id}",
        _("The changes to {number} are declined; the supplier answers again.", number=order.number),
    )


class Asked(NamedTuple):
    """The order that is to be answered, and which day it is where its reader is."""

    row: PurchaseOrder
    order: OrderOut
    today: date


async def asked_of(actor: Actor, order_id: UUID) -> Asked:
    """The order that is to be answered; `Conflict` if no answer is awaited any more."""
    async with viewing(actor) as view:
        row = await queries.order_row(view, order_id, "orders:respond")
        order = await queries.out_of(view, row)
        now = await view.value("select portal.now()")
    if row.state != S.ISSUED:
        state = ORDER.names[row.state]
        raise Conflict(_("No answer is awaited: the order is “{state}” now.", state=state), subject_id=order_id)
    return Asked(row, order, local_date(now, actor.time_zone))


async def _sent(actor: Actor, order_id: UUID, form: ResponseForm, back: str = "") -> Response[Any]:
    answer = await commands.respond(actor, order_id, form)
    return go(local_path(back) if back else f"/orders/{order_id}", told(answer, form))


def told(answer: commands.Answer, form: ResponseForm | None = None) -> Message:
    """What the next page says of an answer; the lines that were changed as far as the form is at hand."""
    code = answer.response.code
    said = _TAKEN if code == "CA" and answer.response.state == "accepted" else _ANSWERED[code]
    lines = dict.fromkeys(str(line.line) for line in (form.lines if form else None) or () if line.code != "5")
    return Message(said.text, {"number": answer.order.number, "lines": ", ".join(lines)})


def _page(actor: Actor, asked: Asked, form: Form, *, status: int = 200) -> Response[Any]:
    row, order = asked.row, asked.order
    form = msgspec.structs.replace(form, rows_named=_rows_named(form))
    whole = [ACTS[verb].at(f"/orders/{row.id}", row.version) for verb in ("accept", "reject")]
    offered = {act.href + str(act.fields) for act in possible(actor, row)}
    acts = [act for act in whole if act.href + str(act.fields) in offered]
    lines = {line.line: line for line in order.lines}
    return page("orders/respond.html", status=status, form=form, order=order, lines=lines, acts=acts)


def _rows_named(form: Form) -> dict[str, Message]:
    """The rows by the lines that they answer: a further delivery of a line is a row of its own."""
    named, seen = {}, set()
    for row in form.rows("lines"):
        number = form.value(f"lines.{row}.line")
        named[f"lines.{row}"] = _("Line {n}, further delivery", n=number) if number in seen else _("Line {n}", n=number)
        seen.add(number)
    return named


HANDLERS = [respond_page, respond_line_by_line, respond_to_all, accept, decline]
