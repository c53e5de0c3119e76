"""The buyer's decisions on a credit note, and the note that it was set off or paid back."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from portal.access.duties import separate
from portal.invoicing.commands.credit import credit_lines
from portal.invoicing.commands.credited import book_credited, unbook_credited
from portal.invoicing.events import CreditNoteApproved, CreditNoteRejected, CreditNoteSettled
from portal.invoicing.forms import Settlement
from portal.invoicing.queries import OrderHead, orders_of
from portal.invoicing.states import CREDIT
from portal.invoicing.tables import CreditNote
from portal.platform.actor import Actor
from portal.platform.calendar import local_date
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.work import Change, changing


async def approve_credit(actor: Actor, credit_id: UUID) -> CreditNote:
    """Agree: what it gives back leaves the invoiced quantities, and lowers what is owed."""
    async with changing(actor, CreditNote, credit_id) as (change, note):
        orders = await _take(change, "approve", note)
        for order in orders:
            await separate(change, "credit-notes:approve", order.id)
        await book_credited(change, note, await credit_lines(change, note))
        _decided(change, note, "")
        for order in orders:
            change.record(CreditNoteApproved(note.id, note.invoice_id, order.id), note, root_id=order.id)
    return note


async def reject_credit(actor: Actor, credit_id: UUID, reason: str = "") -> CreditNote:
    """Refuse it: its number is free again, and what it gave back is billed as before."""
    async with changing(actor, CreditNote, credit_id) as (change, note):
        orders = await _take(change, "reject", note)
        for order in orders:
            await separate(change, "credit-notes:reject", order.id)
        await unbook_credited(change, note, await credit_lines(change, note))
        _decided(change, note, reason.strip())
        for order in orders:
            event = CreditNoteRejected(note.id, note.invoice_id, order.id, note.decision_reason)
            change.record(event, note, root_id=order.id)
    return note


async def settle_credit(actor: Actor, credit_id: UUID, form: Settlement) -> CreditNote:
    """Note that an approved credit note was set off against a payment or paid back, on which day and how."""
    async with changing(actor, CreditNote, credit_id) as (change, note):
        orders = await _take(change, "settle", note)
        if form.date > local_date(change.now, change.actor.time_zone):
            raise Invalid.field("date", _("A payment is noted once it was made: this day has not come yet."))
        if form.date < note.issue_date:
            raise Invalid.field("date", _("A credit note is not settled before its own date."))
        for order in orders:
            await separate(change, "credit-notes:settle", order.id)
        _settled(change, note, orders, form.date, form.reference)
    return note


async def note_settled(change: Change, note: CreditNote, day: date, reference: str) -> None:
    """A payment takes it up: it is settled on that day and under that reference."""
    orders = await _take(change, "settle", note)
    for order in orders:
        await separate(change, "credit-notes:settle", order.id)
    _settled(change, note, orders, day, reference)


def _settled(change: Change, note: CreditNote, orders: Sequence[OrderHead], day: date, reference: str) -> None:
    note.settled_by, note.settled_at = change.actor.person_id, change.now
    note.settled_on, note.settlement_reference = day, reference
    change.write(note)
    for order in orders:
        change.record(CreditNoteSettled(note.id, note.invoice_id, order.id, day, reference), note, root_id=order.id)


async def _take(change: Change, verb: str, note: CreditNote) -> list[OrderHead]:
    """Take the verb, with its permission on each order that the invoice bills; returns the orders."""
    orders = await orders_of(change, note.invoice_id)
    for order in orders:
        change.require(f"credit-notes:{verb}", order)
    CREDIT.take(verb, note, change)
    return orders


def _decided(change: Change, note: CreditNote, reason: str) -> None:
    note.decided_by, note.decided_at, note.decision_reason = change.actor.person_id, change.now, reason
    change.write(note)
