"""Undoing a payment that was recorded by mistake: an opposite entry, for a reason that both sides read."""

from collections.abc import Sequence
from uuid import UUID

from portal.access.duties import separate
from portal.invoicing.commands.cover import cover, own_credits, take_credit
from portal.invoicing.commands.decide import take
from portal.invoicing.events import CreditNoteFreed, PaymentReversed
from portal.invoicing.forms import PaymentReversal
from portal.invoicing.queries import OrderHead
from portal.invoicing.states import C
from portal.invoicing.tables import CreditNote, Invoice, Payment
from portal.platform.actor import Actor
from portal.platform.calendar import local_date
from portal.platform.decimals import ZERO, difference, total
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, NotFound
from portal.platform.work import Change, changing

_TAKEN_UP = "payment_id = $1 order by id for no key update"


async def reverse_payment(actor: Actor, invoice_id: UUID, payment_id: UUID, form: PaymentReversal) -> Invoice:
    """Undo a payment, once: what it paid is to be paid again, and the credit notes that it took up are free.

    Nothing is deleted: the opposite entry has the day on which it is made. An invoice whose other credit notes cover it
    all the same stays settled, by them.
    """
    async with changing(actor, Invoice, invoice_id) as (change, invoice):
        orders = await take(change, "reverse", invoice, "invoices:settle")
        payment = await _standing(change, invoice, payment_id)
        for order in orders:
            await separate(change, "invoices:settle", order.id)
        change.add(_opposite(change, payment, form.reason))
        payment.reversed_at = change.now
        change.write(payment)
        await _reopen(change, invoice, orders, payment, form.reason)
        for order in orders:
            told = (payment.id, payment.paid_on, payment.reference, payment.amount, payment.currency, form.reason)
            change.record(PaymentReversed(invoice.id, order.id, *told), invoice, root_id=order.id)
    return invoice


async def _reopen(change: Change, invoice: Invoice, orders: Sequence[OrderHead], payment: Payment, reason: str) -> None:
    """The invoice is approved as before, unless what is left without the payment is nothing."""
    own = await own_credits(change, invoice)
    taken_up = await change.rows(CreditNote, f"invoice_id <> $2 and {_TAKEN_UP}", payment.id, invoice.id)
    for note in taken_up:
        await _free(change, note, reason)
    worth = total((payment.amount, payment.credited, payment.discount))
    agreed = [note for note in own if note.state == C.APPROVED]
    if agreed and await cover(change, invoice, orders, own, agreed[-1].number, less=worth):
        return
    invoice.settled_by = invoice.settled_at = invoice.settled_on = None
    invoice.settlement_reference = ""
    change.write(invoice)
    for note in own:
        if note.payment_id == payment.id:
            await _free(change, note, reason)
        if note.state == C.APPROVED:
            note.set_off = ZERO
            change.write(note)


async def _free(change: Change, note: CreditNote, reason: str) -> None:
    """It can be set off again; what its own invoice took of it stays taken."""
    orders = await take_credit(change, "free", note)
    day = local_date(change.now, change.actor.time_zone)
    note.settled_before = [*note.settled_before, {"since": note.settled_on.isoformat(), "until": day.isoformat()}]
    note.payment_id = note.settled_by = note.settled_at = note.settled_on = None
    note.settlement_reference = ""
    change.write(note)
    for order in orders:
        change.record(CreditNoteFreed(note.id, note.invoice_id, order.id, reason), note, root_id=order.id)


async def _standing(change: Change, invoice: Invoice, payment_id: UUID) -> Payment:
    found = await change.rows(Payment, "id = $1 and invoice_id = $2 and reverses is null", payment_id, invoice.id)
    if not found:
        raise NotFound()
    if found[0].reversed_at is not None:
        raise Conflict(_("This payment was undone already."), subject_id=invoice.id)
    return found[0]


def _opposite(change: Change, payment: Payment, reason: str) -> Payment:
    return Payment(
        id=new_id(),
        buyer_id=payment.buyer_id,
        supplier_id=payment.supplier_id,
        shown_to=payment.shown_to,
        invoice_id=payment.invoice_id,
        paid_on=local_date(change.now, change.actor.time_zone),
        reference=payment.reference,
        currency=payment.currency,
        amount=difference(ZERO, payment.amount),
        credited=difference(ZERO, payment.credited),
        discount=difference(ZERO, payment.discount),
        reverses=payment.id,
        reason=reason,
        created_by=change.actor.person_id,
        created_at=change.now,
    )
