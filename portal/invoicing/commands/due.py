"""The day by which an invoice is paid, as that happens from which its payment terms count."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from portal.invoicing.events import InvoiceDueMoved
from portal.invoicing.queries import accepted_days, match_lines, orders_of
from portal.invoicing.rules import Happened, came_on, due_day, earliest, paid_on, terms_of
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
    goods = await _goods(change, agreed.base, lines, zone, today)
    claimed = invoice.due_date if invoice.due_date != invoice.earliest_due else None
    invoice.earliest_due = earliest(agreed, Happened(invoice.issue_date, None, goods))
    invoice.due_date = claimed or invoice.earliest_due
    _set(invoice, Happened(invoice.issue_date, today, goods))
    invoice.payable_on = paid_on(invoice.due_date, invoice.terms_due or invoice.earliest_due)


async def follow_goods(actor: Actor, invoice_id: UUID) -> Invoice:
    """Count again from the day the goods came or the service was done, after that was booked or undone.

    Nothing is noted if it is the same. An earlier day that somebody accepted stays.
    """
    async with changing(actor, Invoice, invoice_id) as (change, invoice):
        agreement = await terms(change, invoice.buyer_id, invoice.supplier_id)
        assert agreement is not None, "an invoice always has its trading relationship"
        agreed, zone = terms_of(invoice), agreement.buyer.time_zone
        if agreed.base != "goods_receipt" or invoice.state in OVER or invoice.submitted_at is None:
            return invoice
        lines = await match_lines(change, invoice)
        got = local_date(invoice.submitted_at, zone)
        goods = await _goods(change, agreed.base, lines, zone, got)
        if goods == invoice.base_date:
            return invoice
        _set(invoice, Happened(invoice.issue_date, got, goods))
        if not await change.value(_ACCEPTED, invoice.id):
            invoice.payable_on = paid_on(invoice.due_date, invoice.terms_due or invoice.earliest_due)
        change.write(invoice)
        for order in await orders_of(change, invoice.id):
            event = InvoiceDueMoved(invoice.id, order.id, invoice.base_date, invoice.payable_on)
            change.record(event, invoice, root_id=order.id)
    return invoice


_ACCEPTED = """
select exists (select from match_exception where invoice_id = $1 and kind = 'terms' and resolution = 'accepted')
"""


def _set(invoice: Invoice, happened: Happened) -> None:
    due = due_day(terms_of(invoice), happened)
    invoice.base_date, invoice.terms_due = due.base, due.day


async def _goods(change: Change, base: str, lines: Sequence[Any], zone: str, got: date) -> date | None:
    """The day all that is billed had come or was done, if the terms ask for it."""
    if base != "goods_receipt":
        return None
    days = await accepted_days(change, [line.order_line_id for line in lines], zone)
    return came_on(lines, days, got)
