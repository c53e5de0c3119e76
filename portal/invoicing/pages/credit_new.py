"""Writing a credit note, or its draft again: beside what can still be credited; what is blank is not credited."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may, require
from portal.invoicing import commands, queries
from portal.invoicing.forms import CREDIT_KINDS, CreditEdit, CreditForm
from portal.invoicing.rules.credits import Left
from portal.invoicing.states import C
from portal.invoicing.tables import CreditNote, CreditNoteLine, Invoice
from portal.platform.decimals import difference, plain
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.work import View, viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import Typed, as_seen, read_form

AnyRequest = Request[Any, Any, Any]
HEADER = ("number", "issue_date", "kind", "reason")
TELLING = {"goods": "quantity", "price": "unit_price"}


class Sheet(NamedTuple):
    """The page: a new one of an invoice, or a draft."""

    at: str
    back: str
    invoice: Invoice
    left: list[Left]
    note: CreditNote | None = None


@get("/invoices/{invoice_id:uuid}/credit", guards=[may("credit-notes:create")], include_in_schema=False)
async def new(actor: Acting, invoice_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        sheet, today = await _of_invoice(view, invoice_id), await queries.today(view)
    return _page(sheet, Form({"issue_date": today.isoformat(), "kind": "goods"}))


@post("/invoices/{invoice_id:uuid}/credit", guards=[may("credit-notes:create")], include_in_schema=False)
async def create(request: AnyRequest, actor: Acting, invoice_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    async with viewing(actor) as view:
        sheet = await _of_invoice(view, invoice_id)

    async def save(read: Typed) -> CreditNote:
        form = read.convert(CreditForm, invoice_id=str(invoice_id))
        return await commands.create_credit(actor, form, submits=_submits(typed))

    return await _answer(sheet, typed, save)


@get("/credit-notes/{credit_id:uuid}/edit", guards=[may("credit-notes:create")], include_in_schema=False)
async def change(actor: Acting, credit_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        sheet, lines = await _of_draft(view, credit_id), await queries.lines_of_credit(view, credit_id)
    assert sheet.note is not None, "a draft's sheet has its note"
    return _page(sheet, Form(_said(sheet.note, lines, sheet.left)))


@post("/credit-notes/{credit_id:uuid}/edit", guards=[may("credit-notes:create")], include_in_schema=False)
async def replace(request: AnyRequest, actor: Acting, credit_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    async with viewing(actor) as view:
        sheet = await _of_draft(view, credit_id)

    async def save(read: Typed) -> CreditNote:
        form = read.convert(CreditEdit)
        return await commands.edit_credit(as_seen(actor, typed), credit_id, form, submits=_submits(typed))

    return await _answer(sheet, typed, save)


async def _answer(sheet: Sheet, typed: Typed, save: Callable[[Typed], Awaitable[CreditNote]]) -> Response[Any]:
    """Save, or save and send, in one transaction: whatever is wrong, the form stands there as it was typed."""
    rows, pairs = _told(typed.values)
    try:
        note = await save(Typed(pairs))
    except (Invalid, Conflict) as refusal:
        if not refusal.errors:
            raise
        errors = [FieldError(_at(rows, error.field), error.message) for error in refusal.errors]
        return _page(sheet, Form(typed.values, errors), status=refusal.status)
    if _submits(typed):
        return go(f"/credit-notes/{note.id}", _("Credit note {number} is with the buyer now.", number=note.number))
    return go(f"/credit-notes/{note.id}", _("Credit note {number} is saved as a draft.", number=note.number))


def _submits(typed: Typed) -> bool:
    return typed.values.get("act") == "submit"


def _said(note: CreditNote, lines: Sequence[CreditNoteLine], left: Sequence[Left]) -> dict[str, str]:
    """A draft as it is typed: nothing of its lines if it credits the whole."""
    values = {
        "number": note.number,
        "issue_date": note.issue_date.isoformat(),
        "kind": note.kind,
        "reason": note.reason,
    }
    of = {each.line.id: (row, each.line) for row, each in enumerate(left)}
    for line in lines if note.kind != "whole" else ():
        row, billed = of[line.invoice_line_id]
        values[f"lines.{row}.quantity"] = plain(line.quantity.normalize())
        if note.kind == "price":
            values[f"lines.{row}.unit_price"] = plain(difference(billed.unit_price, line.unit_price).normalize())
    return values


def _told(values: Mapping[str, str]) -> tuple[list[int], list[tuple[str, str]]]:
    """The rows that say something, and the form with their lines closed up."""
    kind = values.get("kind", "")
    names = TELLING.get(kind)
    rows = [row for row in Form(values).rows("lines") if names and values.get(f"lines.{row}.{names}", "").strip()]
    pairs = [(name, values.get(name, "")) for name in HEADER]
    for place, row in enumerate(rows):
        for name in ("invoice_line_id", "quantity") + (("unit_price",) if kind == "price" else ()):
            pairs.append((f"lines.{place}.{name}", values.get(f"lines.{row}.{name}", "")))
    return rows, pairs


def _at(rows: list[int], field: str) -> str:
    parts = field.split(".")
    if parts[0] != "lines" or len(parts) < 2 or int(parts[1]) >= len(rows):
        return field
    return ".".join(["lines", str(rows[int(parts[1])]), *parts[2:]])


async def _of_invoice(view: View, invoice_id: UUID) -> Sheet:
    invoice, _orders = await queries.seen(view, invoice_id)
    require(view.actor, "credit-notes:create", invoice)
    left = await queries.left_to_credit(view, invoice)
    _require_something(invoice, left)
    return Sheet(f"/invoices/{invoice.id}/credit", f"/invoices/{invoice.id}", invoice, left)


async def _of_draft(view: View, credit_id: UUID) -> Sheet:
    note, _orders = await queries.seen_credit(view, credit_id)
    require(view.actor, "credit-notes:create", note)
    if note.state != C.DRAFT:
        raise Conflict(_("A credit note that was sent is never changed."), subject_id=note.id)
    invoice, _orders = await queries.seen(view, note.invoice_id)
    left = await queries.left_to_credit(view, invoice)
    return Sheet(f"/credit-notes/{note.id}/edit", f"/credit-notes/{note.id}", invoice, left, note)


def _page(sheet: Sheet, form: Form, *, status: int = 200) -> Response[Any]:
    named = {f"lines.{row}": _("Line {n}", n=each.line.line) for row, each in enumerate(sheet.left)}
    form = msgspec.structs.replace(form, rows_named=named)
    return page("invoicing/credit_new.html", status=status, form=form, sheet=sheet, kinds=CREDIT_KINDS)


def _require_something(invoice: Invoice, left: list[Left]) -> None:
    if invoice.state not in commands.CREDITABLE:
        raise Conflict(_("Only an invoice that the buyer has can be credited."), subject_id=invoice.id)
    if not any(each.net > 0 for each in left):
        raise Conflict(_("Everything of invoice {number} is credited already.", number=invoice.number))


HANDLERS = [new, create, change, replace]
