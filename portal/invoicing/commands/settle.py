"""Recording payments: an invoice is settled once its payments and credit notes come to what it asks for."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from portal.access.duties import separate
from portal.invoicing.commands.decide import take
from portal.invoicing.commands.decide_credit import note_settled
from portal.invoicing.commands.paid_to import pay_to
from portal.invoicing.events import InvoicePaidInPart, InvoiceSettled
from portal.invoicing.forms import Settlement
from portal.invoicing.queries import NETTABLE, OrderHead, left_to_pay
from portal.invoicing.states import INVOICE, S
from portal.invoicing.tables import CreditNote, Invoice, Payment
from portal.platform.actor import Actor
from portal.platform.calendar import local_date
from portal.platform.decimals import ZERO, difference, total
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.money import round_amount
from portal.platform.refusals import Conflict, Invalid
from portal.platform.work import Change, changing

_SAME = "select 1 from payment where invoice_id = $1 and paid_on = $2 and reference = $3 and amount = $4"


async def settle(actor: Actor, invoice_id: UUID, form: Settlement) -> Invoice:
    """Record a payment of an approved invoice: all that is left of it, or a part.

    Its own approved credit notes lower what is to be paid, and are settled with it; credit notes of other invoices,
    which are settled already, are netted where the form names them.
    """
    async with changing(actor, Invoice, invoice_id) as (change, invoice):
        orders = await take(change, "pay", invoice, "invoices:settle")
        _require_payment_day(change, invoice, form.date)
        left = await left_to_pay(change, invoice.id)
        netted = await _netted(change, invoice, form.credit_note_ids)
        payment = _payment(change, invoice, form, left, total(note.gross for note in netted))
        whole = payment.amount + payment.credited == left
        for order in orders:
            await separate(change, "invoices:settle", order.id)
        await pay_to(change, payment, form.supplier_account_id)
        await _require_new(change, payment)
        change.add(payment)
        own = await change.rows(CreditNote, "invoice_id = $1 and state = 'approved'", invoice.id) if whole else []
        for note in (*own, *netted):
            note.payment_id = payment.id
            await note_settled(change, note, form.date, form.reference)
        if whole:
            _settle(change, invoice, payment)
        _record(change, invoice, payment, orders)
    return invoice


def _settle(change: Change, invoice: Invoice, payment: Payment) -> None:
    INVOICE.take("settle", invoice, change)
    invoice.settled_by, invoice.settled_at = change.actor.person_id, change.now
    invoice.settled_on, invoice.settlement_reference = payment.paid_on, payment.reference


def _record(change: Change, invoice: Invoice, payment: Payment, orders: Sequence[OrderHead]) -> None:
    change.write(invoice)
    for order in orders:
        told = (invoice.id, order.id, payment.paid_on, payment.reference)
        paid = InvoicePaidInPart(*told, payment.amount, invoice.currency)
        event = InvoiceSettled(*told) if invoice.state == S.SETTLED else paid
        change.record(event, invoice, root_id=order.id)


async def _netted(change: Change, invoice: Invoice, wanted: Sequence[UUID]) -> list[CreditNote]:
    """The credit notes of other invoices that make up a part of this payment."""
    found = await change.rows(CreditNote, f"{NETTABLE} and id = any($4::uuid[])", *_pair(invoice), list(set(wanted)))
    if len(found) < len(set(wanted)):
        message = _("Only approved credit notes of the same supplier, of invoices that are settled, can be netted.")
        raise Invalid.field("credit_note_ids", message)
    return found


def _pair(invoice: Invoice) -> tuple[UUID, UUID, str]:
    return invoice.buyer_id, invoice.supplier_id, invoice.currency


def _payment(change: Change, invoice: Invoice, form: Settlement, left: Decimal, netted: Decimal) -> Payment:
    """The payment as it is asked for; without an amount it is all that is left."""
    amount = difference(left, netted) if form.amount is None else form.amount
    told = {"left": round_amount(max(left, ZERO), invoice.currency), "currency": invoice.currency}
    if netted > left or amount + netted > left:
        raise Invalid.field("amount", _("Only {left} {currency} of it is still to be paid.", **told))
    if amount + netted == ZERO and left > ZERO:
        raise Invalid.field("amount", _("Enter what was paid: {left} {currency} is still open.", **told))
    if round_amount(amount, invoice.currency) != amount:
        raise Invalid.field("amount", _("The amount has more decimals than {currency} has.", currency=invoice.currency))
    return Payment(
        id=new_id(),
        buyer_id=invoice.buyer_id,
        supplier_id=invoice.supplier_id,
        shown_to=invoice.supplier_id,
        invoice_id=invoice.id,
        paid_on=form.date,
        reference=form.reference,
        currency=invoice.currency,
        amount=amount,
        credited=netted,
        created_by=change.actor.person_id,
        created_at=change.now,
    )


async def _require_new(change: Change, payment: Payment) -> None:
    """The same payment is not recorded twice: same day, reference and amount."""
    of = (payment.invoice_id, payment.paid_on, payment.reference, payment.amount)
    if await change.value(_SAME, *of) is not None:
        raise Conflict(
            _("This payment is recorded already: the same amount, day and reference."), subject_id=payment.invoice_id
        )


def _require_payment_day(change: Change, invoice: Invoice, day: date) -> None:
    """A payment was made by today, where whoever notes it is, and not before there was an invoice."""
    if day > local_date(change.now, change.actor.time_zone):
        raise Invalid.field("date", _("A payment is noted once it was made: this day has not come yet."))
    if day < invoice.issue_date:
        raise Invalid.field("date", _("An invoice is not paid before its own date."))
