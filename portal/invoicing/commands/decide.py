"""The buyer's decisions: approve, dispute, reject."""

from uuid import UUID

from portal.access.duties import separate
from portal.invoicing.commands.cover import cover, own_credits
from portal.invoicing.commands.match import match_again
from portal.invoicing.commands.resolve import accept_open
from portal.invoicing.commands.submit import book_invoiced
from portal.invoicing.events import (
    InvoiceApproved,
    InvoiceDisputed,
    InvoiceRejected,
)
from portal.invoicing.queries import OrderHead, orders_of, seen_of
from portal.invoicing.states import INVOICE
from portal.invoicing.tables import Invoice, InvoiceLine, MatchException
from portal.organisations.queries import TERMS
from portal.platform.actor import Actor
from portal.platform.decimals import ZERO
from portal.platform.i18n import _
from portal.platform.refusals import Conflict
from portal.platform.work import Change, changing
from portal.platform.work.parts import Root


async def approve(actor: Actor, invoice_id: UUID, reason: str = "") -> Invoice:
    """Approve for payment. It is matched afresh; with a reason, open differences that the actor owns count as accepted.

    One of which nothing is to be paid, by its credit notes or because it was paid before, is settled at once.

    Raises `OpenExceptions` for those that others have to accept, or without a reason.
    """
    parts = (*seen_of(actor, invoice_id), TERMS.of(Root("buyer_id"), Root("supplier_id"), None))
    async with changing(actor, Invoice, invoice_id, *parts) as (change, invoice):
        orders = await take(change, "approve", invoice)
        for order in orders:
            await separate(change, "invoices:approve", order.id)
        findings = await match_again(change, invoice)
        await accept_open(change, invoice, findings, reason.strip())
        findings.write()
        _decided(change, invoice, "")
        for order in orders:
            change.record(InvoiceApproved(invoice.id, order.id, invoice.payable_on), invoice, root_id=order.id)
        if findings.credited or invoice.due == ZERO:
            notes = await own_credits(change, invoice)
            by = ", ".join(note.number for note in notes) or invoice.prepaid_reference or invoice.number
            await cover(change, invoice, orders, notes, by)
    return invoice


async def dispute(actor: Actor, invoice_id: UUID, reason: str = "") -> Invoice:
    """Query the invoice; the supplier reads why."""
    async with changing(actor, Invoice, invoice_id) as (change, invoice):
        orders = await take(change, "dispute", invoice)
        invoice.reason = reason.strip()
        change.write(invoice)
        for order in orders:
            change.record(InvoiceDisputed(invoice.id, order.id, invoice.reason), invoice, root_id=order.id)
    return invoice


async def reject(actor: Actor, invoice_id: UUID, reason: str = "") -> Invoice:
    """Refuse the invoice: its number is free again, and what it billed can be billed by a corrected one."""
    async with changing(actor, Invoice, invoice_id) as (change, invoice):
        orders = await take(change, "reject", invoice)
        await _require_uncredited(change, invoice)
        await book_invoiced(
            change, await change.rows(InvoiceLine, "invoice_id = $1 order by line", invoice.id), undo=True
        )
        stored = await change.rows(MatchException, "invoice_id = $1 and resolution = 'open'", invoice.id)
        for row in stored:
            row.resolution, row.resolved_by, row.resolved_at = "rejected", actor.person_id, change.now
        change.write_all(stored)
        _decided(change, invoice, reason.strip())
        for order in orders:
            change.record(InvoiceRejected(invoice.id, order.id, invoice.reason), invoice, root_id=order.id)
    return invoice


async def take(change: Change, verb: str, invoice: Invoice, permission: str = "") -> list[OrderHead]:
    """Take the verb, with its permission on each order that the invoice bills; returns the orders."""
    orders = await orders_of(change, invoice.id)
    for order in orders:
        change.require(permission or f"invoices:{verb}", order)
    INVOICE.take(verb, invoice, change)
    return orders


async def _require_uncredited(change: Change, invoice: Invoice) -> None:
    """A credit note says that its invoice holds, but for what it gives back."""
    sql = "select number from credit_note where invoice_id = $1 and state not in ('draft', 'rejected') limit 1"
    if (number := await change.value(sql, invoice.id)) is not None:
        raise Conflict(
            _("Credit note {number} refers to this invoice. Approve it instead, or reject that first.", number=number),
            subject_id=invoice.id,
        )


def _decided(change: Change, invoice: Invoice, reason: str) -> None:
    invoice.decided_by, invoice.decided_at, invoice.reason = change.actor.person_id, change.now, reason
    change.write(invoice)
