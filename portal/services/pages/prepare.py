"""Entering services in a browser, of an order or in a draft: save it, or submit it."""

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
from portal.services import commands, queries
from portal.services.forms import EntryOut
from portal.services.pages.sheet import Sheet, described, filled_with, fresh, problems, read
from portal.services.states import S
from portal.services.tables import ServiceEntry
from portal.services.verbs import SUBMITTED
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import Typed, as_seen, read_form

AnyRequest = Request[Any, Any, Any]


@get("/orders/{order_id:uuid}/service-entry", guards=[may("service-entries:create")], include_in_schema=False)
async def begin(actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        sheet = await _of_order(view, order_id)
        now = await view.value("select portal.now()")
    return _page(sheet, fresh(sheet.lines, local_date(now, actor.time_zone)))


@post("/orders/{order_id:uuid}/service-entry", guards=[may("service-entries:create")], include_in_schema=False)
async def create(request: AnyRequest, actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    """Save a draft, or submit at once (`act`): then both happen in one transaction."""
    typed = await read_form(request)
    async with viewing(actor) as view:
        sheet = await _of_order(view, order_id)
    try:
        entry = await commands.create(actor, read(typed, sheet), submits=_submits(typed))
    except (Invalid, Conflict) as refusal:
        return _again(sheet, typed, refusal)
    return go(f"/service-entries/{entry.id}", _done(entry))


@get("/service-entries/{service_entry_id:uuid}/edit", guards=[may("service-entries:edit")], include_in_schema=False)
async def change(actor: Acting, service_entry_id: FromPath[UUID]) -> Response[Any]:
    sheet, entry = await _of_draft(actor, service_entry_id)
    return _page(sheet, filled_with(entry, sheet.lines))


@post("/service-entries/{service_entry_id:uuid}/edit", guards=[may("service-entries:edit")], include_in_schema=False)
async def replace(request: AnyRequest, actor: Acting, service_entry_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    sheet, _before = await _of_draft(actor, service_entry_id)
    try:
        form = read(typed, sheet)
        entry = await commands.edit(as_seen(actor, typed), service_entry_id, form, submits=_submits(typed))
    except (Invalid, Conflict) as refusal:
        return _again(sheet, typed, refusal)
    return go(f"/service-entries/{service_entry_id}", _done(entry))


def _submits(typed: Typed) -> bool:
    return typed.values.get("act") == "submit"


async def _of_order(view: View, order_id: UUID) -> Sheet:
    """The sheet for an order's services; `Conflict` if nothing can be entered on it now."""
    lines = await queries.services_of(view, order_id)
    if not lines:
        raise NotFound()
    if lines[0].obstacle:
        raise Conflict(lines[0].obstacle, subject_id=order_id)
    number, at = lines[0].order_number, f"/orders/{order_id}"
    title = _("Enter services of {number}", number=number)
    crumbs = ((_("Orders"), "/orders"), (number, at))
    return Sheet(title, f"{at}/service-entry", at, order_id, lines[0].buyer_name, lines, crumbs)


async def _of_draft(actor: Actor, entry_id: UUID) -> tuple[Sheet, EntryOut]:
    async with viewing(actor) as view:
        row = await queries.entry_row(view, entry_id)
        require(actor, "service-entries:edit", row)
        entry = await queries.out_of(view, row)
        lines = await queries.services_of(view, row.order_id)
    if row.state != S.DRAFT:
        raise Conflict(_("What was submitted cannot be changed any more."), subject_id=entry_id)
    at = f"/service-entries/{entry_id}"
    title = _("Edit {number}", number=entry.number)
    crumbs = ((_("Services"), "/service-entries"), (entry.number, at))
    return Sheet(title, f"{at}/edit", at, row.order_id, entry.buyer.name, lines, crumbs, entry.version), entry


def _page(sheet: Sheet, values: dict[str, Any]) -> Response[Any]:
    return page("services/prepare.html", form=Form(described(values, sheet.lines)), sheet=sheet)


def _again(sheet: Sheet, typed: Typed, refusal: Refusal) -> Response[Any]:
    """Nothing that was typed is lost."""
    form = Form.typed(described(typed.values, sheet.lines), problems(typed, refusal))
    return page("services/prepare.html", status=refusal.status, form=form, sheet=sheet)


def _done(entry: ServiceEntry) -> Message:
    if entry.state == S.SUBMITTED:
        return Message(SUBMITTED.text, {"number": entry.number})
    return _("{number} is saved as a draft, which only you see.", number=entry.number)


HANDLERS = [begin, create, change, replace]
