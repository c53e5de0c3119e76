"""The lines and sums of a credit note, and what is kept of it when it is sent."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from portal.invoicing.commands.einvoice import require_e_invoice
from portal.invoicing.forms import CreditLineForm
from portal.invoicing.queries import OrderHead
from portal.invoicing.queries.credit_said import credit_said
from portal.invoicing.queries.credits import credited_before
from portal.invoicing.rules import totals_of
from portal.invoicing.rules.credits import Asked, Credited, Left, Sums, TooMuch, credit, remaining, sums, whole
from portal.invoicing.tables import CreditNote, CreditNoteLine, Invoice, InvoiceLine
from portal.organisations.queries import terms
from portal.platform.decimals import ZERO, difference, total
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.money import decimals
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.totals import Part
from portal.platform.work import Change


class BeyondInvoice(Conflict):
    """More would be credited than was billed less what was credited before; `errors` names the field."""

    title = _("This is more than can be credited")

    def __init__(self, errors: Sequence[FieldError], invoice_id: UUID) -> None:
        super().__init__(errors[0].message, subject_id=invoice_id)
        self.errors = tuple(errors)


async def reckon_credit(
    change: Change,
    note: CreditNote,
    invoice: Invoice,
    lines: Sequence[InvoiceLine],
    forms: Sequence[CreditLineForm] | None,
) -> list[dict[str, Any]]:
    """The lines to insert; the note's sums are set on the way. Raises `BeyondInvoice`, or Invalid for strange lines."""
    before = await credited_before(change, invoice.id)
    left = before.left(lines)
    asked = whole(left) if forms is None else _asked(forms, {each.line.id: each for each in left})
    try:
        credited = credit(note.kind, asked, note.currency)
        _set_charges(note, invoice, any(each.kind == "whole" for each in before.notes))
        billed = totals_of(lines, invoice.allowances, invoice.charges, invoice.currency)
        found = _sums(note, credited, remaining(billed, before.taxes))
    except TooMuch as refusal:
        field = refusal.field if refusal.place is None else f"lines.{refusal.place}.{refusal.field}"
        raise BeyondInvoice([FieldError(field, refusal.message)], invoice.id) from refusal
    if found.gross <= ZERO:
        raise Conflict(_("There is nothing left to credit of invoice {number}.", number=invoice.number))
    _set_sums(note, found)
    note.rounding = _rounding(invoice, before.notes, found.gross)
    return [_row(note, number, each) for number, each in enumerate(credited, start=1)]


def _asked(forms: Sequence[CreditLineForm], known: dict[UUID, Left]) -> list[Asked]:
    errors = [
        FieldError(f"lines.{place}.invoice_line_id", _("This is no line of the invoice."))
        for place, form in enumerate(forms)
        if form.invoice_line_id not in known
    ]
    if errors:
        raise Invalid(errors=errors)
    of = [known[form.invoice_line_id] for form in forms]
    for place, (form, left) in enumerate(zip(forms, of, strict=True)):
        if form.quantity is None and left.quantity <= ZERO:
            message = _("Line {line} is credited already.", line=left.line.line)
            raise BeyondInvoice([FieldError(f"lines.{place}.quantity", message)], left.line.invoice_id)
    return [
        Asked(left, left.quantity if form.quantity is None else form.quantity, form.unit_price)
        for form, left in zip(forms, of, strict=True)
    ]


def _set_charges(note: CreditNote, invoice: Invoice, credited_before: bool) -> None:
    """What is on the whole invoice is credited with the whole of it, once."""
    takes = note.kind == "whole" and not credited_before
    note.allowances, note.charges = (invoice.allowances, invoice.charges) if takes else ([], [])


def _sums(note: CreditNote, credited: Sequence[Credited], left: dict[Any, Any]) -> Sums:
    parts = [Part(each.net, each.left.line.tax_category, each.left.line.tax_rate) for each in credited]
    return sums(parts, _parts(note.allowances), _parts(note.charges), note.currency, left)


def _parts(kept: Sequence[dict[str, str]]) -> list[Part]:
    return msgspec.convert(
        [{"amount": each["amount"], "category": each["tax_category"], "rate": each["tax_rate"]} for each in kept],
        list[Part],
        strict=False,
    )


def _set_sums(note: CreditNote, found: Sums) -> None:
    note.lines_net, note.allowances_net, note.charges_net = found.lines, found.allowances, found.charges
    note.net, note.tax, note.gross = found.net, found.tax, found.gross
    note.gross_minor = int(found.gross.scaleb(decimals(note.currency)))
    note.taxes = msgspec.to_builtins(found.breakdown)


def _rounding(invoice: Invoice, before: Sequence[CreditNote], gross: Decimal) -> Decimal:
    """All that credits an invoice gives back what it was rounded to, no more and no less.

    An invoice that was rounded up is given back so by the last of its credit notes. Of one that was rounded down
    nothing is given back beyond what it was rounded to: what goes beyond is the rounding, which a last credit note
    that is smaller than that cannot bear alone.
    """
    rounded = total((invoice.gross, invoice.rounding))
    credited = total((gross, *(each.gross for each in before)))
    due = rounded if credited == invoice.gross else min(credited, rounded)
    found = difference(due, total((gross, *(each.due for each in before))))
    return max(found, ZERO) if invoice.rounding > ZERO else min(found, ZERO)


_AS_BILLED = (
    "supplier_id", "buyer_id", "order_id", "order_line_id", "description", "item_number", "unit", "base_quantity",
    "price_unit", "price_factor", "discount", "tax_category", "tax_rate",
)  # fmt: skip


def _row(note: CreditNote, number: int, each: Credited) -> dict[str, Any]:
    line = each.left.line
    return {
        "id": new_id(),
        "credit_note_id": note.id,
        "invoice_line_id": line.id,
        "line": number,
        **{name: getattr(line, name) for name in _AS_BILLED},
        **{name: getattr(each, name) for name in ("quantity", "unit_price", "allowance", "charge", "net", "booked")},
    }


async def freeze_credit(
    change: Change, note: CreditNote, rows: Sequence[CreditNoteLine], orders: Sequence[OrderHead]
) -> None:
    """Keep it as the buyer gets it; its document is set from this and never from live rows."""
    agreement = await terms(change, note.buyer_id, note.supplier_id)
    assert agreement is not None, "an invoice always has its trading relationship"
    said = await credit_said(change, note, rows, orders, agreement)
    await require_e_invoice(said, note.id)
    change.sql(
        "insert into credit_note_snapshot (credit_note_id, supplier_id, shown_to, submitted_at, snapshot) "
        "values ($1, $2, $3, $4, $5)",
        *(note.id, note.supplier_id, note.buyer_id, change.now, said),
    )
