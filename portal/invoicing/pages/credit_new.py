"""Writing a credit note: what of an invoice can still be credited stands there; what is left blank is not credited."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may, require
from portal.invoicing import commands, queries
from portal.invoicing.forms import CREDIT_KINDS, CreditForm
from portal.invoicing.rules.credits import Left
from portal.invoicing.tables import Invoice
from portal.platform.actor import Actor
from portal.platform.calendar import local_date
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import Typed, read_form

AnyRequest = Request[Any, Any, Any]
HEADER = ("number", "issue_date", "kind", "reason")
TELLING = {"goods": "quantity", "price": "unit_price"}


@get("/invoices/{invoice_id:uuid}/credit", guards=[may("credit-notes:create")], include_in_schema=False)
async def new(actor: Acting, invoice_id: FromPath[UUID]) -> Response[Any]:
    today = local_date(datetime.now(UTC), actor.time_zone)
    return await _page(actor, invoice_id, Form({"issue_date": today.isoformat(), "kind": "goods"}))


@post("/invoices/{invoice_id:uuid}/credit", guards=[may("credit-notes:create")], include_in_schema=False)
async def create(request: AnyRequest, actor: Acting, invoice_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    rows, pairs = _told(typed.values)
    try:
        note = await commands.create_credit(actor, Typed(pairs).convert(CreditForm, invoice_id=str(invoice_id)))
    except (Invalid, Conflict) as refusal:
        if not refusal.errors:
            raise
        errors = [FieldError(_at(rows, error.field), error.message) for error in refusal.errors]
        return await _page(actor, invoice_id, Form(typed.values, errors), status=refusal.status)
    if typed.values.get("act") != "submit":
        return go(f"/credit-notes/{note.id}", _("Credit note {number} is saved as a draft.", number=note.number))
    await commands.submit_credit(actor, note.id)
    return go(f"/credit-notes/{note.id}", _("Credit note {number} is with the buyer now.", number=note.number))


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


async def _page(actor: Actor, invoice_id: UUID, form: Form, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        invoice, _orders = await queries.seen(view, invoice_id)
        require(actor, "credit-notes:create", invoice)
        left = await queries.left_to_credit(view, invoice)
    _require_something(invoice, left)
    named = {f"lines.{row}": _("Line {n}", n=each.line.line) for row, each in enumerate(left)}
    form = msgspec.structs.replace(form, rows_named=named)
    return page(
        "invoicing/credit_new.html",
        status=status,
        form=form,
        invoice=invoice,
        left=left,
        kinds=CREDIT_KINDS,
        whole=invoice.gross,
    )


def _require_something(invoice: Invoice, left: list[Left]) -> None:
    if invoice.state not in commands.CREDITABLE:
        raise Conflict(_("Only an invoice that the buyer has can be credited."), subject_id=invoice.id)
    if not any(each.net > 0 for each in left):
        raise Conflict(_("Everything of invoice {number} is credited already.", number=invoice.number))


HANDLERS = [new, create]
