"""Crediting an invoice: a draft of what to give back, sent once it still fits what is left of the invoice."""

from collections.abc import Sequence
from uuid import UUID

from portal.access.duties import separate
from portal.invoicing.commands.exchange import take_rates
from portal.invoicing.commands.reckon import freeze_credit, reckon_credit
from portal.invoicing.events import CreditNoteCreated, CreditNoteDiscarded, CreditNoteEdited, CreditNoteSubmitted
from portal.invoicing.forms import CreditEdit, CreditForm, CreditLineForm
from portal.invoicing.queries import OrderHead, orders_of, seen
from portal.invoicing.queries.credits import lines_of_invoice
from portal.invoicing.rules import number_key
from portal.invoicing.states import CREDIT, C, S
from portal.invoicing.tables import CreditNote, CreditNoteLine, Invoice
from portal.platform.actor import Actor
from portal.platform.decimals import difference
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.work import Change, changing
from portal.platform.work.rows import values_of

CREDITABLE = (S.SUBMITTED, S.DISPUTED, S.APPROVED, S.SETTLED)


async def create_credit(actor: Actor, form: CreditForm, *, submits: bool = False) -> CreditNote:
    """A draft for an invoice that the buyer has; its number is taken at once, and the buyer sees nothing yet.

    With `submits` the buyer gets it in the same transaction.
    """
    async with changing(actor) as change:
        return await credit_draft(change, form, submits=submits)


async def credit_draft(change: Change, form: CreditForm, *, submits: bool = False, sha256: str = "") -> CreditNote:
    """The same within a change; `sha256` is that of the file that it is made of, if it is."""
    invoice, orders = await seen(change, form.invoice_id)
    change.require("credit-notes:create", invoice)
    note = _note(change, invoice)
    rows = await _stated(change, note, await change.row(Invoice, invoice.id), form)
    for order in orders:
        change.record(CreditNoteCreated(note.id, invoice.id, order.id, sha256), note, root_id=order.id)
    if submits:
        await _leave(change, note, invoice, rows, orders)
    change.add(note)
    change.add_all(CreditNoteLine, [values_of(row) for row in rows])
    return note


async def edit_credit(actor: Actor, credit_id: UUID, form: CreditEdit, *, submits: bool = False) -> CreditNote:
    """Replace all that a draft says."""
    async with changing(actor, CreditNote, credit_id) as (change, note):
        _require_draft(change, note)
        invoice, orders = await change.row(Invoice, note.invoice_id), await orders_of(change, note.invoice_id)
        change.remove_all(await credit_lines(change, note))
        rows = await _stated(change, note, invoice, form)
        for order in orders:
            change.record(CreditNoteEdited(note.id, invoice.id, order.id), note, root_id=order.id)
        if submits:
            await _leave(change, note, invoice, rows, orders)
        change.write(note)
        change.add_all(CreditNoteLine, [values_of(row) for row in rows])
    return note


async def discard_credit(actor: Actor, credit_id: UUID) -> None:
    """Throw a draft away; the log keeps what it said, and its number is free again."""
    async with changing(actor, CreditNote, credit_id) as (change, note):
        _require_draft(change, note)
        orders = await orders_of(change, note.invoice_id)
        change.remove_all(await credit_lines(change, note))
        change.remove_all([note])
        for order in orders:
            change.record(CreditNoteDiscarded(note.id, note.invoice_id, order.id), note, root_id=order.id)


async def submit_credit(actor: Actor, credit_id: UUID) -> CreditNote:
    """Send the draft. The invoice is locked meanwhile, so two at once never credit more than was billed.

    Nothing is booked yet: what it gives back counts as billed until the buyer agrees.
    """
    async with changing(actor, CreditNote, credit_id) as (change, note):
        invoice, orders = await change.row(Invoice, note.invoice_id), await orders_of(change, note.invoice_id)
        rows = await credit_lines(change, note)
        await _leave(change, note, invoice, rows, orders)
        await _require_unchanged(change, note, invoice, rows)
        change.write(note)
        change.write_all(rows)
    return note


async def _leave(
    change: Change, note: CreditNote, invoice: Invoice, rows: Sequence[CreditNoteLine], orders: Sequence[OrderHead]
) -> None:
    """It goes to the buyer as it stands; the caller writes it."""
    CREDIT.take("submit", note, change)
    _require_creditable(invoice)
    for order in orders:
        await separate(change, "credit-notes:submit", order.id)
    take_rates(note, invoice)
    note.submitted_by, note.submitted_at = change.actor.person_id, change.now
    for row in (note, *rows):
        row.shown_to = note.buyer_id
    await freeze_credit(change, note, rows, orders)
    for order in orders:
        event = CreditNoteSubmitted(note.id, invoice.id, order.id, note.gross, note.currency)
        change.record(event, note, root_id=order.id)


async def credit_lines(change: Change, note: CreditNote) -> list[CreditNoteLine]:
    return await change.rows(CreditNoteLine, "credit_note_id = $1 order by line", note.id)


def _require_creditable(invoice: Invoice) -> None:
    if invoice.state not in CREDITABLE:
        message = _(
            "Invoice {number} was not sent, or was rejected: nothing of it can be credited.", number=invoice.number
        )
        raise Conflict(message, subject_id=invoice.id)


def _require_draft(change: Change, note: CreditNote) -> None:
    change.require("credit-notes:create", note)
    if note.state != C.DRAFT:
        raise Conflict(_("A credit note that was sent is never changed."), subject_id=note.id)


def _note(change: Change, invoice: Invoice) -> CreditNote:
    taken_over = ("supplier_id", "buyer_id", "supplier_name", "buyer_name", "currency", "order_id", "exemption_reason")
    return CreditNote(
        id=new_id(),
        settled_before=[],
        **{name: getattr(invoice, name) for name in taken_over},
        invoice_id=invoice.id,
        invoice_number=invoice.number,
        invoice_date=invoice.issue_date,
        created_by=change.actor.person_id,
        created_at=change.now,
    )


async def _stated(change: Change, note: CreditNote, invoice: Invoice, form: CreditEdit) -> list[CreditNoteLine]:
    """What the supplier says; the lines it comes to, reckoned from what is left of the invoice."""
    _require_creditable(invoice)
    if form.issue_date < invoice.issue_date:
        raise Invalid.field("issue_date", _("A credit note is not dated before its invoice."))
    note.number, note.number_key = form.number, number_key(form.number)
    note.kind, note.reason, note.issue_date = form.kind, form.reason.strip(), form.issue_date
    note.search = " ".join((form.number, invoice.number, invoice.supplier_name, invoice.buyer_name)).lower()
    await _take_number(change, note)
    rows = await reckon_credit(change, note, invoice, await lines_of_invoice(change, invoice.id), form.lines)
    return [CreditNoteLine.of(row) for row in rows]


async def _take_number(change: Change, note: CreditNote) -> None:
    """A supplier uses a number once; whoever comes second at the same moment waits, and then sees the first."""
    taken = f"credit {note.supplier_id}{note.number_key}"
    await change.value("select pg_advisory_xact_lock(hashtextextended($1, 0))", taken)
    sql = "select id from credit_note where supplier_id = $1 and number_key = $2 and state <> 'rejected' and id <> $3"
    if (other := await change.value(sql, note.supplier_id, note.number_key, note.id)) is not None:
        message = _("You have used the number {number} for another credit note.", number=note.number)
        raise Conflict(message, errors=[FieldError("number", message)], subject_id=other)


async def _require_unchanged(
    change: Change, note: CreditNote, invoice: Invoice, rows: Sequence[CreditNoteLine]
) -> None:
    """What the draft gives back is what it would be reckoned to now; other credit notes may have come between."""
    lines = await lines_of_invoice(change, invoice.id)
    prices = {line.id: line.unit_price for line in lines}
    forms = [
        CreditLineForm(
            invoice_line_id=row.invoice_line_id,
            quantity=row.quantity,  # pyright: ignore[reportArgumentType] a column's decimal is one of a form
            unit_price=difference(prices[row.invoice_line_id], row.unit_price) if note.kind == "price" else None,  # pyright: ignore[reportArgumentType]
        )
        for row in rows
    ]
    now = CreditNote.of({**vars(note)})
    found = await reckon_credit(change, now, invoice, lines, None if note.kind == "whole" else forms)
    if (now.net, now.tax, now.rounding, len(found)) != (note.net, note.tax, note.rounding, len(rows)):
        message = _(
            "Something else of invoice {number} was credited meanwhile. Discard this draft and write it anew.",
            number=invoice.number,
        )
        raise Conflict(message, subject_id=note.id)
