"""Settling an invoice for which nothing is left to pay, and the credit notes that lower it.

What its credit notes give back beyond that stays agreed, and is the supplier's debt: the payment of another invoice
takes it up, or it is paid back.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from portal.access.duties import separate
from portal.invoicing.events import CreditNoteSettled, InvoiceSettled
from portal.invoicing.queries import OrderHead, orders_of, standing
from portal.invoicing.rules import needed, owed
from portal.invoicing.states import CREDIT, INVOICE
from portal.invoicing.tables import CreditNote, Invoice, Payment
from portal.platform.calendar import local_date
from portal.platform.decimals import ZERO, difference
from portal.platform.work import Change

PERMISSIONS = {"absorb": "credit-notes:approve", "free": "credit-notes:settle"}
_OWN = "invoice_id = $1 and state in ('approved', 'settled') order by id for no key update"


async def own_credits(change: Change, invoice: Invoice) -> list[CreditNote]:
    """The agreed credit notes of an invoice, locked: nothing else takes them up meanwhile."""
    return await change.rows(CreditNote, _OWN, invoice.id)


async def cover(
    change: Change,
    invoice: Invoice,
    orders: Sequence[OrderHead],
    notes: Sequence[CreditNote],
    reference: str,
    *,
    less: Decimal = ZERO,
    day: date | None = None,
) -> bool:
    """Settle it if its payments (without `less`, which is being undone) and credit notes come to what it asks for: of
    what was paid before that is nothing.

    Whether they do is the answer. The invoice is locked.
    """
    paid = difference((await standing(change, invoice.id)).paid, less)
    left = owed(invoice.due, paid, notes)
    if left > ZERO:
        return False
    INVOICE.take("cover", invoice, change)
    await finish(change, invoice, notes, difference(ZERO, left), day or _today(change), reference)
    for order in orders:
        event = InvoiceSettled(invoice.id, order.id, invoice.settled_on, reference)
        change.record(event, invoice, root_id=order.id)
    return True


async def finish(
    change: Change,
    invoice: Invoice,
    notes: Sequence[CreditNote],
    beyond: Decimal,
    day: date,
    reference: str,
    payment: Payment | None = None,
) -> None:
    """Note when it was settled, and set off of its credit notes what it needs: who is needed wholly is settled."""
    invoice.settled_by, invoice.settled_at = change.actor.person_id, change.now
    invoice.settled_on, invoice.settlement_reference = day, reference
    change.write(invoice)
    for note, share in needed(notes, beyond):
        note.set_off = share
        change.write(note)
        if share == note.due:
            note.payment_id = None if payment is None else payment.id
            await credit_settled(change, note, day, reference, verb="settle" if payment else "absorb")


async def credit_settled(change: Change, note: CreditNote, day: date, reference: str, *, verb: str = "settle") -> None:
    """It is taken up wholly: settled on that day and under that reference."""
    orders = await take_credit(change, verb, note)
    for order in orders if verb == "settle" else ():
        await separate(change, "credit-notes:settle", order.id)
    note.settled_by, note.settled_at = change.actor.person_id, change.now
    note.settled_on, note.settlement_reference = day, reference
    change.write(note)
    for order in orders:
        change.record(CreditNoteSettled(note.id, note.invoice_id, order.id, day, reference), note, root_id=order.id)


async def take_credit(change: Change, verb: str, note: CreditNote) -> list[OrderHead]:
    """Take the verb, with its permission on each order that the invoice bills; returns the orders."""
    orders = await orders_of(change, note.invoice_id)
    for order in orders:
        change.require(PERMISSIONS.get(verb, f"credit-notes:{verb}"), order)
    CREDIT.take(verb, note, change)
    return orders


def _today(change: Change) -> date:
    return local_date(change.now, change.actor.time_zone)
