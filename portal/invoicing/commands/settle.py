"""Recording payments: an invoice is settled once its payments and credit notes come to what it asks for."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from portal.access.duties import separate
from portal.invoicing.commands.cover import cover, credit_settled, finish, own_credits
from portal.invoicing.commands.decide import take
from portal.invoicing.commands.paid_to import pay_to
from portal.invoicing.events import InvoicePaidInPart, InvoiceSettled
from portal.invoicing.forms import Settlement
from portal.invoicing.queries import NETTABLE, OrderHead, Standing, standing
from portal.invoicing.rules import discount_taken, discounts, owed, terms_of
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

_SAME = """select 1 from payment where invoice_id = $1 and paid_on = $2 and reference = $3 and amount = $4
  and reverses is null and reversed_at is null"""

_HELD = """select payments_held_until from trading_relationship r join organisation b on b.id = r.buyer_id
  where r.buyer_id = $1 and r.supplier_id = $2
    and payments_held_until >= (portal.now() at time zone b.time_zone)::date"""

_TAKEN_UP = "select number from credit_note where id = any($1::uuid[]) and buyer_id = $2 and state = 'settled' limit 1"


async def settle(actor: Actor, invoice_id: UUID, form: Settlement) -> Invoice:
    """Record a payment of an approved invoice: all that is left of it, or a part.

    Its own approved credit notes lower what is to be paid, and are settled with it; credit notes of other invoices,
    which are settled already, are netted where the form names them. What comes to a cash discount within its days
    settles the invoice, and the payment says what was kept back.
    """
    async with changing(actor, Invoice, invoice_id) as (change, invoice):
        orders = await take(change, "pay", invoice, "invoices:settle")
        _require_payment_day(change, invoice, form.date)
        for order in orders:
            await separate(change, "invoices:settle", order.id)
        own = await own_credits(change, invoice)
        if not (form.amount or form.credit_note_ids) and await cover(
            change, invoice, orders, own, form.reference, day=form.date
        ):
            return invoice
        before = await standing(change, invoice.id)
        left = owed(invoice.due, before.paid, own)
        netted = await _netted(change, invoice, form.credit_note_ids)
        payment = _payment(change, invoice, form, left, total(difference(note.due, note.set_off) for note in netted))
        payment.discount = _discount(invoice, payment, left, before)
        await _require_released(change, payment, invoice)
        await pay_to(change, payment, form.supplier_account_id)
        await _require_new(change, payment)
        change.add(payment)
        for note in netted:
            note.payment_id = payment.id
            await credit_settled(change, note, form.date, form.reference)
        if total((payment.amount, payment.credited, payment.discount)) == left:
            INVOICE.take("settle", invoice, change)
            await finish(change, invoice, own, ZERO, form.date, form.reference, payment)
        _record(change, invoice, payment, orders)
    return invoice


async def _require_released(change: Change, payment: Payment, invoice: Invoice) -> None:
    """No money leaves while payments to the supplier are held; credit notes may be netted meanwhile."""
    held_until = await change.value(_HELD, invoice.buyer_id, invoice.supplier_id) if payment.amount else None
    if held_until is not None:
        message = _(
            "Payments to this supplier are held until {day}. Whoever looks after suppliers can release them.",
            day=held_until,
        )
        raise Conflict(message, subject_id=invoice.id)


def _discount(invoice: Invoice, payment: Payment, left: Decimal, before: Standing) -> Decimal:
    now = total((payment.amount, payment.credited))
    due = total((left, before.paid))
    steps = discounts(terms_of(invoice), invoice.base_date, due, invoice.currency)
    taken = discount_taken(steps, left, before.paid, now, (payment.paid_on, before.last))
    return round_amount(taken, invoice.currency)


def _record(change: Change, invoice: Invoice, payment: Payment, orders: Sequence[OrderHead]) -> None:
    change.write(invoice)
    for order in orders:
        told = (invoice.id, order.id, payment.paid_on, payment.reference)
        paid = InvoicePaidInPart(*told, payment.amount, invoice.currency)
        event = InvoiceSettled(*told) if invoice.state == S.SETTLED else paid
        change.record(event, invoice, root_id=order.id)


async def _netted(change: Change, invoice: Invoice, wanted: Sequence[UUID]) -> list[CreditNote]:
    """The credit notes of other invoices that make up a part of this payment, locked: only one payment has them."""
    locked = f"{NETTABLE} and id = any($4::uuid[]) order by id for no key update"
    found = await change.rows(CreditNote, locked, *_pair(invoice), list(set(wanted)))
    if len(found) < len(set(wanted)):
        if number := await change.value(_TAKEN_UP, list(wanted), invoice.buyer_id):
            raise Conflict(_("Credit note {number} is settled already.", number=number), subject_id=invoice.id)
        message = _("Only approved credit notes of the same supplier, of invoices that are settled, can be netted.")
        raise Invalid.field("credit_note_ids", message)
    return found


def _pair(invoice: Invoice) -> tuple[UUID, UUID, str]:
    return invoice.buyer_id, invoice.supplier_id, invoice.currency


def _payment(change: Change, invoice: Invoice, form: Settlement, left: Decimal, netted: Decimal) -> Payment:
    """The payment as it is asked for; without an amount it is all that is left."""
    amount = difference(left, netted) if form.amount is None else form.amount
    told = {"left": round_amount(max(left, ZERO), invoice.currency), "currency": invoice.currency}
    if netted and ZERO < amount <= left < amount + netted:
        rest = round_amount(max(difference(left, netted), ZERO), invoice.currency)
        told |= {"netted": round_amount(netted, invoice.currency), "rest": rest}
        message = _("The credit notes come to {netted} {currency}: {rest} {currency} is left to be paid.", **told)
        raise Invalid.field("amount", message)
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
