"""The lines of a draft: from what was proposed or named, checked all at once, to rows and totals."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from portal.invoicing.commands.advance import set_advance, undue
from portal.invoicing.commands.parts import overdrawn, parts_of, set_charges
from portal.invoicing.forms import InvoiceEdit, InvoiceLineForm, PartForm
from portal.invoicing.queries import Billable, OrderHead
from portal.invoicing.rules import net_of, totals_of
from portal.invoicing.tables import Invoice, InvoiceLine
from portal.platform.decimals import ZERO, total
from portal.platform.fields import Amount, Line
from portal.platform.i18n import Message, _
from portal.platform.ids import new_id
from portal.platform.money import AmountTooLarge, decimals
from portal.platform.refusals import FieldError, Invalid
from portal.platform.totals import Totals, rate_problem


class Billing(NamedTuple):
    """One order line and what the supplier bills of it."""

    of: Billable
    quantity: Decimal
    unit_price: Decimal
    tax_category: str
    tax_rate: Decimal
    allowances: Sequence[PartForm] = ()
    charges: Sequence[PartForm] = ()

    @classmethod
    def as_ordered(cls, line: Billable, quantity: Decimal) -> "Billing":
        return cls(line, quantity, line.unit_price, line.tax_category, line.tax_rate)


def named(forms: Sequence[InvoiceLineForm], known: Mapping[UUID, Billable]) -> list[Billing]:
    """What the supplier wrote line by line; raises Invalid naming each line that is not of the order."""
    errors = [
        FieldError(f"lines.{number}.order_line_id", _("This is no line of what you invoice."))
        for number, form in enumerate(forms)
        if form.order_line_id not in known
    ]
    if errors:
        raise Invalid(errors=errors)
    return [_billing(known[form.order_line_id], form) for form in forms]


def rows_of(invoice: Invoice, billings: Sequence[Billing]) -> list[dict[str, Any]]:
    """The rows to insert; raises Invalid with the problems of all lines."""
    errors: list[FieldError] = []
    rows = [_row(invoice, number, billing, errors) for number, billing in enumerate(billings, start=1)]
    if errors:
        raise Invalid(errors=errors)
    return rows


def set_totals(invoice: Invoice, lines: Sequence[Any]) -> None:
    """The invoice's sums; raises Invalid when they are more than any document can carry, or less than nothing."""
    try:
        sums = totals_of(lines, invoice.allowances, invoice.charges, invoice.currency)
    except AmountTooLarge as error:
        raise Invalid.field("lines", error.message) from error
    invoice.lines_net, invoice.allowances_net, invoice.charges_net = sums.lines, sums.allowances, sums.charges
    invoice.net, invoice.tax, invoice.gross = sums.net, sums.tax, sums.gross
    invoice.gross_minor = int(sums.gross.scaleb(decimals(invoice.currency)))
    if wrong := [*overdrawn(invoice, lines, sums), *undue(invoice)]:
        raise Invalid(errors=wrong)


def reckon(head: OrderHead, billings: Sequence[Billing], form: InvoiceEdit) -> Totals:
    """What an invoice of these lines would come to; raises Invalid as saving it would."""
    sketch = Invoice(id=new_id(), supplier_id=head.supplier_id, buyer_id=head.buyer_id, currency=head.currency)
    lines = [InvoiceLine.of(row) for row in rows_of(sketch, billings)]
    set_charges(sketch, lines, form.allowances or (), form.charges or ())
    set_advance(sketch, form)
    set_totals(sketch, lines)
    beside = {"prepaid": sketch.prepaid, "rounding": sketch.rounding}
    return totals_of(lines, sketch.allowances, sketch.charges, head.currency, **beside)


def _billing(line: Billable, form: InvoiceLineForm) -> Billing:
    return Billing(
        line,
        form.quantity,
        form.unit_price,
        form.tax_category or line.tax_category,
        line.tax_rate if form.tax_rate is None else form.tax_rate,
        [*_short(form.allowance, _("Allowance")), *(form.allowances or ())],
        [*_short(form.charge, _("Charge")), *(form.charges or ())],
    )


def _short(amount: Decimal | None, reason: Message) -> list[PartForm]:
    """An amount without a reason of its own (BR-42 and BR-44 ask for one)."""
    return [PartForm(reason=Line(str(reason)), amount=Amount(amount))] if amount else []


def _row(invoice: Invoice, number: int, billing: Billing, errors: list[FieldError]) -> dict[str, Any]:
    line = billing.of
    row = {
        "id": new_id(),
        "invoice_id": invoice.id,
        "supplier_id": invoice.supplier_id,
        "buyer_id": invoice.buyer_id,
        "order_line_id": line.id,
        "line": number,
        **{name: getattr(line, name) for name in _AS_ORDERED},
        **{name: getattr(billing, name) for name in ("quantity", "unit_price", "tax_category", "tax_rate")},
        **dict.fromkeys(("allowance", "charge", "net"), ZERO),
        "allowances": [],
        "charges": [],
    }
    found = _problems(invoice, row, billing)
    errors.extend(FieldError(f"lines.{number - 1}.{field}", message) for field, message in found)
    return row


_AS_ORDERED = (
    "order_id",
    "description",
    "item_number",
    "unit",
    "base_quantity",
    "price_unit",
    "price_factor",
    "discount",
)


def _problems(invoice: Invoice, row: dict[str, Any], billing: Billing) -> list[tuple[str, Any]]:
    """What is wrong with one line; its net amount and what it is made of are set on the way."""
    found = []
    if wrong := rate_problem(row["tax_category"], row["tax_rate"]):
        found.append(("tax_rate", wrong))
    try:
        gross = net_of(InvoiceLine.of(row), invoice.currency)
        for name, sum_name in (("allowances", "allowance"), ("charges", "charge")):
            row[name], wrongs = parts_of(getattr(billing, name), gross, invoice.currency)
            row[sum_name] = total(Decimal(part["amount"]) for part in row[name])
            found += [(sum_name, wrong) for wrong in wrongs]
        row["net"] = net_of(InvoiceLine.of(row), invoice.currency)
    except AmountTooLarge as error:
        found.append(("unit_price", error.message))
    if row["net"] < ZERO:
        found.append(("allowance", _("The allowance is more than the line costs.")))
    return found
