"""The buyer's decisions: approve, dispute, reject; and the note that it was paid."""

from uuid import UUID

from portal.access.duties import separate
from portal.invoicing.commands.match import Findings, match_again
from portal.invoicing.commands.submit import book_invoiced
from portal.invoicing.events import (
    ExceptionsAccepted,
    InvoiceApproved,
    InvoiceDisputed,
    InvoiceRejected,
    InvoiceSettled,
)
from portal.invoicing.forms import Settlement
from portal.invoicing.queries import OrderHead, orders_of
from portal.invoicing.rules.payment import KINDS
from portal.invoicing.states import INVOICE
from portal.invoicing.tables import Invoice, InvoiceLine, MatchException
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError
from portal.platform.work import Change, changing


class OpenExceptions(Conflict):
    """The invoice differs from order or delivery and nobody said why that is fine; `errors` names each difference."""

    title = _("This invoice differs from order or delivery")

    def __init__(self, found: list[MatchException], invoice_id: UUID) -> None:
        super().__init__(
            _("Approve it with a reason, dispute it or reject it. Differences: {count}.", count=len(found)),
            subject_id=invoice_id,
        )
        self.errors = tuple(_named(each) for each in found)


async def approve(actor: Actor, invoice_id: UUID, reason: str = "") -> Invoice:
    """Approve for payment. It is matched afresh; open differences need a reason, with which they count as accepted."""
    async with changing(actor, Invoice, invoice_id) as (change, invoice):
        orders = await _take(change, "approve", invoice)
        for order in orders:
            await separate(change, "invoices:approve", order.id)
        findings = await match_again(change, invoice)
        if findings.still_open and not reason.strip():
            raise OpenExceptions(findings.still_open, invoice.id)
        if findings.still_open:
            _accept(change, invoice, findings, reason.strip())
        findings.write()
        _decided(change, invoice, "")
        for order in orders:
            change.record(InvoiceApproved(invoice.id, order.id, invoice.due_date), invoice, root_id=order.id)
    return invoice


async def dispute(actor: Actor, invoice_id: UUID, reason: str = "") -> Invoice:
    """Query the invoice; the supplier reads why."""
    async with changing(actor, Invoice, invoice_id) as (change, invoice):
        orders = await _take(change, "dispute", invoice)
        invoice.reason = reason.strip()
        change.write(invoice)
        for order in orders:
            change.record(InvoiceDisputed(invoice.id, order.id, invoice.reason), invoice, root_id=order.id)
    return invoice


async def reject(actor: Actor, invoice_id: UUID, reason: str = "") -> Invoice:
    """Refuse the invoice: its number is free again, and what it billed can be billed by a corrected one."""
    async with changing(actor, Invoice, invoice_id) as (change, invoice):
        orders = await _take(change, "reject", invoice)
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


async def settle(actor: Actor, invoice_id: UUID, form: Settlement) -> Invoice:
    """Note that an approved invoice was paid, on which day and under which reference."""
    async with changing(actor, Invoice, invoice_id) as (change, invoice):
        orders = await _take(change, "settle", invoice)
        for order in orders:
            await separate(change, "invoices:settle", order.id)
        invoice.settled_by, invoice.settled_at = actor.person_id, change.now
        invoice.settled_on, invoice.settlement_reference = form.date, form.reference
        change.write(invoice)
        for order in orders:
            change.record(InvoiceSettled(invoice.id, order.id, form.date, form.reference), invoice, root_id=order.id)
    return invoice


async def _take(change: Change, verb: str, invoice: Invoice) -> list[OrderHead]:
    """Take the verb, with its permission on each order that the invoice bills; returns the orders."""
    orders = await orders_of(change, invoice.id)
    for order in orders:
        change.require(f"invoices:{verb}", order)
    INVOICE.take(verb, invoice, change)
    return orders


def _decided(change: Change, invoice: Invoice, reason: str) -> None:
    invoice.decided_by, invoice.decided_at, invoice.reason = change.actor.person_id, change.now, reason
    change.write(invoice)


def _accept(change: Change, invoice: Invoice, findings: Findings, reason: str) -> None:
    """What is open counts as accepted. The reason is a private column of the finding: the supplier never reads it."""
    found = findings.still_open
    for order_id in dict.fromkeys(each.order_id or invoice.order_id for each in found):
        change.record(ExceptionsAccepted(invoice.id, order_id, len(found)), found[0], root_id=order_id)
    findings.accept(reason)


def _named(each: MatchException) -> FieldError:
    message = _(
        "{kind}: {actual} instead of {expected}.", kind=KINDS[each.kind], actual=each.actual, expected=each.expected
    )
    return FieldError("" if each.line is None else f"lines.{each.line - 1}", message)
