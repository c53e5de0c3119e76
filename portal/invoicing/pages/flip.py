"""Writing an invoice: an order or a despatch advice is flipped, its lines filled in; a draft can be changed."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may, require
from portal.invoicing import commands, queries
from portal.invoicing.commands import NumberTaken, propose
from portal.invoicing.forms import InvoiceEdit, InvoiceForm
from portal.invoicing.pages.asking import asked, mark, open_of, rows_named
from portal.invoicing.pages.sheet import Reading, Sheet, charge_columns, of_draft, proposal, sums_of
from portal.invoicing.queries import Billable, OrderHead, Source
from portal.invoicing.states import S
from portal.invoicing.tables import Invoice, InvoiceLine
from portal.platform.actor import Actor
from portal.platform.decimals import ZERO
from portal.platform.i18n import _
from portal.platform.money import decimals
from portal.platform.refusals import Conflict, Invalid
from portal.platform.totals import choices as tax_choices
from portal.platform.work import View, viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import Typed, as_seen, read_form
from portal.web.parts import TaxRow

AnyRequest = Request[Any, Any, Any]
_UNANSWERED = ("issued", "conditionally_accepted")
# What an empty box of the page takes back: a browser sends nothing of it.
_EMPTIED: dict[str, Any] = {
    "allowances": [],
    "charges": [],
    "prepaid": "0",
    "prepaid_reference": "",
    "rounding": "0",
    "due_date": None,
    "exemption_reason": None,
}
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
        return await commands.edit(as_seen(actor, typed), invoice_id, read.form(InvoiceEdit, **_EMPTIED))

    return await _answer(actor, sheet, typed, save)


async def _proposed(request: AnyRequest, actor: Actor, **of: UUID) -> Response[Any]:
    """The form with what can be billed now, dated today where the supplier is; `corrects` names a rejected invoice,
    whose number is free again."""
    async with viewing(actor) as view:
        found = await queries.source(view, of.get("order_id"), of.get("despatch_advice_id"))
        today = await queries.today(view)
        number = await queries.number_to_reuse(view, request.query_params.get("corrects", ""))
    _require_due(found)
    _require_something(found)
    sheet = _sheet(found, **of)
    values = proposal(propose(sheet.lines, found.advice), today)
    values |= {"number": number} if number else {}
    return _page(sheet, Reading(values), Form(values))


async def _created(request: AnyRequest, actor: Actor, **of: UUID) -> Response[Any]:
    typed = await read_form(request)
    async with viewing(actor) as view:
        found = await queries.source(view, of.get("order_id"), of.get("despatch_advice_id"))
    _require_due(found)

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
    if act == "submit" and (shown := mark(asked(sheet, read), read)) not in ("", typed.values.get("seen")):
        return _page(sheet, read, Form(read.values), seen=shown)
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


def _require_due(found: Source) -> None:
    """Raises `Conflict` for an order that is on hold, or that nobody agreed on and of which nothing was accepted."""
    for order in found.orders:
        if order.on_hold:
            raise Conflict(
                _("Order {number} is on hold: {reason}.", number=order.number, reason=order.hold_reason or "–"),
                subject_id=order.id,
            )
        accepted = any(line.accepted > ZERO for line in found.lines if line.order_id == order.id)
        if order.state in _UNANSWERED and not accepted and found.advice is None:
            raise Conflict(
                _("Order {number} is not agreed yet. Answer it first; then it can be invoiced.", number=order.number),
                subject_id=order.id,
            )


def _require_something(found: Source) -> None:
    if not any(quantity > ZERO for quantity in open_of(found.lines, found.advice).values()):
        numbers = ", ".join(order.number for order in found.orders)
        raise Conflict(
            _("Everything that can be invoiced of {numbers} now is invoiced already.", numbers=numbers),
            subject_id=found.orders[0].id,
        )


def _sheet(found: Source, **of: UUID) -> Sheet:
    """The page of a new invoice, below the order or the delivery that it is made of."""
    if "order_id" in of:
        back = f"/orders/{of['order_id']}"
        crumbs = ((_("Orders"), "/orders"), (found.orders[0].number, back))
    else:
        back = f"/despatch-advices/{of['despatch_advice_id']}"
        crumbs = ((_("Deliveries"), "/despatch-advices"), (found.advice_number, back))
    left = open_of(found.lines, found.advice)
    return Sheet(f"{back}/invoice", back, found.orders, _offered(found.lines, left), left, crumbs)


def _offered(lines: Sequence[Billable], left: Mapping[UUID, Decimal]) -> list[Billable]:
    """A line that was closed short is not offered once all that stays wanted of it is billed."""
    return [line for line in lines if line.closed_to is None or left[line.id] > ZERO]


async def _draft(view: View, invoice_id: UUID) -> tuple[Sheet, Invoice]:
    """A draft's page; a sent invoice has none."""
    invoice, orders = await queries.seen(view, invoice_id)
    require(view.actor, "invoices:create", invoice)
    if invoice.state != S.DRAFT:
        raise Conflict(_("An invoice that was sent is never changed."), subject_id=invoice.order_id)
    return await sheet_of_draft(view, invoice, orders), invoice


async def sheet_of_draft(view: View, invoice: Invoice, orders: list[OrderHead]) -> Sheet:
    """A draft with the lines of its orders, and what of them can be billed now."""
    lines = await queries.billable(view, [order.id for order in orders])
    advice = await queries.advised(view, invoice.despatch_advice_id) if invoice.despatch_advice_id else None
    at = f"/invoices/{invoice.id}"
    crumbs = ((_("Invoices"), "/invoices"), (invoice.number, at))
    return Sheet(f"{at}/edit", at, orders, lines, open_of(lines, advice), crumbs, invoice)


def _page(sheet: Sheet, read: Reading, form: Form, *, status: int = 200, seen: str = "") -> Response[Any]:
    """The form with its totals, where they can be reckoned, and what the buyer will ask about.

    `seen` marks what was shown before it is sent all the same.
    """
    sums, _wrong = sums_of(sheet, read)
    form = msgspec.structs.replace(form, rows_named=rows_named(sheet, form.values))
    return page(
        "invoicing/flip.html",
        status=status,
        form=form,
        sheet=sheet,
        questions=asked(sheet, read) if not form.errors else [],
        seen=seen,
        rows=[(row, sheet.line_of(form.values, row)) for row in form.rows("lines")],
        sums=sums,
        rates=[TaxRow(row.category, row.rate, row.base, row.tax) for row in sums.breakdown] if sums else [],
        taxes=tax_choices(),
        charges=charge_columns(_("Charge")),
        allowances=charge_columns(_("Allowance")),
        rounds=decimals(sheet.head.currency) > 0,
    )


HANDLERS = [flip_order, invoice_order, flip_advice, invoice_advice, edit_page, edit]
