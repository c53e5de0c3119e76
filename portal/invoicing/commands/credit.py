"""Crediting an invoice: a draft of what to give back, sent once it still fits what is left of the invoice."""

from collections.abc import Sequence
from uuid import UUID

from portal.access.duties import separate
from portal.invoicing.commands.exchange import take_rates
from portal.invoicing.commands.reckon import freeze_credit, reckon_credit
from portal.invoicing.events import CreditNoteCreated, CreditNoteDiscarded, CreditNoteSubmitted
from portal.invoicing.forms import CreditForm, CreditLineForm
from portal.invoicing.queries import orders_of, seen
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

CREDITABLE = (S.SUBMITTED, S.DISPUTED, S.APPROVED, S.SETTLED)


async def create_credit(actor: Actor, form: CreditForm) -> CreditNote:
    """A draft for an invoice that the buyer has. Its number is taken at once; the buyer sees nothing yet."""
    async with changing(actor) as change:
        invoice, orders = await seen(change, form.invoice_id)
        change.require("credit-notes:create", invoice)
        _require_creditable(invoice)
        if form.issue_date < invoice.issue_date:
            raise Invalid.field("issue_date", _("A credit note is not dated before its invoice."))
        note = _note(change, invoice, form)
        await _take_number(change, note)
        lines = await lines_of_invoice(change, invoice.id)
        rows = await reckon_credit(change, note, invoice, lines, form.lines)
        change.add(note)
        change.add_all(CreditNoteLine, rows)
        for order in orders:
            change.record(CreditNoteCreated(note.id, invoice.id, order.id), note, root_id=order.id)
    return note


async def discard_credit(actor: Actor, credit_id: UUID) -> None:
    """Throw a draft away; the log keeps what it said, and its number is free again."""
    async with changing(actor, CreditNote, credit_id) as (change, note):
        change.require("credit-notes:create", note)
        if note.state != C.DRAFT:
            raise Conflict(_("A credit note that was sent is never changed."), subject_id=note.id)
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
        CREDIT.take("submit", note, change)
        invoice = await change.row(Invoice, note.invoice_id)
        orders = await orders_of(change, invoice.id)
        for order in orders:
            await separate(change, "credit-notes:submit", order.id)
        _require_creditable(invoice)
        rows = await credit_lines(change, note)
        await _require_unchanged(change, note, invoice, rows)
        take_rates(note, invoice)
        note.submitted_by, note.submitted_at = actor.person_id, change.now
        note.shown_to = note.buyer_id
        for row in rows:
            row.shown_to = note.buyer_id
        change.write(note)
        change.write_all(rows)
        await freeze_credit(change, note, rows, orders)
        for order in orders:
            event = CreditNoteSubmitted(note.id, invoice.id, order.id, note.gross, note.currency)
            change.record(event, note, root_id=order.id)
    return note


async def credit_lines(change: Change, note: CreditNote) -> list[CreditNoteLine]:
    return await change.rows(CreditNoteLine, "credit_note_id = $1 order by line", note.id)


def _require_creditable(invoice: Invoice) -> None:
    if invoice.state not in CREDITABLE:
        message = _(
            "Invoice {number} was not sent, or was rejected: nothing of it can be credited.", number=invoice.number
        )
        raise Conflict(message, subject_id=invoice.id)


def _note(change: Change, invoice: Invoice, form: CreditForm) -> CreditNote:
    taken_over = ("supplier_id", "buyer_id", "supplier_name", "buyer_name", "currency", "order_id")
    return CreditNote(
        id=new_id(),
        **{name: getattr(invoice, name) for name in taken_over},
        invoice_id=invoice.id,
        invoice_number=invoice.number,
        invoice_date=invoice.issue_date,
        number=form.number,
        number_key=number_key(form.number),
        kind=form.kind,
        reason=form.reason.strip(),
        issue_date=form.issue_date,
        created_by=change.actor.person_id,
        created_at=change.now,
        search=" ".join((form.number, invoice.number, invoice.supplier_name, invoice.buyer_name)).lower(),
    )


async def _take_number(change: Change, note: CreditNote) -> None:
    """A supplier uses a number once; whoever comes second at the same moment waits, and then sees the first."""
    taken = f"credit {note.supplier_id}{note.number_key}"
    await change.value("select pg_advisory_xact_lock(hashtextextended($1, 0))", taken)
    sql = "select id from credit_note where supplier_id = $1 and number_key = $2 and state <> 'rejected'"
    if (other := await change.value(sql, note.supplier_id, note.number_key)) is not None:
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
    if (now.net, now.tax, len(found)) != (note.net, note.tax, len(rows)):
        message = _(
            "Something else of invoice {number} was credited meanwhile. Discard this draft and write it anew.",
            number=invoice.number,
        )
        raise Conflict(message, subject_id=note.id)
