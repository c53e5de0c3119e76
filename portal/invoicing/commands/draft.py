"""Drafting: flipping an order or a despatch advice, changing the draft, throwing it away."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from portal.invoicing.commands.advance import set_advance
from portal.invoicing.commands.lines import Billing, named, rows_of, set_totals
from portal.invoicing.commands.parts import set_charges
from portal.invoicing.events import InvoiceCreated, InvoiceDiscarded, InvoiceEdited
from portal.invoicing.forms import InvoiceEdit, InvoiceForm, check_days
from portal.invoicing.queries import (
    BILLABLE,
    FINDINGS,
    HEADS,
    HEADS_BILLED,
    LINES,
    NUMBERED,
    Advised,
    Billable,
    OrderHead,
    Source,
    billable,
    orders_of,
    same_number,
    source,
    turn_of,
)
from portal.invoicing.rules import (
    Happened,
    clash,
    earliest,
    number_key,
    paid_on,
    proposed,
    proposed_of_advice,
    terms_of,
)
from portal.invoicing.states import S
from portal.invoicing.tables import Invoice, InvoiceLine
from portal.platform.actor import Actor
from portal.platform.decimals import ZERO
from portal.platform.i18n import Message, _
from portal.platform.ids import new_id
from portal.platform.problems import Problems
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.work import Change, changing


class NumberTaken(Conflict):
    """The number is on another invoice; `errors` names the field that helps: a reason, or another number."""

    title = _("You have used this invoice number")

    def __init__(self, field: str, message: Message, other_id: UUID) -> None:
        super().__init__(message, subject_id=other_id)
        self.errors = (FieldError(field, message),)


async def create(actor: Actor, form: InvoiceForm) -> Invoice:
    """A draft for an order or a despatch advice. Its number is taken at once; the buyer sees nothing yet."""
    asked = [] if form.order_id is None else [HEADS.of([form.order_id]), BILLABLE.of([form.order_id])]
    taken = (actor.organisation_id, number_key(form.number))
    async with changing(actor, *asked, turn_of(*taken), NUMBERED.of(*taken)) as change:
        found = await source(change, form.order_id, form.despatch_advice_id)
        return await draft(change, found, form, _billings(found, form))


async def draft(
    change: Change, found: Source, form: InvoiceForm, billings: Sequence[Billing], *, sha256: str = ""
) -> Invoice:
    """A new draft over what was found; `sha256` is that of the file that it is made of, if it is."""
    first, actor = found.orders[0], change.actor
    invoice = Invoice(
        id=new_id(),
        supplier_id=first.supplier_id,
        buyer_id=first.buyer_id,
        supplier_name=first.supplier_name,
        buyer_name=first.buyer_name,
        order_id=first.id,
        order_number=first.number,
        despatch_advice_id=form.despatch_advice_id,
        number=form.number,
        currency=first.currency,
        issue_date=form.issue_date,
        payment_days=first.payment_days,
        payment_terms=first.payment_terms,
        terms=first.terms,
        due_days=[],
        exemption_reason=(form.exemption_reason or "").strip(),
        created_by=actor.person_id,
        created_at=change.now,
    )
    _set_due(invoice, form.due_date)
    rows = rows_of(invoice, billings)
    lines = [InvoiceLine.of(row) for row in rows]
    set_charges(invoice, lines, form.allowances or (), form.charges or ())
    set_advance(invoice, form)
    set_totals(invoice, lines)
    await _take_number(change, invoice, form.override_reason)
    change.add(invoice)
    _keep(change, invoice, change.add_all(InvoiceLine, rows), found)
    for order in found.orders:
        change.record(InvoiceCreated(invoice.id, order.id, sha256), invoice, root_id=order.id)
    return invoice


def _keep(change: Change, invoice: Invoice, lines: Sequence[InvoiceLine], found: Source) -> None:
    """What the answer tells of a new draft."""
    billed = {line.order_id for line in lines}
    change.keep(LINES.of(invoice.id), lines)
    change.keep(HEADS_BILLED.of(invoice.id), [order for order in found.orders if order.id in billed])
    change.keep(FINDINGS.of(invoice.id), [])


async def edit(actor: Actor, invoice_id: UUID, form: InvoiceEdit) -> Invoice:
    """Change a draft: what the form leaves out stays; lines and charges are replaced as a whole."""
    async with changing(actor, Invoice, invoice_id) as (change, invoice):
        orders = await _of_draft(change, invoice)
        lines = await change.rows(InvoiceLine, "invoice_id = $1 order by line", invoice.id)
        _set_plain(invoice, form)
        if form.lines is not None:
            known = {line.id: line for line in await billable(change, [order.id for order in orders])}
            rows = rows_of(invoice, named(form.lines, known))
            change.remove_all(lines)
            lines = change.add_all(InvoiceLine, rows)
        set_charges(invoice, lines, form.allowances, form.charges)
        set_advance(invoice, form)
        set_totals(invoice, lines)
        reason = form.override_reason if form.override_reason is not None else invoice.override_reason
        await _take_number(change, invoice, reason)
        change.write(invoice)
        for order in orders:
            change.record(InvoiceEdited(invoice.id, order.id), invoice, root_id=order.id)
    return invoice


async def discard(actor: Actor, invoice_id: UUID) -> None:
    """Throw a draft away; the log keeps what it said, and its number is free again."""
    async with changing(actor, Invoice, invoice_id) as (change, invoice):
        orders = await _of_draft(change, invoice)
        change.remove_all(await change.rows(InvoiceLine, "invoice_id = $1 order by line", invoice.id))
        change.remove_all([invoice])
        for order in orders:
            change.record(InvoiceDiscarded(invoice.id, order.id), invoice, root_id=order.id)


async def _of_draft(change: Change, invoice: Invoice) -> list[OrderHead]:
    """The orders of a draft that its author may still change."""
    change.require("invoices:create", invoice)
    if invoice.state != S.DRAFT:
        raise Conflict(
            _("An invoice that was sent is never changed. Ask the buyer to reject it, then send a new one."),
            subject_id=invoice.id,
        )
    return await orders_of(change, invoice.id)


def _billings(found: Source, form: InvoiceForm) -> list[Billing]:
    """The lines that the form names, or all that can be billed now."""
    if form.lines is not None:
        return named(form.lines, {line.id: line for line in found.lines})
    proposed_ones = [billing for billing in propose(found.lines, found.advice) if billing.quantity > ZERO]
    if not proposed_ones:
        raise Conflict(_("There is nothing to invoice: what was delivered is invoiced already, or nothing was yet."))
    return proposed_ones


def propose(lines: Sequence[Billable], advice: Sequence[Advised] | None = None) -> list[Billing]:
    """For each line what can be billed now, at the order's price; nothing is a quantity of 0."""
    if advice is not None:
        told = {line.order_line_id: line.quantity for line in advice}
        return [Billing.as_ordered(line, proposed_of_advice(line, told[line.id])) for line in lines]
    received = {line.order_id for line in lines if line.received > ZERO}
    return [Billing.as_ordered(line, proposed(line, line.order_id in received)) for line in lines]


def _set_plain(invoice: Invoice, form: InvoiceEdit) -> None:
    """Number and days. A new date moves the due date along, unless the form names that too."""
    if form.issue_date is not None and form.issue_date != invoice.issue_date:
        invoice.issue_date = form.issue_date
        _set_due(invoice, form.due_date or None)
    elif form.due_date is not msgspec.UNSET:
        _set_due(invoice, form.due_date)
    invoice.number = form.number or invoice.number
    if form.exemption_reason is not msgspec.UNSET:
        invoice.exemption_reason = (form.exemption_reason or "").strip()
    try:
        check_days(invoice.issue_date, invoice.due_date)
    except Problems as problems:
        raise Invalid(errors=problems.errors) from problems


def _set_due(invoice: Invoice, claimed: date | None) -> None:
    """When a draft is due: what the supplier claims, else the first day that the terms allow."""
    invoice.earliest_due = earliest(terms_of(invoice), Happened(invoice.issue_date))
    invoice.due_date = claimed or invoice.earliest_due
    invoice.payable_on = paid_on(invoice.due_date, invoice.earliest_due)


async def _take_number(change: Change, invoice: Invoice, reason: str | None) -> None:
    """Reserve the number, or raise NumberTaken. A reason is kept only where it was needed."""
    invoice.number_key = number_key(invoice.number)
    invoice.search = " ".join((invoice.number, invoice.order_number, invoice.supplier_name, invoice.buyer_name)).lower()
    others = await same_number(change, invoice.supplier_id, invoice.buyer_id, invoice.number_key, but=invoice.id)
    found = clash(others, invoice.issue_date, invoice.currency, invoice.gross_minor)
    invoice.override_reason = (reason or "").strip() if found else ""
    if found is None or (invoice.override_reason and not found.certain):
        return
    told = {"number": found.other.number, "day": found.other.issue_date}
    if found.certain:
        message = _("Invoice {number} of {day} is the same: it has this number and this date or amount.", **told)
        raise NumberTaken("number", message, found.other.id)
    message = _("You used this number before, on {number} of {day}. If this is another invoice, say why.", **told)
    raise NumberTaken("override_reason", message, found.other.id)
