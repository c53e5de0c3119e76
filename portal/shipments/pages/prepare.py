"""Preparing a despatch in a browser, from an order or from a draft: save it, or let the goods go."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may, require
from portal.platform.actor import Actor
from portal.platform.calendar import local_date
from portal.platform.decimals import ZERO
from portal.platform.i18n import Message, _
from portal.platform.ids import id_of
from portal.platform.refusals import Conflict, Invalid, NotFound, Refusal
from portal.platform.work import View, viewing
from portal.shipments import commands, queries
from portal.shipments.forms import AdviceOut
from portal.shipments.pages.sheet import Sheet, described, filled_with, fresh, joined, problems, read
from portal.shipments.queries import Companion, DespatchableLine
from portal.shipments.states import S
from portal.shipments.tables import DespatchAdvice
from portal.shipments.verbs import ON_ITS_WAY
from portal.web import Form, page
from portal.web.flash import go
from portal.web.forms import grown
from portal.web.input import Typed, as_seen, read_form

AnyRequest = Request[Any, Any, Any]


@get("/orders/{order_id:uuid}/despatch", guards=[may("despatch-advices:create")], include_in_schema=False)
async def begin(request: AnyRequest, actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    """The sheet of an order, and of those of the same buyer that the address names besides (`also`)."""
    async with viewing(actor) as view:
        sheet = await _of_order(view, order_id, _ids(request.query_params.getall("also", [])))
        now = await view.value("select portal.now()")
    return _page(sheet, fresh(sheet.lines, local_date(now, actor.time_zone)))


@post("/orders/{order_id:uuid}/despatch", guards=[may("despatch-advices:create")], include_in_schema=False)
async def create(request: AnyRequest, actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    """Save a draft, or despatch at once (`act`): then both happen in one transaction."""
    typed = await read_form(request)
    async with viewing(actor) as view:
        sheet = await _of_order(view, order_id, _chosen(typed))
    if again := _on_the_way(typed, sheet):
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
    sheet, _before = await _of_draft(actor, advice_id, _chosen(typed))
    if again := _on_the_way(typed, sheet):
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


def _chosen(typed: Typed) -> list[UUID]:
    """The orders that were ticked to go along."""
    return _ids([value for name, value in typed.pairs if name == "also"])


def _ids(given: Sequence[str]) -> list[UUID]:
    return [found for each in given if (found := id_of(each)) is not None]


def _on_the_way(typed: Typed, sheet: Sheet) -> dict[str, Any] | None:
    """The sheet to show again if other orders were chosen or a package was added or taken out; None if it is to be
    saved."""
    if typed.values.get("act") == "choose":
        return joined(typed.values, sheet.lines)
    return grown(typed.values)


async def _of_order(view: View, order_id: UUID, also: Sequence[UUID]) -> Sheet:
    """The sheet for an order's goods; `Conflict` if nothing of it may leave now."""
    found = await queries.despatchable_of(view, [order_id, *also])
    own = [line for line in found if line.order_id == order_id]
    if not own:
        raise NotFound()
    if own[0].obstacle:
        raise Conflict(own[0].obstacle, subject_id=order_id)
    number = own[0].order_number
    others = await queries.companions(view, own[0].buyer_id, order_id)
    title = _("Despatch goods of {number}", number=number)
    crumbs = ((_("Orders"), "/orders"), (number, f"/orders/{order_id}"))
    lines = [*own, *_along(found, others)]
    at = f"/orders/{order_id}"
    return Sheet(title, f"{at}/despatch", at, own[0].buyer_name, lines, crumbs, others=_told(others, also))


async def _of_draft(actor: Actor, advice_id: UUID, also: Sequence[UUID] = ()) -> tuple[Sheet, AdviceOut]:
    async with viewing(actor) as view:
        row = await queries.advice_row(view, advice_id)
        require(actor, "despatch-advices:edit", row)
        advice = await queries.out_of(view, row)
        stated = [order.id for order in advice.orders]
        found = await queries.despatchable_of(view, [*stated, *also])
        others = [each for each in await queries.companions(view, row.buyer_id, stated[0]) if each.id not in stated]
    if row.state != S.DRAFT:
        raise Conflict(_("What was despatched cannot be changed any more."), subject_id=advice_id)
    at = f"/despatch-advices/{advice_id}"
    title = _("Edit {number}", number=advice.number)
    crumbs = ((_("Deliveries"), "/despatch-advices"), (advice.number, at))
    lines = [*(line for line in found if line.order_id in stated), *_along(found, others)]
    buyer = advice.buyer.name
    return Sheet(title, f"{at}/edit", at, buyer, lines, crumbs, advice.version, _told(others, also)), advice


def _along(found: Sequence[DespatchableLine], others: Sequence[Companion]) -> list[DespatchableLine]:
    """What is open of the orders that go along; who cannot is not among the `others`."""
    known = {other.id for other in others}
    return [line for line in found if line.order_id in known and line.open > ZERO]


def _told(others: Sequence[Companion], also: Sequence[UUID]) -> list[tuple[Companion, bool]]:
    """The other orders, each with whether it goes along."""
    return [(other, other.id in also) for other in others]


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
