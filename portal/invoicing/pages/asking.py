"""What the buyer will ask about, said to the author of an invoice before it leaves for good."""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.invoicing.commands import Billing, named, propose
from portal.invoicing.forms import InvoiceEdit
from portal.invoicing.pages.sheet import Reading, Sheet
from portal.invoicing.queries import Advised, Billable
from portal.invoicing.rules import CHARGE, questions
from portal.invoicing.tables import Invoice, InvoiceLine
from portal.platform.decimals import ZERO
from portal.platform.i18n import Message, _
from portal.platform.refusals import FieldError, Invalid
from portal.web import Form


def open_of(lines: Sequence[Billable], advice: Sequence[Advised] | None) -> dict[UUID, Decimal]:
    """What of each order line can be billed now."""
    told = {line.order_line_id for line in advice or ()}
    known = lines if advice is None else [line for line in lines if line.id in told]
    return {each.of.id: each.quantity for each in propose(known, advice)}


def asked(sheet: Sheet, read: Reading) -> list[FieldError]:
    """What the buyer will ask about the form as it stands, at its rows; nothing of a form that is not complete."""
    known: dict[UUID, Billable] = {line.id: line for line in sheet.lines}
    try:
        form = read.form(InvoiceEdit)
        billings = named(form.lines or (), known)
    except Invalid:
        return []
    found = _of_lines(billings, sheet.open, sheet.head.currency)
    found += [FieldError(f"charges.{place}", CHARGE) for place, _charge in enumerate(form.charges or ())]
    return list(read.again(found).errors)


def asked_of(invoice: Invoice, billed: Sequence[InvoiceLine], sheet: Sheet) -> list[Message | str]:
    """The same of a draft that is saved, line by line."""
    known = {line.id: line for line in sheet.lines}
    billings = [
        Billing(known[row.order_line_id], row.quantity, row.unit_price, row.tax_category, row.tax_rate)
        for row in billed
        if row.order_line_id in known
    ]
    found = _of_lines(billings, sheet.open, invoice.currency)
    rows = {f"lines.{place}": numbered(sheet, billing.of) for place, billing in enumerate(billings)}
    found += [FieldError(f"charges.{place}", CHARGE) for place, _charge in enumerate(invoice.charges)]
    form = Form(rows_named=rows)
    return [form.told(each) for each in found]


def numbered(sheet: Sheet, line: Billable) -> Message:
    """An order line as people call it."""
    if len(sheet.orders) > 1:
        return _("{order}, line {n}", order=line.order_number, n=line.line)
    return _("Line {n}", n=line.line)


def rows_named(sheet: Sheet, values: Mapping[str, Any]) -> dict[str, Message]:
    """The rows of the grid by the order lines in them."""
    found = {row: sheet.line_of(values, row) for row in Form(values).rows("lines")}
    return {f"lines.{row}": numbered(sheet, line) for row, line in found.items() if line is not None}


def mark(found: Sequence[FieldError], read: Reading) -> str:
    """What the author has seen: whoever changes the form afterwards is asked again."""
    said = "\n".join(f"{name}={value}" for name, value in sorted(read.values.items()))
    return hashlib.sha256(said.encode()).hexdigest()[:16] if found else ""


def _of_lines(billings: Sequence[Billing], left: Mapping[UUID, Decimal], currency: str) -> list[FieldError]:
    return [
        FieldError(f"lines.{place}.{field}", message)
        for place, billing in enumerate(billings)
        for field, message in questions(billing, billing.of, left.get(billing.of.id, ZERO), currency)
    ]
