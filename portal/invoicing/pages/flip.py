"""Writing an invoice: an order or a despatch advice is flipped, its lines filled in; a draft can be changed."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may, require
from portal.invoicing import commands, queries
from portal.invoicing.commands import NumberTaken, propose
from portal.invoicing.forms import InvoiceEdit, InvoiceForm
from portal.invoicing.pages.sheet import Reading, Sheet, charge_columns, of_draft, proposal, sums_of
from portal.invoicing.queries import Source
from portal.invoicing.states import S
from portal.invoicing.tables import Invoice, InvoiceLine
from portal.platform.actor import Actor
from portal.platform.calendar import local_date
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, Invalid
from portal.platform.totals import choices as tax_choices
from portal.platform.work import View, viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import Typed, as_seen, read_form
from portal.web.parts import TaxRow

AnyRequest = Request[Any, Any, Any]
Save = Callable[[Reading], Awaitable[Invoice]]


@get("/orders/{order_id:uuid}/invoice", guards=[may("invoices:create")], include_in_schema=False)
async def flip_order(request: AnyRequest, actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    return await _proposed(request, actor, order_id=order_id)


@post("/orders/{order_id:uuid}/invoice", guards=[may("invoices:create")], include_in_schema=False)
async def invoice_order(request: AnyRequest, actor: Acting, order_id: FromPath[UUID]) -> Response[Any]:
    return await _created(request, actor, order_id=order_id)


@get("/despatch-advices/{advice_id:uuid}/invoice", guards=[may("invoices:create")], include_in_schema=False)
async def flip_advice(request: AnyRequest, actor: Acting, advice_id: FromPath[UUID]) -> Response[Any]:
    return await _proposed(request, actor, despatch_advice_id=advice_id)


@post("/despatch-advices/{advice_id:uuid}/invoice", guards=[may("invoices:create")], include_in_schema=False)
async def invoice_advice(request: AnyRequest, actor: Acting, advice_id: FromPath[UUID]) -> Response[Any]:
    return await _created(request, actor, despatch_advice_id=advice_id)


@get("/invoices/{invoice_id:uuid}/edit", guards=[may("invoices:create")], include_in_schema=False)
async def edit_page(actor: Acting, invoice_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        sheet, draft = await _draft(view, invoice_id)
        billed = await view.fetch("select * from invoice_line where invoice_id = $1 order by line", invoice_id)
    values = of_draft(draft, [InvoiceLine.of(dict(record)) for record in billed], sheet.lines)
    return _page(sheet, Reading(values), Form(values))


@post("/invoices/{invoice_id:uuid}/edit", guards=[may("invoices:create")], include_in_schema=False)
async def edit(request: AnyRequest, actor: Acting, invoice_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    async with viewing(actor) as view:
        sheet, _present = await _draft(view, invoice_id)

    async def save(read: Reading) -> Invoice:
        return await commands.edit(as_seen(actor, typed), invoice_id, read.form(InvoiceEdit, charges=[]))

    return await _answer(actor, sheet, typed, save)


async def _proposed(request: AnyRequest, actor: Actor, **of: UUID) -> Response[Any]:
    """The form with what can be billed now, dated today where the supplier is; `corrects` names a rejected invoice,
    whose number is free again."""
    async with viewing(actor) as view:
        found = await queries.source(view, of.get("order_id"), of.get("despatch_advice_id"))
        number = await queries.number_to_reuse(view, request.query_params.get("corrects", ""))
    values = proposal(propose(found.lines, found.advice), local_date(datetime.now(UTC), actor.time_zone))
    values |= {"number": number} if number else {}
    return _page(_sheet(found, **of), Reading(values), Form(values))


async def _created(request: AnyRequest, actor: Actor, **of: UUID) -> Response[Any]:
    typed = await read_form(request)
    async with viewing(actor) as view:
        found = await queries.source(view, of.get("order_id"), of.get("despatch_advice_id"))

    async def save(read: Reading) -> Invoice:
        return await commands.create(actor, read.form(InvoiceForm, **{name: str(key) for name, key in of.items()}))

    return await _answer(actor, _sheet(found, **of), typed, save)


async def _answer(actor: Actor, sheet: Sheet, typed: Typed, save: Save) -> Response[Any]:
    """Save, and send if that was pressed; whatever is wrong, the form stands there as it was typed."""
    read, act = Reading(typed.values), typed.values.get("act", "totals")
    if read.grown is not None:
        return _page(sheet, read, Form(read.grown))
    if act not in ("draft", "submit"):
        _sums, wrong = sums_of(sheet, read)
        return _page(sheet, read, read.again(wrong), status=422 if wrong else 200)
    try:
        invoice = await save(read)
    except (Invalid, NumberTaken) as refusal:
        return _page(sheet, read, read.again(refusal.errors), status=refusal.status)
    if act == "draft":
        return go(f"/invoices/{invoice.id}", _("Invoice {number} is saved as a draft.", number=invoice.number))
    try:
        await commands.submit(actor, invoice.id)
    except Conflict as refusal:
        told = _("The draft is saved, but it could not be sent. {why}", why=str(refusal))
        return go(f"/invoices/{invoice.id}", told, "danger")
    return go(f"/invoices/{invoice.id}", _("Invoice {number} is with the buyer now.", number=invoice.number))


def _sheet(found: Source, **of: UUID) -> Sheet:
    """The page of a new invoice, below the order or the delivery that it is made of."""
    if "order_id" in of:
        back = f"/orders/{of['order_id']}"
        crumbs = ((_("Orders"), "/orders"), (found.orders[0].number, back))
    else:
        back = f"/despatch-advices/{of['despatch_advice_id']}"
        crumbs = ((_("Deliveries"), "/despatch-advices"), (found.advice_number, back))
    return Sheet(f"{back}/invoice", back, found.orders, found.lines, crumbs)


async def _draft(view: View, invoice_id: UUID) -> tuple[Sheet, Invoice]:
    """A draft's page; a sent invoice has none."""
    invoice, orders = await queries.seen(view, invoice_id)
    require(view.actor, "invoices:create", invoice)
    if invoice.state != S.DRAFT:
        raise Conflict(_("An invoice that was sent is never changed."), subject_id=invoice.order_id)
    lines = await queries.billable(view, [order.id for order in orders])
    at = f"/invoices/{invoice_id}"
    crumbs = ((_("Invoices"), "/invoices"), (invoice.number, at))
    return Sheet(f"{at}/edit", at, orders, lines, crumbs, invoice), invoice


def _page(sheet: Sheet, read: Reading, form: Form, *, status: int = 200) -> Response[Any]:
    """The form with the totals of what stands in it, where they can be reckoned."""
    sums, _wrong = sums_of(sheet, read)
    return page(
        "invoicing/flip.html",
        status=status,
        form=form,
        sheet=sheet,
        rows=[(row, sheet.line_of(form.values, row)) for row in form.rows("lines")],
        sums=sums,
        rates=[TaxRow(row.category, row.rate, row.base, row.tax) for row in sums.breakdown] if sums else [],
        taxes=tax_choices(),
        charges=charge_columns(),
    )


HANDLERS = [flip_order, invoice_order, flip_advice, invoice_advice, edit_page, edit]
