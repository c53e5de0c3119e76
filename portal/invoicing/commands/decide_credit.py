"""The buyer's decisions on a credit note, and the note that it was set off or paid back."""

from uuid import UUID

from portal.access.duties import separate
from portal.invoicing.commands.cover import cover, credit_settled, own_credits, take_credit
from portal.invoicing.commands.credit import credit_lines
from portal.invoicing.commands.credited import book_credited, unbook_credited
from portal.invoicing.events import CreditNoteApproved, CreditNoteRejected
from portal.invoicing.forms import Settlement
from portal.invoicing.queries import standing
from portal.invoicing.rules import owed
from portal.invoicing.states import C, S
from portal.invoicing.tables import CreditNote, Invoice
from portal.platform.actor import Actor
from portal.platform.calendar import local_date
from portal.platform.decimals import ZERO
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.work import Change, changing, require_within_scope
from portal.platform.work.change import expect_version


async def approve_credit(actor: Actor, credit_id: UUID) -> CreditNote:
    """Agree: what it gives back leaves the invoiced quantities, and lowers what is owed.

    An invoice of which nothing is left to pay is settled by it.
    """
    async with changing(actor, CreditNote, credit_id) as (change, note):
        orders = await take_credit(change, "approve", note)
        for order in orders:
            await separate(change, "credit-notes:approve", order.id)
        invoice = await change.row(Invoice, note.invoice_id)
        await book_credited(change, note, await credit_lines(change, note))
        _decided(change, note, "")
        for order in orders:
            change.record(CreditNoteApproved(note.id, note.invoice_id, order.id), note, root_id=order.id)
        if invoice.state == S.APPROVED:
            await cover(change, invoice, orders, [*await own_credits(change, invoice), note], note.number)
    return note


async def reject_credit(actor: Actor, credit_id: UUID, reason: str = "") -> CreditNote:
    """Refuse it: its number is free again, and what it gave back is billed as before."""
    async with changing(actor, CreditNote, credit_id) as (change, note):
        orders = await take_credit(change, "reject", note)
        for order in orders:
            await separate(change, "credit-notes:reject", order.id)
        await unbook_credited(change, note, await credit_lines(change, note))
        _decided(change, note, reason.strip())
        for order in orders:
            event = CreditNoteRejected(note.id, note.invoice_id, order.id, note.decision_reason)
            change.record(event, note, root_id=order.id)
    return note


async def settle_credit(actor: Actor, credit_id: UUID, form: Settlement) -> CreditNote:
    """Note that an approved credit note was set off against its invoice or paid back, on which day and how.

    While its invoice is open it is set off there, as far as that asks for so much; what is beyond it was paid back.
    """
    async with changing(actor) as change:
        invoice, note = await _locked(change, credit_id)
        if form.date > local_date(change.now, change.actor.time_zone):
            raise Invalid.field("date", _("A payment is noted once it was made: this day has not come yet."))
        if form.date < note.issue_date:
            raise Invalid.field("date", _("A credit note is not settled before its own date."))
        if invoice.state != S.SETTLED and note.state == C.APPROVED:
            others = [each for each in await own_credits(change, invoice) if each.id != note.id]
            left = owed(invoice.due, (await standing(change, invoice.id)).paid, others)
            note.set_off = min(note.due, max(left, ZERO))
        await credit_settled(change, note, form.date, form.reference)
    return note


async def _locked(change: Change, credit_id: UUID) -> tuple[Invoice, CreditNote]:
    """The credit note behind its invoice, as payments lock them: who settles either is alone with both."""
    seen = await change.row(CreditNote, credit_id, lock=False)
    invoice = await change.row(Invoice, seen.invoice_id)
    note = await change.row(CreditNote, credit_id)
    await require_within_scope(change, CreditNote, credit_id)
    expect_version(change.actor, note)
    return invoice, note


def _decided(change: Change, note: CreditNote, reason: str) -> None:
    note.decided_by, note.decided_at, note.decision_reason = change.actor.person_id, change.now, reason
    change.write(note)
