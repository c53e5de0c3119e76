"""Submitting: the moment the buyer has the invoice, its quantities are booked, and it is matched."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from portal.access.duties import separate
from portal.invoicing.commands.due import date_first
from portal.invoicing.commands.einvoice import require_e_invoice
from portal.invoicing.commands.exchange import keep_rates
from portal.invoicing.commands.match import match_first
from portal.invoicing.events import InvoiceSubmitted
from portal.invoicing.queries import (
    DELIVERED,
    HEADS_BILLED,
    LEDGERS,
    LINES,
    match_lines,
    orders_of,
    seen_of,
    submitted_snapshot,
)
from portal.invoicing.queries.einvoices import parties_of
from portal.invoicing.rules.billing import UNRECEIVED
from portal.invoicing.states import INVOICE
from portal.invoicing.tables import Invoice, InvoiceLine
from portal.orders.commands import Booked, Movement, book_each
from portal.organisations.queries import TERMS, Terms, terms
from portal.platform.actor import Actor
from portal.platform.calendar import local_date
from portal.platform.decimals import ZERO, difference, plain
from portal.platform.i18n import Message, _
from portal.platform.refusals import Conflict, FieldError
from portal.platform.units import short
from portal.platform.work import Change, changing
from portal.platform.work.parts import Root

# By then even a claim of a very late supplier is out of time almost everywhere.
OLDEST = timedelta(days=3 * 366)
AHEAD = timedelta(days=1)  # where the supplier sits it may be tomorrow


async def submit(actor: Actor, invoice_id: UUID) -> Invoice:
    """Send the draft: from here on it never changes. `OverTolerance` if a line would be billed beyond its limit."""
    agreed = TERMS.of(Root("buyer_id"), Root("supplier_id"), None)
    delivered = DELIVERED.of(invoice_id, Root("despatch_advice_id"), Root("buyer_id"))
    parts = (*seen_of(actor, invoice_id), *LEDGERS.of(invoice_id), agreed, delivered)
    async with changing(actor, Invoice, invoice_id, *parts) as (change, invoice):
        INVOICE.take("submit", invoice, change)
        orders = await orders_of(change, invoice.id)
        for order in orders:
            await separate(change, "invoices:submit", order.id)
        lines = await change.part(LINES, invoice.id)
        agreement = await terms(change, invoice.buyer_id, invoice.supplier_id)
        assert agreement is not None, "an invoice always has its trading relationship"
        _require_not_held(change, invoice, agreement)
        _require_dated(change, invoice)
        for order in orders:
            event = InvoiceSubmitted(invoice.id, order.id, invoice.gross, invoice.currency)
            change.record(event, invoice, root_id=order.id)
        booked = await book_invoiced(change, lines)
        invoice.late = _late(booked, lines)
        compared = await match_lines(change, invoice)
        await date_first(change, invoice, compared, agreement.buyer.time_zone)
        await keep_rates(change, invoice, agreement)
        match_first(change, invoice, compared, agreement, orders)
        invoice.submitted_by, invoice.submitted_at = actor.person_id, change.now
        invoice.shown_to = invoice.buyer_id
        for line in lines:
            line.shown_to = invoice.buyer_id
        change.write(invoice)
        change.write_all(lines)
        numbers = {line.line: (line.order_number, line.order_line) for line in compared}
        said = await submitted_snapshot(change, invoice, orders, lines, numbers)
        said |= parties_of(agreement)
        await require_e_invoice(said, invoice.id)
        _freeze(change, invoice, said)
        change.keep(HEADS_BILLED.of(invoice.id), orders)
    return invoice


async def book_invoiced(change: Change, lines: Sequence[InvoiceLine], *, undo: bool = False) -> Mapping[UUID, Booked]:
    """Add the lines to the ledgers of their orders, or take them back."""
    movements: dict[UUID, list[Movement]] = {}
    for line in lines:
        quantity = difference(ZERO, line.quantity) if undo else line.quantity
        booked = Movement(line.order_line_id, invoiced=quantity, field=f"lines.{line.line - 1}.quantity")
        movements.setdefault(line.order_id, []).append(booked)
    return await book_each(change, movements, also_closed=True)


def _late(booked: Mapping[UUID, Booked], lines: Sequence[InvoiceLine]) -> bool:
    """Whether an order was closed before its invoice came: what was delivered is billed all the same, nothing else."""
    closed = {line.id: line for each in booked.values() if each.order.state == "closed" for line in each.lines}
    errors = [
        FieldError(f"lines.{line.line - 1}.quantity", _more_than_came(closed[line.order_line_id]))
        for line in lines
        if line.order_line_id in closed and _beyond_delivered(closed[line.order_line_id])
    ]
    if errors:
        raise Conflict(errors[0].message, errors=errors)
    return bool(closed)


def _beyond_delivered(line: Any) -> bool:
    delivered = difference(difference(line.received, line.returned_for_replacement), line.returned)
    return line.kind not in UNRECEIVED and difference(line.invoiced, line.credited) > delivered


def _more_than_came(line: Any) -> Message:
    return _(
        "The order is closed. Of line {line}, {came} {unit} came: more is not invoiced any more.",
        line=line.line,
        came=plain(difference(difference(line.received, line.returned_for_replacement), line.returned)),
        unit=short(line.unit),
    )


def _require_dated(change: Change, invoice: Invoice) -> None:
    """Payment terms count from the invoice's date: one that has not come, or is long gone, is a slip."""
    today = local_date(change.now, change.actor.time_zone)
    if not -AHEAD <= today - invoice.issue_date <= OLDEST:
        text = _("The invoice is dated {day}. Correct its date: it is not later than today, nor years ago.")
        message = Message(text.text, {"day": invoice.issue_date})
        raise Conflict(message, errors=[FieldError("issue_date", message)], subject_id=invoice.id)


def _require_not_held(change: Change, invoice: Invoice, agreement: Terms) -> None:
    held = agreement.invoices_held_until
    if held is not None and local_date(change.now, agreement.buyer.time_zone) <= held:
        raise Conflict(_("{buyer} takes no invoices until {day}.", buyer=invoice.buyer_name, day=held))


def _freeze(change: Change, invoice: Invoice, said: dict[str, Any]) -> None:
    """Keep the invoice as the buyer gets it; documents are set from this and never from live rows."""
    change.sql(
        "insert into invoice_snapshot (invoice_id, supplier_id, shown_to, submitted_at, snapshot) "
        "values ($1, $2, $3, $4, $5)",
        *(invoice.id, invoice.supplier_id, invoice.buyer_id, change.now, said),
    )
