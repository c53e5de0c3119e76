"""The day by which an invoice is paid, as that happens from which its payment terms count."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from portal.invoicing.events import InvoiceDueMoved
from portal.invoicing.queries import days_of, match_lines, orders_of
from portal.invoicing.rules import OF_GOODS, Happened, came_on, due_day, earliest, paid_on, terms_of
from portal.invoicing.states import S
from portal.invoicing.tables import Invoice
from portal.organisations.queries import terms
from portal.platform.actor import Actor
from portal.platform.calendar import local_date
from portal.platform.work import Change, changing

OVER = (S.DRAFT, S.REJECTED, S.SETTLED)


async def date_first(change: Change, invoice: Invoice, lines: Sequence[Any], zone: str) -> None:
    """At submission. A due date that the supplier did not claim follows what has happened since the draft."""
    agreed, today = terms_of(invoice), local_date(change.now, zone)
    happened = await _happened(change, invoice, lines, zone, today)
    claimed = invoice.due_date if invoice.due_date != invoice.earliest_due else None
    # What an invoice may claim itself does not count from its receipt, which its author cannot know.
    invoice.earliest_due = earliest(agreed, happened._replace(invoice_receipt=None))
    invoice.due_date = claimed or invoice.earliest_due
    _set(invoice, happened)
    invoice.payable_on = paid_on(invoice.due_date, invoice.terms_due or invoice.earliest_due)
    keep_due(change, invoice)


async def follow_goods(actor: Actor, invoice_id: UUID) -> Invoice:
    """Count again from the day the goods came, were accepted or the service was done, after that was booked or undone.

    Nothing is noted if it is the same. An earlier day that somebody accepted stays.
    """
    async with changing(actor, Invoice, invoice_id) as (change, invoice):
        if terms_of(invoice).base in OF_GOODS:
            await _count_again(change, invoice)
    return invoice


async def follow_statement(actor: Actor, invoice_id: UUID, day: date | None) -> Invoice:
    """Count again from the day of the first statement of account that tells of it; None: none does, or not any more."""
    async with changing(actor, Invoice, invoice_id) as (change, invoice):
        if terms_of(invoice).base == "statement" and invoice.stated_on != day and invoice.state not in OVER:
            invoice.stated_on = day
            await _count_again(change, invoice)
    return invoice


async def _count_again(change: Change, invoice: Invoice) -> None:
    if invoice.state in OVER or invoice.submitted_at is None:
        return
    agreement = await terms(change, invoice.buyer_id, invoice.supplier_id)
    assert agreement is not None, "an invoice always has its trading relationship"
    zone = agreement.buyer.time_zone
    lines = await match_lines(change, invoice)
    happened = await _happened(change, invoice, lines, zone, local_date(invoice.submitted_at, zone))
    if due_day(terms_of(invoice), happened).base == invoice.base_date:
        return
    _set(invoice, happened)
    if not await change.value(_ACCEPTED, invoice.id):
        invoice.payable_on = paid_on(invoice.due_date, invoice.terms_due or invoice.earliest_due)
    keep_due(change, invoice)
    change.write(invoice)
    for order in await orders_of(change, invoice.id):
        event = InvoiceDueMoved(invoice.id, order.id, invoice.base_date, invoice.payable_on)
        change.record(event, invoice, root_id=order.id)


_ACCEPTED = """
select exists (select from match_exception where invoice_id = $1 and kind = 'terms' and resolution = 'accepted')
"""


def keep_due(change: Change, invoice: Invoice) -> None:
    """Note by which day it is to be paid from now on, none while that is open; what was so before stays told."""
    due = invoice.payable_on.isoformat() if invoice.terms_due is not None else None
    if not invoice.due_days or invoice.due_days[-1]["due"] != due:
        invoice.due_days = [*invoice.due_days, {"since": change.now.isoformat(), "due": due}]


def _set(invoice: Invoice, happened: Happened) -> None:
    due = due_day(terms_of(invoice), happened)
    invoice.base_date, invoice.terms_due = due.base, due.day


async def _happened(change: Change, invoice: Invoice, lines: Sequence[Any], zone: str, got: date) -> Happened:
    """The days that the terms may ask for; `got` is when the buyer got the invoice."""
    base = terms_of(invoice).base
    told: dict[str, date | None] = {"statement": invoice.stated_on}
    if base in OF_GOODS:
        days = await days_of(change, base, [line.order_line_id for line in lines], zone)
        told[base] = came_on(base, lines, days, got)
    return Happened(invoice.issue_date, got, **told)
